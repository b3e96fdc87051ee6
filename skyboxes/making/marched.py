# SPDX-License-Identifier: GPL-3.0-or-later
"""From a recipe of air, sun and clouds to the folder of a sky: `sky.exr`, `sky.toml`, `thumbnail.jpg`.

Rows are rendered in tiles that wait on the disk, so that a sky that was stopped goes on.
"""

import argparse
import math
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .air import Air
from .beams import Beams
from .drift import ROWS, WIDTH, Drift, nearness, write_drift
from .exr import read_exr, write_exr, write_thumbnail
from .finish import add_sun, bloom, capped, grained, paled, saturated, soft_horizon, with_ground, without_specks
from .march import Clouds, Look
from .measure import measure_sky
from .noise import noise_volume
from .shapes import Field
from .sky_light import SkyLight
from .sky_toml import write_sky_toml

SKYBOXES = Path(__file__).parents[1]
WORK = SKYBOXES.parent / "build" / "skies"
_TILE = 64

Image = NDArray[np.float32]
#: Adds something behind the clouds: (sky's image so far, first row, width, left column, light) -> the image.
Behind = Callable[[Image, int, int, int, SkyLight], Image]


@dataclass(frozen=True)
class Layer:
    """A layer of cloud.

    Attributes:
        shape: from a seed.
        lit, sky: parts of the sun's and the sky's light that reach it, for what is above it.
        sun: elevation that it is lit from, where it is not the sun's: high layers see a low sun from below.
    """

    shape: Callable[[int], Field]
    look: Look
    lit: float = 1.0
    sky: float = 1.0
    sun: float | None = None


@dataclass(frozen=True)
class Sky:
    """A recipe.

    Attributes:
        sun: azimuth and elevation, degrees.
        exposure: what the sun's irradiance above the air is worth; 5 shows lit clouds white.
        balance, saturation: of the camera.
        layers: far (high) to near (low).
        behind: made from the seed, before the layers.
        disc: radiance of the sun's disc, 0 for none; `glare` of its spread light;
            `most` the luminance that nothing else exceeds;
            `least` the part of the disc that shines through any cloud.
        shadowed: part of the light of the air that clouds keep away, below the altitude `deck`, km.
        beams: haze below the nearest layer, in which the sun's beams are seen.
        horizon_blur, horizon_across: degrees by which the horizon is blurred up and down, and then to the sides.
        ground: its colour; `level` the loss of the file.
        bends: the earth bends under a low sun: it stands higher over what lies towards it.
        drift: the wind in which the clouds drift, none for a sky that stands still.
        turn: degrees that all is turned to the right in the end, the sun too.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    sun: tuple[float, float]
    air: Air
    exposure: float = 5.0
    balance: tuple[float, float, float] = (0.96, 1.0, 1.1)
    saturation: float = 1.25
    layers: tuple[Layer, ...] = ()
    behind: Callable[[int], Behind] | None = None
    disc: float = 400.0
    glare: float = 1.0
    most: float = 2.8
    least: float = 0.0
    shadowed: float = 0.0
    deck: float = 1.2
    beams: Beams | None = None
    horizon_blur: float = 0.0
    horizon_across: float = 0.0
    ground: tuple[float, float, float] = (0.14, 0.15, 0.12)
    grain: float = 0.006
    rain: bool = False
    level: float = 45.0
    seed: int = 1
    turn: float = 0.0
    bends: bool = False
    drift: Drift | None = None
    finish: Callable[[Image], Image] | None = None


class Scene:
    """A recipe with all its tables."""

    def __init__(self, sky: Sky, seed: int) -> None:
        self.sky = sky
        self.light = SkyLight(sky.air, sky.sun, sky.exposure, sky.balance, sky.shadowed, sky.deck, sky.bends)
        volume = noise_volume(seed)
        self.layers = [
            (
                layer,
                Clouds(
                    layer.shape(seed + 10 * n),
                    layer.look,
                    volume,
                    (sky.sun[0], sky.sun[1] if layer.sun is None else layer.sun),
                ),
            )
            for n, layer in enumerate(sky.layers)
        ]
        self.behind = sky.behind(seed) if sky.behind else None
        self.open = sky.beams.open(self.layers[-1][1]) if sky.beams else None

    def part(self, first: int, last: int, width: int, left: int = 0, columns: int | None = None) -> Image:
        """Rows of the panorama, (rows, columns, 5): light, how much cloud is before the sky, and how near it is.

        The last is 1/km times the cover, where a faster wind counts as nearer.
        """
        columns = columns or width
        light = self.light
        image = light.clear(first, last, width, left, columns)
        drift = self.sky.drift
        cover, near = np.zeros(image.shape[:2], np.float32), np.zeros(image.shape[:2], np.float32)
        if self.behind is not None:
            if drift is not None:
                cover, near = self._behind_cover(image.shape, first, width, left)
            image = self.behind(image, first, width, left, light)
        hidden = np.zeros_like(cover)
        for number, (layer, clouds) in enumerate(self.layers):
            sun = light.suns.copy()
            sun[..., 1:] *= layer.lit
            ground = light.ground(shade=0.4)
            seen = clouds.rows(first, last, width, left, columns, sun, layer.sky * light.mean, ground)
            light.before(image, seen, first, width, left)
            near *= 1 - seen[..., 3]
            near += seen[..., 3] * 1000 / np.maximum(seen[..., 4], 100) * (drift.part(number) if drift else 1.0)
            cover, hidden = (1 - (1 - each) * (1 - seen[..., 3]) for each in (cover, hidden))
        if self.sky.beams is not None and self.open is not None:
            self.sky.beams.put_before(image, first, width, self.layers[-1][1], self.open, light)
        planes = [image, hidden[..., None]]
        return np.concatenate([*planes, *([cover[..., None], near[..., None]] if drift else [])], axis=2)

    def _behind_cover(self, shape: tuple[int, ...], first: int, width: int, left: int) -> tuple[Image, Image]:
        """Cover of what is behind the layers, and that times how near it is, as a layer at 9 km."""
        assert self.behind is not None and self.sky.drift is not None
        black, white = (
            self.behind(np.full(shape, value, np.float32), first, width, left, self.light) for value in (0, 8)
        )
        cover = np.clip(1 - (white - black).mean(axis=2) / 8, 0, 1).astype(np.float32)
        elevation = 90 * (1 - (first + np.arange(shape[0]) + 0.5) * 4 / width)
        near = np.sin(np.radians(np.maximum(elevation, 2))) / 9.0 * self.sky.drift.behind
        return cover, np.asarray(cover * near[:, None], np.float32)

    def still(self, hidden: Image) -> Image:
        """The clear sky with the sun's glare, (ROWS, WIDTH, 3); `hidden` (ROWS, WIDTH) is what clouds cover."""
        image = self.light.clear(0, ROWS, WIDTH, 0, WIDTH)
        if self.sky.beams is not None and self.open is not None:
            even = np.full_like(self.open, self.open.mean())
            self.sky.beams.put_before(image, 0, WIDTH, self.layers[-1][1], even, self.light)
        shift = round(self.sky.turn / 360 * WIDTH)
        return self._developed(np.roll(image, shift, axis=1), np.roll(hidden, shift, axis=1), 0.0)

    def finished(self, upper: Image, cover: Image, seed: int = 1) -> Image:
        """The whole panorama of its upper half."""
        sky = self.sky
        shift = round(sky.turn / 360 * upper.shape[1])
        upper = self._developed(np.roll(upper, shift, axis=1), np.roll(cover, shift, axis=1), sky.disc)
        upper = grained(upper, sky.grain, seed)
        ground = saturated(self.light.ground(sky.ground, 0.3)[None].astype(np.float32), sky.saturation)[0]
        whole = with_ground(upper, np.minimum(ground, 0.35))
        return soft_horizon(whole, sky.horizon_blur, sky.horizon_across) if sky.horizon_blur else whole

    def _developed(self, upper: Image, cover: Image, disc: float) -> Image:
        """The upper half as a camera has it, with a sun of that radiance."""
        sky = self.sky
        sun = ((sky.sun[0] + sky.turn + 180) % 360 - 180, sky.sun[1])
        if sky.saturation != 1:
            upper = saturated(upper, sky.saturation)
        # Cloud before a low sun: over white all the same, and nothing but the disc is as bright as the disc.
        upper = without_specks(capped(upper, sky.most))
        if sky.disc:
            colour = np.maximum(self.light.sunlight[0, 1:], 1e-4)
            add_sun(upper, cover, *sun, colour, disc, sky.glare, sky.least)
        upper = bloom(upper) if sky.disc else capped(bloom(upper), 2.8)
        if sky.finish is not None:
            upper = sky.finish(upper)
        return paled(upper)


def command_line(name: str, title: str, seed: int, drifts: bool = False) -> argparse.Namespace:
    """What a recipe is started with: `size`, `seed`, `output`, and `drift`."""
    parser = argparse.ArgumentParser(description=f"Makes the sky “{title}”.")
    parser.add_argument("--size", type=int, default=8192, help="width in pixels; the height is half of it")
    parser.add_argument("--seed", type=int, default=seed, help="another seed is another sky of the same kind")
    parser.add_argument("--output", type=Path, default=SKYBOXES / name, help="folder to write to")
    parser.set_defaults(drift=False)
    if drifts:
        parser.add_argument(
            "--drift", action="store_true", help="write drift.exr alone, for which a size of 1024 will do"
        )
    return parser.parse_args()


def main(sky: Sky) -> None:
    """Makes the sky of a recipe, from the command line."""
    options = command_line(sky.name, sky.title, sky.seed, sky.drift is not None and not sky.drift.closed)
    make_sky(sky, options.output, options.size, options.seed, options.drift)


def make_sky(sky: Sky, folder: Path, size: int, seed: int, drift_alone: bool = False) -> None:
    """Renders a sky and writes its folder, or `drift.exr` alone; what was there under the same names is replaced."""
    started = time.process_time()
    folder.mkdir(parents=True, exist_ok=True)
    work = WORK / f"{sky.name}-{size}-{seed}"
    work.mkdir(parents=True, exist_ok=True)
    scene = Scene(sky, seed)
    rows = size // 4
    tiles = []
    for first in range(0, rows, _TILE):
        path = work / f"{first}.npy"
        if not path.exists():
            last = min(first + _TILE, rows)
            waiting = path.with_suffix(".part.npy")
            np.save(waiting, scene.part(first, last, size).astype(np.float16))
            waiting.rename(path)
            print(f"{sky.name}: {last} of {rows} rows, {time.process_time() - started:.0f} s", flush=True)
        tiles.append(np.load(path).astype(np.float32))
    whole = np.concatenate(tiles)
    if sky.drift is not None and not sky.drift.closed:
        save_drift(scene, whole, folder)
    if not drift_alone:
        image = scene.finished(np.ascontiguousarray(whole[..., :3]), whole[..., 3], seed)
        drift = sky.drift.described() if sky.drift else None
        save_sky(image, folder, sky.name, sky.title, sky.tags, sky.rain, sky.level, drift)
    shutil.rmtree(work)
    print(f"{sky.name}: {time.process_time() - started:.0f} s of processor time")


def save_drift(scene: Scene, whole: Image, folder: Path) -> None:
    """Writes `drift.exr` of a sky's parts, (rows, width, 6), as `Scene.part` gives them."""
    assert scene.sky.drift is not None
    small = [cv2.resize(whole[..., k], (WIDTH, ROWS), interpolation=cv2.INTER_AREA) for k in (3, 4, 5)]
    shift = round(scene.sky.turn / 360 * WIDTH)
    cover, near = (np.roll(each, shift, axis=1) for each in (small[1], small[2]))
    write_drift(folder / "drift.exr", scene.still(small[0]), cover, nearness(cover, near, scene.sky.drift.height))
    print(f"{scene.sky.name}: drift.exr, {(folder / 'drift.exr').stat().st_size / 1e6:.2f} MB")


def save_sky(
    image: Image, folder: Path, name: str, title: str, tags: tuple[str, ...], rain: bool = False,
    level: float = 45.0, drift: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """Writes the folder of a panorama (height, width, 3); `level` is the loss of its compression."""
    folder.mkdir(parents=True, exist_ok=True)
    write_exr(image, folder / "sky.exr", level)
    stored = read_exr(folder / "sky.exr")
    write_thumbnail(stored, folder / "thumbnail.jpg")
    metadata = measure_sky(stored)
    write_sky_toml(folder / "sky.toml", name, title, tags, rain, metadata, drift=drift)
    print(f"{name}: {(folder / 'sky.exr').stat().st_size / 1e6:.1f} MB, {metadata}")


def direction(azimuth: float, elevation: float) -> tuple[float, float, float]:
    """Unit vector (x right, y forward, z up) of a direction in degrees."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)
