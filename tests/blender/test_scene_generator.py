# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene generator, on one tiny scene: exact alpha, repeatable images, the camera it says it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import bpy
import numpy as np
import pytest
from blender.shots import ENGINE_PYTHON

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(bpy.app.version < (5, 0), reason="the generator's skies are those of Blender 5")

#: Run by the engine's Python, which reads the passes.
COMPARE = """
import json, sys
from pathlib import Path
import numpy as np
import OpenEXR
from models.training.scenes.footage.develop import read_light
folder = Path(sys.argv[1])
first, again = (read_light(folder / f"{name}.raw.exr") for name in ("first", "again"))
whole = OpenEXR.File(str(folder / "whole.raw.exr"), separate_channels=True).parts[0].channels
whole = np.stack([next(v.pixels for k, v in whole.items() if k.endswith("Combined." + c)) for c in "RGB"], -1)
both = first["surface"] + first["sky"]
alone = OpenEXR.File(str(folder / "alone.raw.exr")).channels()["RGBA"].pixels[..., :3]
cover = first["cover"]
print(json.dumps({
    "repeated": all(bool((first[key] == again[key]).all()) for key in first),
    "added": float(np.abs(both - whole).max() / whole.max()),
    "cover": [float(cover.min()), float(cover.max())],
    "sky": float(1 - cover.mean()),
    "sky_on_surfaces": float(first["sky"][cover == 1].max(initial=0)),
    "light_in_the_sky": float(np.abs(first["surface"][cover == 0]).max(initial=0)),
    "open_sky": [float(np.abs(s - first["sky"])[cover == 0].mean() / s.mean()) for s in (alone, alone[:, ::-1])],
    "least_alone": float(alone.min()),
    "air": [float(first["air"].min()), float((first["air"] - cover[..., None]).max())],
}))
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict]:
    """What was compared in the rendered passes, and the facts of the view."""
    folder = tmp_path_factory.mktemp("scene")
    script = Path(__file__).with_name("render_scene.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    compared = subprocess.run(
        [ENGINE_PYTHON, "-c", COMPARE, str(folder)], check=True, capture_output=True, text=True, env=environment
    )
    return json.loads(compared.stdout), json.loads((folder / "view.json").read_text(encoding="utf-8"))


def test_foreground_and_sky_add_up_to_the_image(rendered: tuple[dict, dict]) -> None:
    found, _ = rendered
    assert found["added"] < 1e-4
    assert found["sky_on_surfaces"] == 0
    assert found["light_in_the_sky"] == 0


def test_alpha_is_a_share_and_as_estimated(rendered: tuple[dict, dict]) -> None:
    found, view = rendered
    assert 0 <= found["cover"][0] < found["cover"][1] <= 1 + 1e-6
    assert abs(found["sky"] - view["sky"]) < 0.1
    assert found["air"][0] >= 0
    assert found["air"][1] <= 1e-4


def test_the_sky_alone_goes_on_behind_surfaces(rendered: tuple[dict, dict]) -> None:
    same, mirrored = rendered[0]["open_sky"]
    assert same < 0.02
    assert mirrored > 5 * same
    assert rendered[0]["least_alone"] > 0


def test_the_same_seed_gives_the_same_image(rendered: tuple[dict, dict]) -> None:
    assert rendered[0]["repeated"]


def test_the_camera_has_the_rotation_that_is_written_down(rendered: tuple[dict, dict]) -> None:
    rotation = np.array(rendered[1]["rotation"])
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    flipped = np.array(rendered[1]["camera"])[:3, :3] @ np.diag([1, -1, -1])
    np.testing.assert_allclose(flipped, rotation, atol=1e-5)
