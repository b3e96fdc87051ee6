# SPDX-License-Identifier: GPL-3.0-or-later
"""The sky made to measure: its sliders, its way through Replace Sky, and the sun that goes with the shot."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import drawn
from blender.shots import new_scene, saved_shot, select, skyar, strips

WIDTH = 128


@pytest.fixture
def world(tmp_path: Path) -> Any:
    """In a saved file, chosen as the sky."""
    scene = new_scene()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    assert bpy.ops.skyar.make_to_measure() == {"FINISHED"}
    return scene.skyar.sky_world


def sky(world: Any, width: int = WIDTH, **sliders: float) -> np.ndarray:
    """(height, width, 3), first row straight up; sliders are named with underscores, others stay as they are."""
    inputs = skyar("addon.skies.made_to_measure").controls_of(world).inputs
    for name, value in sliders.items():
        inputs[name.replace("_", " ")].default_value = value
    path = skyar("addon.skies.sky_world").bake_world(world.name, width)
    image = bpy.data.images.load(str(path), check_existing=False)
    found = np.empty(image.size[0] * image.size[1] * image.channels, np.float32)
    image.pixels.foreach_get(found)
    width, height = image.size
    bpy.data.images.remove(image)
    return found.reshape(height, width, -1)[::-1, :, :3]


def upper(image: np.ndarray) -> np.ndarray:
    return image[: len(image) // 2]


def test_the_sliders_do_what_they_say(world: Any) -> None:
    whole = sky(world, 512, Cover=0.0, Cirrus=0.0, Sun_Height=30.0, Sun_Direction=40.0)
    row, column = np.unravel_index(whole.sum(axis=2).argmax(), whole.shape[:2])
    pixel = 360 / 512
    assert 90 - (row + 0.5) * pixel == pytest.approx(30, abs=pixel)
    assert ((column + 0.5) * pixel - 180) == pytest.approx(40, abs=pixel)
    clear = sky(world)
    assert np.isfinite(clear).all() and clear.min() >= 0
    away = upper(clear)[:, :40].reshape(-1, 3)
    assert np.median(away[:, 2]) > 1.4 * np.median(away[:, 0])  # blue
    brighter = sky(world, Exposure=1.0)
    assert np.median(brighter / clear) == pytest.approx(2, rel=0.01)
    cloudy = upper(sky(world, Exposure=0.0, Cover=0.9, Kind=0.8))[:, :40].reshape(-1, 3)
    assert np.median(cloudy[:, 2]) < 1.25 * np.median(cloudy[:, 0])  # grey
    assert cloudy.std() > 0.02
    one = sky(world, Cover=0.5, Kind=0.2)
    assert np.abs(sky(world, Seed=7.0) - one).mean() > 0.02
    low = sky(world, Cover=0.0, Sun_Height=1.0)
    at_sun = low[WIDTH // 4 - 3, int((40 + 180) / 360 * WIDTH)]
    assert at_sun[0] > 1.5 * at_sun[2]  # red
    dark = upper(sky(world, Sun_Height=-12.0, Stars=0.0))
    assert dark.mean() < 0.1 * upper(clear).clip(0, 1).mean()
    top = slice(0, 512 // 6)  # over the afterglow
    assert sky(world, 512, Stars=2.0)[top].max() > 2 * sky(world, 512, Stars=0.0)[top].max()


def test_what_looks_the_same_has_the_same_file(world: Any) -> None:
    bake = skyar("addon.skies.sky_world").bake_world
    assert bake(world.name, 64) == bake(world.name, 64)


@pytest.mark.parametrize(("shot", "width"), [(64, 512), (960, 2560), (1920, 5120), (4096, 8192)])
def test_as_wide_as_the_shot_needs(shot: int, width: int) -> None:
    assert skyar("addon.skies.made_to_measure").width_for(shot) == width


def test_the_panel(world: Any) -> None:
    panel = skyar("addon.panels.made_to_measure").SEQUENCER_PT_skyar_made_to_measure
    layout = drawn(panel)
    assert layout.operators("skyar.match_shot") and not layout.operators("skyar.make_to_measure")
    bpy.context.scene.skyar.sky_world = None
    layout = drawn(panel)
    assert layout.operators("skyar.make_to_measure") and not layout.operators("skyar.match_shot")


def test_no_result_no_match(world: Any) -> None:
    assert not bpy.ops.skyar.match_shot.poll()


def test_the_sky_of_a_shot_and_its_sun(media: Path, tmp_path: Path) -> None:
    scene = saved_shot(media, tmp_path, 5, (2, 5))
    bpy.ops.skyar.make_to_measure()
    name = scene.skyar.sky_world.name
    known: dict[str, Any] = {
        "quality": "draft",
        "matte_method": "adaptive",
        "motion": "STATIC",
        "find_horizon": False,
    }
    done = bpy.ops.sequencer.skyar_replace_sky(
        sky_world=name, output="//out", horizon=0.5, light_from=math.radians(150), **known
    )
    assert done == {"FINISHED"}
    (result,) = [strip for strip in strips(scene) if strip.type == "SCENE"]
    select(scene, result)
    folder = tmp_path / "out"
    before = json.loads((folder / "report.json").read_text())["figures"]["sun"]
    assert before["new_sun_at"] == pytest.approx(40, abs=2)
    assert bpy.ops.skyar.match_shot() == {"FINISHED"}
    assert bpy.ops.sequencer.skyar_change_sky(sky_world=name, output="//matched") == {"FINISHED"}
    after = json.loads((tmp_path / "matched" / "report.json").read_text())["figures"]["sun"]
    assert after["new_sun_at"] == pytest.approx(150, abs=2)
