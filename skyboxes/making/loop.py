# SPDX-License-Identifier: GPL-3.0-or-later
"""An animated sky: each light on each layer of cloud is rendered once, then the layers drift and the lights flash.

Light adds up, so that a flash of any strength is the image of its light times that strength. The film is put
together by `film.py`, in the Python that is named in SKYAR_ENGINE_PYTHON.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .measure import measure_sky
from .recipe import SKYBOXES, WORK
from .render import prepare_scene, render_pixels, with_closed_seam, write_exr, write_thumbnail
from .sky_toml import write_sky_toml
from .world import Colour, SkyWorld


@dataclass(frozen=True)
class Flash:
    """Lightning in a cloud.

    Attributes:
        place: km east (right), north (forward) and up.
        colour: linear, of what cloud 1 km away scatters at strength 1.
        reach: km in which its light fades to 1/e, besides growing thinner with the distance.
        strokes: time in seconds from the loop's beginning, strength and seconds in which it fades to 1/e.
        bolt: whether it is seen to strike the ground.
    """

    place: Colour
    colour: Colour
    reach: float
    strokes: tuple[tuple[float, float, float], ...]
    bolt: bool = False

    @property
    def inputs(self) -> dict[str, object]:
        """For the shader `cloud_layer`."""
        return {"FlashPlace": self.place, "FlashLight": self.colour, "FlashReach": self.reach}


@dataclass(frozen=True)
class Layer:
    """Cloud at one altitude.

    Attributes:
        altitude: km of what drifts, the cloud's underside.
        build: adds the layer to a world; lit by the flash that is given, or by the day where none is.
        open: adds it unlit, so that what is behind it shows how much comes through; None for the layer farthest back.
    """

    altitude: float
    build: Callable[[SkyWorld, Flash | None], None]
    open: Callable[[SkyWorld], None] | None = None


@dataclass(frozen=True)
class Loop:
    """An animated sky: its layers from far to near, its lightning, and how it moves.

    ``wind`` is in km/s to the right and forward; ``peak`` is the brightest scene-linear value of the film.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    layers: tuple[Layer, ...]
    flashes: tuple[Flash, ...]
    wind: tuple[float, float]
    seconds: int = 6
    rate: int = 24
    peak: float = 4.0
    rain: bool = False
    thumbnail_at: float = 0.0


def main(loop: Loop, samples: int = 1, seed: int = 1) -> None:
    """Command line of an animated sky."""
    parser = argparse.ArgumentParser(description=f"Makes the sky “{loop.title}”.")
    parser.add_argument("--size", type=int, default=3072, help="width in pixels; the height is half of it")
    parser.add_argument("--samples", type=int, default=samples, help="samples of each pixel")
    parser.add_argument("--seed", type=int, default=seed, help="another seed is another sky of the same kind")
    parser.add_argument("--output", type=Path, default=SKYBOXES / loop.name, help="folder to write to")
    options = parser.parse_args(sys.argv[1:])
    make_loop(loop, options.output.resolve(), options.size, options.samples, options.seed)


def make_loop(loop: Loop, folder: Path, size: int, samples: int, seed: int) -> None:
    """Renders what is missing of the images, puts the film together and writes the sky's folder."""
    python = os.environ.get("SKYAR_ENGINE_PYTHON")
    if not python:
        sys.exit("A film is written by the engine's Python: set SKYAR_ENGINE_PYTHON to it, after `make engine`.")
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    work = WORK / f"{loop.name}-{size}-{samples}-{seed}"
    work.mkdir(parents=True, exist_ok=True)
    for number, layer in enumerate(loop.layers):
        for light, flash in (("day", None), *((f"flash{index}", each) for index, each in enumerate(loop.flashes))):
            _image(
                work / f"{number}-{light}.npy",
                lambda world, layer=layer, flash=flash: layer.build(world, flash),
                (size, samples, seed),
            )
        if layer.open is not None:
            _image(work / f"{number}-open.npy", layer.open, (size, samples, seed))
    (work / "loop.json").write_text(json.dumps(_described(loop, seed)), encoding="utf-8")
    film = Path(__file__).with_name("film.py")
    subprocess.run([python, str(film), str(work), str(folder / "sky.mp4")], check=True)
    first, shown = (np.load(work / f"{name}.npy") for name in ("first", "shown"))
    with tempfile.TemporaryDirectory() as temporary:
        still = Path(temporary) / "shown.exr"
        write_exr(shown, still)
        write_thumbnail(prepare_scene(size, 1, seed), still, folder / "thumbnail.jpg")
    played = {"file": "sky.mp4", "seconds": loop.seconds, "rate": loop.rate, "peak": loop.peak}
    metadata = measure_sky(first)
    write_sky_toml(folder / "sky.toml", loop.name, loop.title, loop.tags, loop.rain, metadata, played)
    shutil.rmtree(work)
    megabytes = (folder / "sky.mp4").stat().st_size / 1e6
    print(f"{loop.name}: {time.monotonic() - started:.0f} s, {megabytes:.1f} MB, {metadata}")


def _described(loop: Loop, seed: int) -> dict[str, object]:
    return {
        "altitudes": [layer.altitude for layer in loop.layers],
        "flashes": [asdict(flash) for flash in loop.flashes],
        "wind": loop.wind,
        "seconds": loop.seconds,
        "rate": loop.rate,
        "peak": loop.peak,
        "thumbnail_at": loop.thumbnail_at,
        "seed": seed,
    }


def _image(path: Path, build: Callable[[SkyWorld], None], render: tuple[int, int, int]) -> None:
    """One light on one layer, (height, width, 3) half floats; what an earlier run made is kept."""
    if path.exists():
        return
    size, samples, seed = render
    scene = prepare_scene(size, samples, seed)
    # The same seed for each: its layers must lie in the same place whatever lights them.
    world = SkyWorld(seed)
    build(world)
    world.finish()
    pixels: NDArray[np.float32] = with_closed_seam(render_pixels(scene))
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.save(file, np.minimum(pixels, 60000).astype(np.float16))
    unfinished.replace(path)
    print(f"{path.stem} is done", flush=True)
