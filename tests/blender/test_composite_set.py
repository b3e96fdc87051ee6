# SPDX-License-Identifier: GPL-3.0-or-later
"""The set that composites are measured on: one tiny pair of it, and what the whole of it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import bpy
import pytest
from blender.shots import ENGINE_PYTHON

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(bpy.app.version < (5, 0), reason="the generator's skies are those of Blender 5")

#: Run by the engine's Python, which reads the images.
COMPARE = """
import json, sys
from pathlib import Path
import numpy as np
from skyar_blender.engine.colour import linear_from_frame
from skyar_blender.evaluation.runs.sky_pairs import find_pairs, read_pair
(pair,) = find_pairs(Path(sys.argv[1]))
pictures = read_pair(pair)
sky = pictures.alpha == 1
shown = linear_from_frame(pictures.truth)
print(json.dumps({
    "names": [pair.scene, pair.old, pair.new],
    "size": pictures.frame.shape,
    "share": float(pictures.alpha.mean()),
    "sky": float(np.abs(shown - np.minimum(pictures.sky, 1))[sky].max()),
    "darker": float(pictures.truth.mean() / pictures.frame.mean()),
    "foreground": float(shown[pictures.alpha == 0].mean()),
}))
"""


def make(folder: Path) -> str:
    script = Path(__file__).with_name("render_pair.py")
    return subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True, text=True
    ).stdout


def test_a_pair_is_made_and_kept(tmp_path: Path) -> None:
    reported = make(tmp_path)
    assert "under overcast" in reported and "under storm" in reported
    (folder,) = tmp_path.glob("*/pair.json")
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        "a.png", "alpha.png", "b.png", "pair.json", "sky_a.exr", "sky_b.exr",
    ]  # fmt: skip
    compared = subprocess.run(
        [ENGINE_PYTHON, "-c", COMPARE, str(tmp_path)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    found = json.loads(compared.stdout)
    assert found["names"][1:] == ["overcast", "storm"] and max(found["size"]) == 64
    assert 0.02 < found["share"] < 0.98 and found["foreground"] > 0
    # Half a code of 8 bits is 0.004 of the light at most, next to white.
    assert found["sky"] < 0.006
    assert found["darker"] < 0.95
    before = folder.read_bytes(), folder.stat().st_mtime_ns
    assert "under" not in make(tmp_path)
    assert (folder.read_bytes(), folder.stat().st_mtime_ns) == before


def test_all_pairs_of_skies_are_equally_often_there() -> None:
    listed = """
import json, sys
sys.path.insert(0, sys.argv[1])
from models.training.scenes.composite_set import SHOTS, sky_pairs
from models.training.scenes.test_set import FIRST_SEED
from models.training.scenes.weather.named import SKIES
pairs = [pair for index in range(len(SHOTS)) for pair in sky_pairs(index)]
assert all(shot.seed >= FIRST_SEED for shot in SHOTS) and {name for pair in pairs for name in pair} == set(SKIES)
print("found", json.dumps([[shot.kind for shot in SHOTS], pairs]))
"""
    reported = subprocess.run(
        [sys.executable, "-c", listed, str(ROOT)], check=True, capture_output=True, text=True
    ).stdout
    kinds, pairs = json.loads(reported.split("found ", 1)[1])
    assert len(set(kinds)) == 6 and len(pairs) == 24
    assert set(Counter(map(tuple, pairs)).values()) == {4}
