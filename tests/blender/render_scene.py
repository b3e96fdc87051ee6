# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders one tiny generated scene three times: with a transparent film, again, and with the sky in place.

Run on its own, because building a scene empties Blender: `render_scene.py FOLDER`. Writes first, again, whole
and alone, the sky without anything before it (.raw.exr), and view.json there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import bpy
import numpy as np

from models.training.scenes import shoot
from models.training.scenes.cameras.views import draw_view
from models.training.scenes.generate import Order, build, change_sky

SEED = 12


def main(folder: Path) -> None:
    """Render a shore, whose images have sky, land and water."""
    for name in ("first", "again"):
        place = build(SEED, "shore")
        # Undenoised, for then every pass is a plain sum over the same samples.
        shoot.prepare(4, SEED, threads=2, denoise=False)
        change_sky(place, np.random.default_rng(SEED), Order(folder), folder)
        rng = np.random.default_rng(1)
        view = next(v for v in (draw_view(place, rng, 64) for _ in range(50)) if 0.2 < v.sky < 0.8)
        shoot.aim(shoot.camera(view.lens), view.rotation, view.place)
        shoot.write(folder / name, {})
    shoot.write_sky(folder / "alone", 4)
    bpy.context.scene.render.film_transparent = False
    shoot.write(folder / "whole", {})
    matrix = np.array(bpy.context.scene.camera.matrix_world)
    metadata = {"rotation": view.rotation.tolist(), "camera": matrix.tolist(), "sky": view.sky}
    (folder / "view.json").write_text(json.dumps(metadata), encoding="utf-8")


main(Path(sys.argv[1]))
