# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked-off tripod, the choice of tracker, and focal lengths."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.engine.track.geometry.focal import DEFAULT_FOCAL_MM, focal_mm_to_px, focal_px_to_mm
from skyar_blender.engine.track.trackers.choose import make_tracker

SETTINGS = {"width": 64, "height": 48, "fps": 24.0, "focal_mm": 50.0, "quality": "normal"}


def test_static_is_identity_and_sure() -> None:
    taker = make_tracker("STATIC", **SETTINGS)  # type: ignore[arg-type]
    for value in (0, 100, 200):
        taker.add(np.full((48, 64, 3), value, np.uint8), np.zeros((48, 64), np.uint16))
    again = make_tracker("STATIC", **SETTINGS)  # type: ignore[arg-type]
    again.restore(taker.checkpoint())
    track = again.solve()
    assert track == taker.solve()
    assert [frame.index for frame in track.frames] == [0, 1, 2]
    assert all(frame.homography == np.eye(3).tolist() and frame.confidence == 1.0 for frame in track.frames)
    assert track.focal_px == pytest.approx(50 / 36 * 64)


@pytest.mark.parametrize("state", [b"", b"{}", b'{"tracker": "static", "count": -1}', b"PK"])
def test_damaged_static_state_is_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        make_tracker("STATIC", **SETTINGS).restore(state)  # type: ignore[arg-type]


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="motion"):
        make_tracker("FOLLOW", **SETTINGS)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="quality"):
        make_tracker("SOLVE", **{**SETTINGS, "quality": "best"})  # type: ignore[arg-type]
    for focal in (0.0, -5.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="focal length"):
            make_tracker("SOLVE", **{**SETTINGS, "focal_mm": focal})  # type: ignore[arg-type]


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920)])
def test_focal_length_refers_to_the_long_side(width: int, height: int) -> None:
    assert focal_mm_to_px(36.0, width, height) == 1920
    assert focal_px_to_mm(focal_mm_to_px(35.0, width, height), width, height) == pytest.approx(35.0)
    assert focal_mm_to_px(None, width, height) == focal_mm_to_px(DEFAULT_FOCAL_MM, width, height)
