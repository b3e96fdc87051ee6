# SPDX-License-Identifier: GPL-3.0-or-later
"""From seeds to folders of frames: build a scene once, then move the camera and the weather through it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import bpy
import numpy as np

from . import shoot
from .cameras.views import DOWN, OPEN, WANTED, View, draw_view
from .clips import draw_clip, draw_kind, shoot_clip
from .materials import Shader
from .places import KINDS
from .places.place import Place
from .weather.choose import add_sunlit_weather, add_weather
from .weather.probe import horizon_colour, probe_sky
from .weather.world import Weather

TOP = Path(__file__).parents[3]
#: So many views in a row share their weather: a new sky costs more than a new place of the camera.
VIEWS_PER_SKY = 3


@dataclass(frozen=True)
class Order:
    """What is wanted; `kind` None draws one for each seed."""

    output: Path
    views: int = 12
    size: int = 384
    samples: int = 8
    kind: str | None = None
    second_sky: bool = False
    panoramas: Path | None = None
    threads: int = 1
    clips: int = 0
    clip_frames: int = 24
    motion: str | None = None
    sunlit: bool = False
    look: str = "level"


def engine_python() -> str:
    """The engine's Python, which stores images: named in SKYAR_ENGINE_PYTHON."""
    python = os.environ.get("SKYAR_ENGINE_PYTHON")
    if not python:
        raise SystemExit(
            "Pictures cannot be stored: that is done by the engine's Python, and none is named. "
            "Set SKYAR_ENGINE_PYTHON to it (.venv/bin/python after `make engine`)."
        )
    return python


def start_developer() -> subprocess.Popen[str]:
    """The process that turns rendered light into files."""
    command = [engine_python(), "-m", "models.training.scenes.footage.develop"]
    return subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, text=True)


def make_scenes(order: Order, seeds: Iterable[int]) -> None:
    """Make all scenes; frames that exist are kept. Prints how fast it goes."""
    began, frames, worked = time.monotonic(), 0, time.process_time()
    with start_developer() as developer:
        assert developer.stdin is not None
        for seed in seeds:
            try:
                frames += make_scene(order, seed, developer.stdin)
            except RuntimeError as problem:
                # One scene in which no camera fits must not end a run of hours.
                print(f"seed {seed} is left out: {problem}", flush=True)
            hours, busy = (time.monotonic() - began) / 3600, (time.process_time() - worked) / 3600
            print(
                f"{frames} frames, {frames / hours:.0f} an hour, {frames / busy:.0f} an hour of one core", flush=True
            )
            if developer.poll() is not None:
                raise SystemExit("The process that stores the pictures has stopped; its message is above.")
        developer.stdin.close()
    if developer.returncode:
        raise SystemExit("The process that stores the pictures has failed; its message is above.")


def build(seed: int, kind: str | None = None, sunlit: bool = False) -> Place:
    """Fill an empty scene; the same seed and kind give the same scene, by day where it is to be ``sunlit``."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    Shader.writes_air = True
    rng = np.random.default_rng((seed, 1))
    names = list(KINDS)
    fractions = np.array([KINDS[name][1] for name in names])
    name = kind or str(rng.choice(names, p=fractions / fractions.sum()))
    make, _, dark = KINDS[name]
    return make(rng, bool(rng.random() < dark) and not sunlit)


def make_scene(order: Order, seed: int, developer: IO[str]) -> int:
    """Render the missing views of one scene; returns how many."""
    folder = (order.output / f"{seed:06d}").resolve()
    missing = [k for k in range(order.views) if not (folder / f"{k:02d}.json").exists()]
    last = f"{order.clip_frames:06d}.json"
    clips = [k for k in range(order.clips) if not (folder / f"clip_{k:02d}" / last).exists()]
    if not missing and not clips:
        return 0
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    place = build(seed, order.kind, order.sunlit)
    shoot.prepare(order.samples, seed, order.threads)
    built = time.monotonic() - began
    weather, sky, current = None, None, -1
    for index in missing:
        if index // VIEWS_PER_SKY != current:
            current = index // VIEWS_PER_SKY
            weather, sky = change_sky(place, np.random.default_rng((seed, 2, current)), order, folder)
        assert weather is not None and sky is not None
        wanted = DOWN if order.look == "down" else OPEN if order.sunlit or order.look == "up" else WANTED
        view = draw_view(place, np.random.default_rng((seed, 3, index)), order.size, wanted, order.look)
        shoot.aim(shoot.camera(view.lens), view.rotation, view.place)
        metadata = describe(seed, place, weather, sky, view) | {"view": index, "film_seed": [seed, 5 + index]}
        metadata |= {"look": order.look}
        print(shoot.write(folder / f"{index:02d}", metadata), file=developer, flush=True)
        if order.second_sky:
            rng = np.random.default_rng((seed, 4, index))
            weather, sky = change_sky(place, rng, order, folder)
            current = -1
            metadata |= describe(seed, place, weather, sky, view) | {"second_sky": True}
            print(shoot.write(folder / f"{index:02d}_second", metadata), file=developer, flush=True)
    for index in clips:
        make_clip(order, seed, index, place, folder, developer)
    took = time.monotonic() - began
    done = len(missing) + len(clips) * order.clip_frames
    print(f"seed {seed}: {place.kind}, built in {built:.1f} s, {done} frames in {took - built:.1f} s", flush=True)
    return done


def make_clip(order: Order, seed: int, index: int, place: Place, folder: Path, developer: IO[str]) -> None:
    """Render one moving clip of a built scene, half of them with motion blur."""
    rng = np.random.default_rng((seed, 6, index))
    kind = order.motion or draw_kind(rng)
    view, path = draw_clip(place, kind, order.clip_frames, order.size, rng)
    weather, sky = change_sky(place, rng, order, folder)
    metadata = describe(seed, place, weather, sky, view) | {"film_seed": [seed, 5]}
    shoot_clip(folder / f"clip_{index:02d}", metadata, kind, view, path, bool(rng.random() < 0.5), developer)


def change_sky(place: Place, rng: np.random.Generator, order: Order, scratch: Path) -> tuple[Weather, Any]:
    """Another weather; returns it and the sky alone, as `probe_sky` sees it."""
    weather = add_sunlit_weather(rng) if order.sunlit else add_weather(rng, place.night, order.panoramas)
    return weather, probe_sky(scratch)


def describe(seed: int, place: Place, weather: Weather, sky: Any, view: View) -> dict[str, Any]:
    """The facts of one frame that are known before it is developed."""
    forward = view.rotation[:, 2]
    azimuth = float(np.arctan2(forward[0], forward[1]))
    return {
        "seed": seed,
        "kind": place.kind,
        "night": place.night,
        "scene": place.about,
        "stand": view.stand,
        "width": view.lens.width,
        "height": view.lens.height,
        "focal_mm": round(view.lens.focal_mm, 4),
        "focal_px": round(view.lens.focal_px, 4),
        "rotation": np.round(view.rotation, 9).tolist(),
        "place": np.round(view.place, 5).tolist(),
        "sky": {"kind": weather.kind, "sun_azimuth_elevation": weather.sun, **weather.about},
        "haze": round(weather.haze, 1),
        "horizon": [round(c, 6) for c in horizon_colour(sky, azimuth)],
    }
