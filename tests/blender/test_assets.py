# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups in the Asset Browser: written, listed, used by hand, removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import drawn
from blender.shots import HEIGHT, WIDTH, new_scene, rendered, select, skyar, strips

NAMES = [
    "SkyAR Composite",
    "SkyAR Composite Wet",
    "SkyAR Edge",
    "SkyAR Foreground",
    "SkyAR Grain",
    "SkyAR Haze",
    "SkyAR Light",
]
NAMES += ["SkyAR Light Wrap", "SkyAR Sky"]


def libraries() -> list[tuple[str, str]]:
    return [(library.name, library.path) for library in bpy.context.preferences.filepaths.asset_libraries]


@pytest.fixture
def folder() -> Iterator[Path]:
    """The library's folder, after the operator has filled it in a fresh file."""
    new_scene()
    assert bpy.ops.skyar.add_assets() == {"FINISHED"}
    yield skyar("addon.nodes.assets").assets_folder()
    if bpy.ops.skyar.remove_assets.poll():
        bpy.ops.skyar.remove_assets()


def blend(folder: Path) -> str:
    (path,) = folder.glob("*.blend")
    return str(path)


def load(folder: Path, *names: str) -> list[Any]:
    """Node groups of the library, appended to a fresh file."""
    with bpy.data.libraries.load(blend(folder), assets_only=True) as (_, wanted):
        wanted.node_groups = list(names)
    return list(wanted.node_groups)


def test_a_library_with_a_catalog(folder: Path) -> None:
    assert libraries().count(("SkyAR", str(folder))) == 1
    lines = (folder / "blender_assets.cats.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "VERSION 1"
    (entry,) = [line.split(":") for line in lines[1:] if line]
    assert entry[1:] == ["SkyAR", "SkyAR"]
    new_scene()
    with bpy.data.libraries.load(blend(folder), assets_only=True) as (there, _):
        assert set(NAMES) <= set(there.node_groups)
    for group in load(folder, *NAMES):
        assert group.asset_data.catalog_id == entry[0]
        assert group.asset_data.description and group.asset_data.author
        assert group.asset_data.license == "GPL-3.0-or-later"
        assert "sky" in group.asset_data.tags
        assert all(item.description for item in group.interface.items_tree if item.item_type == "SOCKET")


def test_every_group_is_there(folder: Path) -> None:
    """A new file in the folder of groups is in the library without further ado."""
    groups = Path(str(skyar("addon.nodes.groups").__file__)).parent
    with bpy.data.libraries.load(blend(folder), assets_only=True) as (there, _):
        assert len(there.node_groups) == len([path for path in groups.glob("*.py") if path.name != "__init__.py"])


def test_the_open_file_stays_as_it_is() -> None:
    new_scene()
    edited = skyar("addon.nodes.groups.edge").GROUP.tree()
    edited.nodes.clear()
    other = bpy.data.node_groups.new("SkyAR Haze", "GeometryNodeTree")
    assert bpy.ops.skyar.add_assets() == {"FINISHED"}
    try:
        assert sorted(tree.name for tree in bpy.data.node_groups) == ["SkyAR Edge", "SkyAR Haze"]
        assert (edited.name, other.name) == ("SkyAR Edge", "SkyAR Haze")
        assert skyar("addon.nodes.groups.edge").GROUP.tree() == edited
        assert edited.asset_data is None and not edited.nodes
        new_scene()
        (fresh,) = load(skyar("addon.nodes.assets").assets_folder(), "SkyAR Edge")
        assert len(fresh.nodes) > 5  # not the edited one
    finally:
        bpy.ops.skyar.remove_assets()


def test_again_changes_nothing(folder: Path) -> None:
    listed, files = libraries(), sorted(path.name for path in folder.iterdir())
    catalogs = folder / "blender_assets.cats.txt"
    catalogs.write_text(catalogs.read_text() + "b6f1c1a0-8a38-4b0f-a2a5-6d9e6f2f8a11:Mine:Mine\n", encoding="utf-8")
    text = catalogs.read_text()
    assert bpy.ops.skyar.add_assets() == {"FINISHED"}
    assert libraries() == listed
    assert sorted(path.name for path in folder.iterdir()) == files
    assert catalogs.read_text() == text


def test_a_library_taken_along_from_another_blender(folder: Path, tmp_path: Path) -> None:
    bpy.ops.skyar.remove_assets()
    before = tmp_path.joinpath(*folder.parts[-3:])
    bpy.context.preferences.filepaths.asset_libraries.new(name="SkyAR", directory=str(before))
    bpy.ops.skyar.add_assets()
    assert [path for name, path in libraries() if name.startswith("SkyAR")] == [str(folder)]


def test_removed(folder: Path) -> None:
    others = [entry for entry in libraries() if entry[0] != "SkyAR"]
    assert bpy.ops.skyar.remove_assets() == {"FINISHED"}
    assert libraries() == others
    assert not folder.exists()
    assert not bpy.ops.skyar.remove_assets.poll()


def test_what_the_user_put_there_stays(folder: Path) -> None:
    mine = folder / "mine.blend"
    mine.write_bytes(b"mine")
    try:
        assert bpy.ops.skyar.remove_assets() == {"FINISHED"}
        assert mine.exists() and not list(folder.glob("skyar*"))
        assert ("SkyAR", str(folder)) in libraries()
    finally:
        mine.unlink()
        bpy.ops.skyar.add_assets()


def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    bpy.ops.skyar.remove_assets()
    folder.write_text("in the way")
    try:
        with pytest.raises(RuntimeError, match="could not be written"):
            bpy.ops.skyar.add_assets()
        assert not any(name == "SkyAR" for name, _ in libraries())
        assert not bpy.data.node_groups
    finally:
        folder.unlink()


def test_buttons_in_the_preferences() -> None:
    preferences = skyar("addon.preferences.preferences")
    layout = drawn(preferences.SkyarPreferences, **_values(preferences.preferences()))
    assert layout.operators("skyar.add_assets") and layout.operators("skyar.remove_assets")


def _values(settings: Any) -> dict[str, Any]:
    names = (
        "bl_rna",
        "skies_folder",
        "output_pattern",
        "matting_weights",
        "engine_python",
        "torch_build",
        "wandb_mode",
    )
    return {name: getattr(settings, name) for name in names}


def test_by_hand(folder: Path, tmp_path: Path) -> None:
    """The composite between two images and a matte, none of SkyAR's making; nothing else is connected or set."""
    scene = new_scene()
    (group,) = load(folder, "SkyAR Composite")
    compat = skyar("addon.compat")
    shot = bpy.data.scenes.new("By hand")
    shot.render.resolution_x, shot.render.resolution_y = WIDTH, HEIGHT
    shot.view_settings.view_transform = "Standard"
    shot.render.dither_intensity = 0
    compat.full_precision(shot)
    tree = compat.make_compositor_tree(shot, "By hand")
    node = tree.nodes.new("CompositorNodeGroup")
    node.node_tree = group
    matte = np.zeros((HEIGHT, WIDTH))
    matte[HEIGHT // 2 :] = 1.0  # Blender counts rows from below
    matte[:, WIDTH // 2 :] *= 0.5
    ground, sky = (0.2, 0.3, 0.1), (0.1, 0.4, 0.8)
    for name, picture in (("Footage", ground), ("Matte", matte), ("Sky", sky)):
        image = bpy.data.images.new(name, WIDTH, HEIGHT, float_buffer=True)
        image.colorspace_settings.name = "Non-Color" if name == "Matte" else "Linear Rec.709"
        pixels = np.ones((HEIGHT, WIDTH, 4), np.float32)
        pixels[..., :3] = picture[..., None] if isinstance(picture, np.ndarray) else picture
        image.pixels.foreach_set(pixels.ravel())
        shown = tree.nodes.new("CompositorNodeImage")
        shown.image = image
        tree.links.new(shown.outputs["Image"], node.inputs[name])
    tree.links.new(node.outputs[0], compat.output_node(tree).inputs[0])
    node.inputs["Light Wrap"].default_value = 0.0
    select(scene, strips(scene).new_scene("Result", shot, 1, 1))
    picture = (rendered(scene, 1) / 255)[::-1]
    for where, fraction in (((5, 5), 0.0), ((HEIGHT - 5, 5), 1.0), ((HEIGHT - 5, WIDTH - 5), 0.5)):
        mixed = np.array(ground) * (1 - fraction) + np.array(sky) * fraction
        expected = np.where(mixed <= 0.0031308, mixed * 12.92, 1.055 * mixed ** (1 / 2.4) - 0.055)
        assert np.abs(picture[where] - expected).max() <= 1.5 / 255, where


def test_the_skies_are_worlds(folder: Path) -> None:
    skies = {sky.title: sky for sky in skyar("common.sky_library").list_skies()}
    new_scene()
    with bpy.data.libraries.load(blend(folder), assets_only=True) as (there, wanted):
        assert set(there.worlds) == {*skies, "Made to Measure"}
        wanted.worlds = list(there.worlds)
    for world in wanted.worlds:
        assert world.preview is not None and world.preview.image_size[0] > 0
        if world.name == "Made to Measure":
            assert skyar("addon.skies.made_to_measure").controls_of(world) is not None
            continue
        sky = skies[world.name]
        assert world.asset_data.license == "CC0-1.0"
        assert set(sky.tags) <= {tag.name for tag in world.asset_data.tags}
        (image,) = [node.image for node in world.node_tree.nodes if node.type == "TEX_ENVIRONMENT"]
        assert Path(bpy.path.abspath(image.filepath)).samefile(sky.image)


def test_worlds_of_the_open_file_stay(folder: Path) -> None:
    new_scene()
    mine = bpy.data.worlds.new("Sunset")
    images = set(bpy.data.images)
    assert bpy.ops.skyar.add_assets() == {"FINISHED"}
    assert mine.name == "Sunset" and mine.asset_data is None
    assert [world for world in bpy.data.worlds if world.asset_data] == []
    assert set(bpy.data.images) == images
