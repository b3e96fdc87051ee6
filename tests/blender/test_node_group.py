# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Composite" against its definition, computed here with NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.make_arrays import FRAMES, TINT, made_matte, made_sky
from blender.shots import HEIGHT, WIDTH, add_movie, group_inputs, new_scene, rendered, show_result, skyar

FRAME = 4


@pytest.fixture
def result(media: Path) -> tuple[Any, Any, np.ndarray]:
    """Scene, Scene strip, and the footage scene-linear (height, width, 3), for frame ``FRAME``; light wrap off."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    footage = linear(rendered(scene, FRAME) / 255)
    shown = show_result(scene, strip)
    inputs = group_inputs(shown)
    inputs["Light Wrap"].default_value = 0.0
    inputs["Recolour"].default_value = 0.0
    return scene, shown, footage


def linear(display: np.ndarray) -> np.ndarray:
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def display(scene_linear: np.ndarray) -> np.ndarray:
    value = np.clip(scene_linear, 0, 1)
    return np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)


def composite(footage: np.ndarray, matte: np.ndarray, *, sky_stops: float = 0, stops: float = 0, recolour: float = 0):
    cover = matte[..., None]
    gain = (1 + recolour * (np.array(TINT) - 1)) * 2**stops
    return footage * gain * (1 - cover) + made_sky(FRAME, FRAMES, WIDTH, HEIGHT) * 2**sky_stops * cover


def check(scene: Any, expected: np.ndarray, tolerance: float = 1.5) -> None:
    """``tolerance`` is out of 255."""
    assert np.abs(rendered(scene, FRAME) - display(expected) * 255).max() <= tolerance


def test_inputs_are_labelled_bounded_and_explained(result: tuple[Any, Any, np.ndarray]) -> None:
    group = bpy.data.node_groups["SkyAR Composite"]
    sockets = {item.name: item for item in group.interface.items_tree if item.item_type == "SOCKET"}
    assert list(sockets)[:4] == ["Image", "Footage", "Matte", "Sky"]
    assert set(sockets) == {
        *("Image", "Footage", "Matte", "Sky", "Mix", "Sky Exposure", "Light Wrap", "Light Wrap Radius"),
        *("Foreground Exposure", "Recolour", "Tint", "Matte Shift", "Matte Feather"),
    }
    assert all(socket.description for socket in sockets.values())
    look = skyar("contract.job").Look()
    for name, low, high, default in (
        ("Mix", 0, 1, look.mix),
        ("Recolour", 0, 1, look.recolour),
        ("Light Wrap", 0, 1, look.light_wrap),
        ("Sky Exposure", -10, 10, look.sky_exposure),
        ("Foreground Exposure", -10, 10, look.foreground_exposure),
        ("Matte Shift", -50, 50, look.matte_shift),
        ("Matte Feather", 0, 50, look.matte_feather),
    ):
        socket = sockets[name]
        assert (socket.min_value, socket.max_value) == (low, high)
        assert socket.default_value == pytest.approx(default)


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


def test_exposures_and_recolour(result: tuple[Any, Any, np.ndarray]) -> None:
    scene, shown, footage = result
    inputs = group_inputs(shown)
    assert list(inputs["Tint"].default_value)[:3] == pytest.approx(TINT)
    inputs["Sky Exposure"].default_value = -1.5
    inputs["Foreground Exposure"].default_value = 0.5
    inputs["Recolour"].default_value = 0.7
    matte = made_matte(FRAME, WIDTH, HEIGHT)
    check(scene, composite(footage, matte, sky_stops=-1.5, stops=0.5, recolour=0.7))


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
