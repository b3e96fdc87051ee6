# SPDX-License-Identifier: GPL-3.0-or-later
"""From a recipe to the folder of a sky: `sky.exr`, `sky.toml`, `thumbnail.jpg`."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .measure import measure_sky
from .objects import Light, render_objects
from .render import prepare_scene, read_pixels, render_pixels, with_closed_seam, write_exr, write_thumbnail
from .sky_toml import write_sky_toml
from .world import SkyWorld

SKYBOXES = Path(__file__).parents[1]
#: Renders of objects wait here until their sky is done, so that what was stopped goes on.
WORK = SKYBOXES.parent / "build" / "skies"


@dataclass(frozen=True)
class Objects:
    """Geometry of a sky: what adds it to a scene, what lights it, and samples of each pixel."""

    build: Callable[[], None]
    light: Light
    samples: int = 48


@dataclass(frozen=True)
class Recipe:
    """A sky: how it is called and the function that adds its layers to a world.

    Where it has ``objects``, their images are `SkyWorld.objects` when the layers are added.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    build: Callable[[SkyWorld], None]
    objects: Objects | None = None
    rain: bool = False
    denoise: bool = True
    quality: int = 99


def main(recipe: Recipe, samples: int = 1, seed: int = 1) -> None:
    """Command line of a recipe."""
    parser = argparse.ArgumentParser(description=f"Makes the sky “{recipe.title}”.")
    parser.add_argument("--size", type=int, default=4096, help="width in pixels; the height is half of it")
    parser.add_argument("--samples", type=int, default=samples, help="samples of each pixel")
    parser.add_argument("--seed", type=int, default=seed, help="another seed is another sky of the same kind")
    parser.add_argument("--output", type=Path, default=SKYBOXES / recipe.name, help="folder to write to")
    options = parser.parse_args(sys.argv[1:])
    make_sky(recipe, options.output, options.size, options.samples, options.seed)


def make_sky(recipe: Recipe, folder: Path, size: int, samples: int, seed: int) -> None:
    """Renders a sky and writes its folder; what was there under the same names is replaced."""
    started = time.monotonic()
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    work, images = WORK / f"{recipe.name}-{size}-{seed}", None
    if recipe.objects is not None:
        given = recipe.objects
        images = render_objects(given.build, given.light, size, given.samples, seed, work)
    scene = prepare_scene(size, samples, seed, recipe.denoise)
    world = SkyWorld(seed, images)
    recipe.build(world)
    world.finish()
    pixels = render_pixels(scene)
    write_exr(with_closed_seam(pixels) if recipe.denoise else pixels, folder / "sky.exr", recipe.quality)
    write_thumbnail(scene, folder / "sky.exr", folder / "thumbnail.jpg")
    metadata = measure_sky(read_pixels(folder / "sky.exr"))
    write_sky_toml(folder / "sky.toml", recipe.name, recipe.title, recipe.tags, recipe.rain, metadata)
    megabytes = (folder / "sky.exr").stat().st_size / 1e6
    if images is not None:
        shutil.rmtree(work)
    print(f"{recipe.name}: {time.monotonic() - started:.0f} s, {megabytes:.1f} MB, {metadata}")
