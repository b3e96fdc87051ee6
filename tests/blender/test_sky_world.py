# SPDX-License-Identifier: GPL-3.0-or-later
"""A World as the sky: rendered to a panorama with the same parts in the same places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.cameras import line_at, meridian, save_panorama, show_panorama
from blender.shots import new_scene, rendered, saved_shot, skyar

WIDTH = 256


@pytest.fixture
def panorama(tmp_path: Path) -> str:
    return save_panorama(tmp_path / "line.png", meridian)


def pixels_of(path: str | Path, linear: bool) -> np.ndarray:
    image = bpy.data.images.load(str(path), check_existing=False)
    if not linear:
        image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    found = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(found)
    bpy.data.images.remove(image)
    return found.reshape(height, width, -1)[..., :3]


def bake(name: str) -> Path:
    return skyar("addon.skies.sky_world").bake_world(name, WIDTH)


def test_the_same_parts_in_the_same_places(panorama: str, tmp_path: Path) -> None:
    scene = new_scene()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    show_panorama(scene, panorama)
    before = [len(each) for each in (bpy.data.scenes, bpy.data.cameras, bpy.data.objects)]
    path = bake("Panorama")
    assert [len(each) for each in (bpy.data.scenes, bpy.data.cameras, bpy.data.objects)] == before
    assert path.parent == tmp_path / "skyar" / "worlds"
    baked = pixels_of(path, linear=True)
    assert baked.shape == (WIDTH // 2, WIDTH, 3)
    source = pixels_of(panorama, linear=False).astype(np.float64)
    source = np.where(source <= 0.04045, source / 12.92, ((source + 0.055) / 1.055) ** 2.4)
    rows, columns = (
        ((np.arange(count) + 0.5) * have / count).astype(int)
        for count, have in zip(baked.shape[:2], source.shape[:2], strict=True)
    )
    difference = np.abs(source[rows][:, columns] - baked)
    assert np.median(difference) < 0.002 and difference.mean() < 0.02
    assert bake("Panorama") == path  # what looks the same has the same file
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.5
    assert bake("Panorama") != path and path.is_file()


def test_a_world_that_is_not_there(tmp_path: Path) -> None:
    new_scene()
    with pytest.raises(skyar("contract.errors").SkyarError) as caught:
        bake("Nowhere")
    assert "Nowhere" in caught.value.what and "Worlds of this file" in caught.value.why


def test_the_sky_of_a_shot(media: Path, tmp_path: Path, panorama: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skyar("addon.skies.sky_world"), "WIDTH", WIDTH)
    scene = saved_shot(media, tmp_path, 5, (2, 5))
    replace = bpy.ops.sequencer.skyar_replace_sky
    known: dict[str, Any] = {"quality": "draft", "matte_method": "adaptive", "motion": "STATIC"}
    assert replace(sky_file=panorama, output="//file", **known) == {"FINISHED"}
    expected = rendered(scene, 8)
    world = bpy.data.worlds.new("Mine")
    world.use_nodes = True
    tree = world.node_tree
    texture = tree.nodes.new("ShaderNodeTexEnvironment")
    texture.image = bpy.data.images.load(panorama)
    tree.links.new(texture.outputs["Color"], tree.nodes["Background"].inputs["Color"])
    assert replace(sky_world="Mine", output="//world", **known) == {"FINISHED"}
    job = json.loads((tmp_path / "world" / "job.json").read_text())
    assert Path(job["sky"]["source"]).parent == tmp_path / "skyar" / "worlds"
    assert line_at(rendered(scene, 8)) == pytest.approx(line_at(expected), abs=0.5)
