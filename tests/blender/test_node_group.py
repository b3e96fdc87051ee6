# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Composite" against its definition, computed here with NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.make_arrays import FRAMES, HAZE, STOPS, TINT, made_matte, made_plate, made_sky
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_images,
    add_movie,
    group_inputs,
    make_media,
    new_scene,
    rendered,
    show_result,
    skyar,
)

FRAME = 4


@pytest.fixture
def result(media: Path) -> tuple[Any, Any, np.ndarray]:
    """Scene, Scene strip, and the footage scene-linear (height, width, 3), for frame ``FRAME``; light, wrap and
    clean edges off."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    footage = linear(rendered(scene, FRAME) / 255)
    shown = show_result(scene, strip)
    inputs = group_inputs(shown)
    for name in ("Light Wrap", "Recolour", "Relight", "Clean Edges", "Grain Amount"):
        inputs[name].default_value = 0.0
    return scene, shown, footage


def linear(display: np.ndarray) -> np.ndarray:
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def display(scene_linear: np.ndarray) -> np.ndarray:
    value = np.clip(scene_linear, 0, 1)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


def composite(footage: np.ndarray, matte: np.ndarray, *, sky_stops: float = 0, stops: float = 0):
    cover = matte[..., None]
    return footage * 2**stops * (1 - cover) + made_sky(FRAME, FRAMES, WIDTH, HEIGHT) * 2**sky_stops * cover


def check(scene: Any, expected: np.ndarray, tolerance: float = 1.5) -> None:
    """``tolerance`` is out of 255."""
    assert np.abs(rendered(scene, FRAME) - display(expected) * 255).max() <= tolerance


def test_inputs_are_labelled_bounded_and_explained(result: tuple[Any, Any, np.ndarray]) -> None:
    group = bpy.data.node_groups["SkyAR Composite"]
    sockets = {item.name: item for item in group.interface.items_tree if item.item_type == "SOCKET"}
    assert list(sockets)[:7] == ["Image", "Footage", "Matte", "Sky", "Clean Plate", "Sky Visibility", "Grain"]
    assert set(list(sockets)[7:]) == {
        *("Exposure Match", "Shot Exposure"),
        *("Mix", "Sky Exposure", "Sky Blur", "Light Wrap", "Light Wrap Radius", "Haze", "Haze Colour"),
        *("Foreground Exposure", "Recolour", "Tint", "Relight", "Light Change", "Light Falloff"),
        *("Matte Shift", "Matte Feather", "Clean Edges", "Grain Amount", "Grain Colour", "Area"),
    }
    assert all(socket.description for socket in sockets.values())
    look = skyar("contract.job").Look()
    for name, low, high, default in (
        ("Mix", 0, 1, look.mix),
        ("Recolour", 0, 1, look.recolour),
        ("Relight", 0, 1, look.relight),
        ("Light Falloff", 0, 1, look.light_falloff),
        ("Clean Edges", 0, 1, 0),
        ("Haze", 0, 1, look.haze),
        ("Sky Blur", 0, 50, look.sky_blur),
        ("Light Wrap", 0, 1, look.light_wrap),
        ("Sky Exposure", -10, 10, look.sky_exposure),
        ("Exposure Match", 0, 1, look.exposure_match),
        ("Foreground Exposure", -10, 10, look.foreground_exposure),
        ("Matte Shift", -50, 50, look.matte_shift),
        ("Matte Feather", 0, 50, look.matte_feather),
    ):
        socket = sockets[name]
        assert (socket.min_value, socket.max_value) == (low, high)
        assert socket.default_value == pytest.approx(default)


@pytest.mark.parametrize("depth", [8, 16])
def test_off_means_off(media: Path, tmp_path: Path, depth: int) -> None:
    """With light and edges off, what the matte calls foreground is the source, bit by bit."""
    scene = new_scene()
    if depth == 8:
        strip = add_movie(scene, media / "landscape.mkv")
    else:
        names = [f"deep_{number:04d}.png" for number in range(1, FRAME + 2)]
        size = {"width": WIDTH, "height": HEIGHT}
        make_media({"make": "pictures", "folder": str(tmp_path), "names": names, "kind": "deep", **size})
        strip = add_images(scene, tmp_path, names)
    before = rendered(scene, FRAME, depth)
    result = show_result(scene, strip)
    # Alpha Over of the sequencer itself moves 16-bit values by one in Blender 5.2.
    result.blend_type = "REPLACE"
    inputs = group_inputs(result)
    for name in ("Light Wrap", "Recolour", "Relight", "Foreground Exposure", "Haze", "Matte Shift", "Matte Feather"):
        inputs[name].default_value = 0.0
    for clean in (0.0, 1.0):
        inputs["Clean Edges"].default_value = clean
        after = rendered(scene, FRAME, depth)
        ground = made_matte(FRAME, WIDTH, HEIGHT) == 0
        assert ground.mean() > 0.3
        assert np.array_equal(after[ground], before[ground])
        assert np.abs(after - before)[~ground].max() > 20


def test_results_share_one_group(media: Path) -> None:
    scene = new_scene()
    for channel in (1, 4):
        show_result(scene, add_movie(scene, media / "landscape.mkv", channel=channel, name=f"Clip {channel}"))
    assert [group.name for group in bpy.data.node_groups if group.name.startswith("SkyAR Composite")] == [
        "SkyAR Composite"
    ]


def test_sky_over_footage(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, _, footage = result
    check(scene, composite(footage, made_matte(FRAME, WIDTH, HEIGHT)))


def test_exposures(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, footage = result
    inputs = group_inputs(shown)
    inputs["Sky Exposure"].default_value = -1.5
    inputs["Foreground Exposure"].default_value = 0.5
    matte = made_matte(FRAME, WIDTH, HEIGHT)
    check(scene, composite(footage, matte, sky_stops=-1.5, stops=0.5))


def test_the_measured_light_is_on_the_inputs(result: tuple[Any, Any, np.ndarray]) -> None:
    _, shown, _ = result
    inputs = group_inputs(shown)
    assert list(inputs["Tint"].default_value)[:3] == pytest.approx(TINT)
    assert inputs["Light Change"].default_value == pytest.approx(STOPS)
    assert list(inputs["Haze Colour"].default_value)[:3] == pytest.approx(HAZE)


def test_clean_edges_take_the_old_sky_out(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, footage = result
    group_inputs(shown)["Clean Edges"].default_value = 1.0
    cover = made_matte(FRAME, WIDTH, HEIGHT)[..., None]
    clean = np.maximum(footage - cover * made_plate(FRAME, WIDTH, HEIGHT)[..., :3], 0)
    clean = np.minimum(clean, (1 - cover) * np.maximum(footage, 1))
    check(scene, clean + made_sky(FRAME, FRAMES, WIDTH, HEIGHT) * cover)


def test_mix_is_a_blend_of_light(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, footage = result
    group_inputs(shown)["Mix"].default_value = 0.25
    out = composite(footage, made_matte(FRAME, WIDTH, HEIGHT))
    check(scene, footage + 0.25 * (out - footage))


@pytest.mark.parametrize("shift", [-6, -1, 1, 3, 8])
def test_shift_moves_the_edge(result: tuple[Any, Any, np.ndarray], shift: int) -> None:
    scene, shown, footage = result
    group_inputs(shown)["Matte Shift"].default_value = shift
    matte = made_matte(FRAME, WIDTH, HEIGHT)
    rows = np.clip(np.arange(HEIGHT) - shift, 0, HEIGHT - 1)
    moved = matte[rows]  # the edge runs along the rows, so a disc moves it as a whole
    seen = rendered(scene, FRAME)
    # Within the soft edge the power mean is within 0.04; what is sky or foreground for sure is exact.
    low = display(composite(footage, np.where(moved < 1, np.clip(moved - 0.041, 0, 1), 1))) * 255
    high = display(composite(footage, np.where(moved > 0, np.clip(moved + 0.041, 0, 1), 0))) * 255
    assert (seen >= np.minimum(low, high) - 1.5).all()
    assert (seen <= np.maximum(low, high) + 1.5).all()


def test_shift_by_a_disc(media: Path) -> None:
    """A single dark pixel on a bright matte grows to a disc."""
    scene = new_scene()
    result = show_result(scene, add_movie(scene, media / "landscape.mkv"))
    group = bpy.data.node_groups["SkyAR Composite"]
    assert [node.inputs["Separable"].default_value for node in group.nodes if "Separable" in node.inputs] in (
        [],
        [False, True, True],
    )
    group_inputs(result)["Matte Shift"].default_value = 50
    assert np.isfinite(rendered(scene, FRAME)).all()


def test_feather_is_a_gaussian(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, footage = result
    group_inputs(shown)["Matte Feather"].default_value = 9.0
    offsets = np.arange(-9, 10)
    weights = np.exp(-0.5 * (offsets / 3.0) ** 2)
    matte = made_matte(FRAME, WIDTH, HEIGHT)
    padded = np.pad(matte, ((9, 9), (0, 0)), mode="edge")
    soft = sum(
        weight * padded[9 + k : 9 + k + HEIGHT] for k, weight in zip(offsets, weights / weights.sum(), strict=True)
    )
    check(scene, composite(footage, soft), tolerance=2)


def test_light_wrap_lights_the_rim_alone(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, _ = result
    inputs = group_inputs(shown)
    assert inputs["Light Wrap Radius"].default_value == pytest.approx(0.02 * WIDTH)
    inputs["Light Wrap Radius"].default_value = 6.0
    before = rendered(scene, FRAME)
    inputs["Light Wrap"].default_value = 1.0
    gain = rendered(scene, FRAME) - before
    matte = made_matte(FRAME, WIDTH, HEIGHT)
    edge = int(np.argmax(matte[:, 0] < 0.01))
    assert gain[edge, WIDTH // 2 :].max() > 5
    assert np.abs(gain[matte >= 1]).max() <= 1
    assert np.abs(gain[edge + 8 :]).max() <= 1


def test_wiring_reads_from_left_to_right(result: tuple[Any, Any, np.ndarray]) -> None:
    group = bpy.data.node_groups["SkyAR Composite"]

    def x(node: Any) -> float:
        return node.location.x + (x(node.parent) if node.parent else 0)

    for link in group.links:
        assert x(link.from_node) < x(link.to_node), (link.from_node.name, link.to_node.name)
    assert all(node.label for node in group.nodes if node.type == "FRAME")
