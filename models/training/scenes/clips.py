# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving clips through a built scene: every frame with its exact alpha and camera, blurred by its motion or not."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import bpy
import numpy as np

from . import shoot
from .cameras.keyed import add_camera
from .cameras.moves import MOVES, move
from .cameras.views import View, cast, draw_view
from .places.place import Place

RATE = 24


def draw_clip(place: Place, kind: str, frames: int, size: int, rng: np.random.Generator) -> tuple[View, Any]:
    """A view with some sky and a path from there that runs into nothing."""
    for _ in range(60):
        view = draw_view(place, rng, size)
        if not 0.05 < view.sky < 0.9 or (kind == "vehicle" and abs(view.rotation[2, 2]) > 0.3):
            continue
        path = move(kind, view.rotation, view.place, frames, RATE, rng)
        ends = [
            cast(path.place[k], path.rotation[k], view.lens, (7, 5)) for k in range(0, frames, max(1, frames // 6))
        ]
        clear = min(float(far.min()) for far in ends) > 0.7
        if clear and min(float(np.isinf(far).mean()) for far in ends) > 0.02:
            return view, path
    raise RuntimeError(f"No camera can move by “{kind}” in this scene ({place.kind}).")


def shoot_clip(
    folder: Path, metadata: dict[str, Any], kind: str, view: View, path: Any, blur: bool, developer: IO[str]
) -> None:
    """Render the missing frames to `folder`/000001.* and on; all are exposed like the first."""
    scene = bpy.context.scene
    still = scene.camera
    camera = add_camera(path, view.lens.focal_px, view.lens.width)
    camera.data.clip_end = 60000.0
    scene.render.resolution_x, scene.render.resolution_y = view.lens.width, view.lens.height
    scene.render.use_motion_blur = blur
    scene.render.motion_blur_shutter = 0.4
    seed = scene.cycles.seed
    for index in range(len(path.place)):
        name = f"{index + 1:06d}"
        if (folder / f"{name}.json").exists():
            continue
        scene.frame_set(index + 1)
        scene.cycles.seed = seed + index
        about = metadata | {
            "frame": index + 1,
            "rate": RATE,
            "motion": kind,
            "motion_blur": blur,
            "rotation": np.round(path.rotation[index], 9).tolist(),
            "place": np.round(path.place[index], 5).tolist(),
        }
        if index:
            about["exposed_like"] = "000001.json"
        print(shoot.write(folder / name, about), file=developer, flush=True)
    scene.cycles.seed, scene.render.use_motion_blur = seed, False
    scene.camera = still
    bpy.data.objects.remove(camera)


def draw_kind(rng: np.random.Generator) -> str:
    """A kind of motion."""
    return str(rng.choice(MOVES))
