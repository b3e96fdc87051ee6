# SPDX-License-Identifier: GPL-3.0-or-later
"""The same shots under two skies each, to measure compositing on: old sky, new sky, and the truth."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from . import shoot
from .cameras.views import View, draw_view
from .generate import TOP, build, describe, engine_python
from .places.place import Place
from .weather.named import SKIES
from .weather.probe import probe_sky

#: Old and new sky; a scene takes four of these, beginning with the next one, so that all are equally often there.
SKY_PAIRS = (
    ("noon", "sunset"),
    ("sunset", "overcast"),
    ("overcast", "blue"),
    ("day", "night"),
    ("blue", "storm"),
    ("cloudy", "alien"),
)
PAIRS_PER_SCENE = 4


@dataclass(frozen=True)
class Shot:
    """One scene by its seed and kind, and one of its views."""

    seed: int
    kind: str
    view: int


#: Long edges between sky and leaves, wires, masts, roofs or rocks; all by daylight, without lit lamps.
SHOTS = (
    Shot(100_201, "mountains", 1),
    Shot(100_201, "park", 5),
    Shot(100_201, "village", 5),
    Shot(100_200, "shore", 17),
    Shot(100_200, "city", 8),
    Shot(100_200, "highway", 9),
)


def sky_pairs(scene: int) -> list[tuple[str, str]]:
    """The pairs of skies of the scene with this place in :data:`SHOTS`."""
    return [SKY_PAIRS[(scene + k) % len(SKY_PAIRS)] for k in range(PAIRS_PER_SCENE)]


def make_composite_set(folder: Path, size: int = 640, samples: int = 24, threads: int = 1) -> None:
    """Render what is missing and write `folder`/KIND_OLD_to_NEW for each pair; `size` is the long side."""
    folder = folder.resolve()
    for index, shot in enumerate(SHOTS):
        frames = folder / "frames" / shot.kind
        targets = {pair: folder / f"{shot.kind}_{pair[0]}_to_{pair[1]}" for pair in sky_pairs(index)}
        missing = {pair: target for pair, target in targets.items() if not (target / "pair.json").exists()}
        if not missing:
            continue
        began = time.monotonic()
        _render(shot, list(dict.fromkeys(name for pair in missing for name in pair)), frames, size, samples, threads)
        for (old, new), target in missing.items():
            module = "models.training.scenes.footage.pairs"
            subprocess.run([engine_python(), "-m", module, frames, old, new, target], cwd=TOP, check=True)
        shutil.rmtree(frames)
        print(f"{shot.kind} {shot.seed}: {len(missing)} pairs in {time.monotonic() - began:.0f} s", flush=True)


def _render(shot: Shot, names: list[str], folder: Path, size: int, samples: int, threads: int) -> None:
    """Render the shot under each of the skies `names` that `folder` does not have yet."""
    wanted = [name for name in names if not (folder / f"{name}.raw.facts").exists()]
    if not wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    place = build(shot.seed, shot.kind)
    if place.night:
        raise RuntimeError(f"Scene {shot.seed} has its lamps lit, which no other sky puts out.")
    shoot.prepare(samples, shot.seed, threads)
    # Where surface and sky share a pixel the denoiser may mix them; there the plain samples are taken.
    bpy.context.view_layer.cycles.denoising_store_passes = True
    view = draw_view(place, np.random.default_rng((shot.seed, 3, shot.view)), size)
    camera = shoot.camera(view.lens)
    shoot.aim(camera, view.rotation, view.place)
    for name in wanted:
        _under(name, shot, place, view, folder, samples)


def _under(name: str, shot: Shot, place: Place, view: View, folder: Path, samples: int) -> None:
    began = time.monotonic()
    forward = view.rotation[:, 2]
    heading = float(np.degrees(np.arctan2(forward[0], forward[1])))
    weather = SKIES[name](np.random.default_rng((shot.seed, 9, list(SKIES).index(name))), heading)
    metadata = describe(shot.seed, place, weather, probe_sky(folder), view) | {"view": shot.view}
    shoot.write_sky(folder / f"{name}_alone", samples)
    # Its facts are written last and say that all of this sky is there.
    shoot.write(folder / name, metadata)
    print(f"{shot.kind} {shot.seed} under {name}: {time.monotonic() - began:.0f} s", flush=True)
