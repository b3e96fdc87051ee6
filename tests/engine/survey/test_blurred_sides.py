# SPDX-License-Identifier: GPL-3.0-or-later
"""Blurred sides are found to the column, or row; a soft image has none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.engine.survey.bars import Bars
from skyar_blender.engine.survey.blurred_sides import Detail


def sided(index: int, side: int) -> np.ndarray:
    """The landscape as an upright clip, with blurred sides of that many columns."""
    image = landscape(index)
    blurred = cv2.GaussianBlur(cv2.resize(image, None, fx=2, fy=2), (0, 0), 14)
    around = blurred[48:144, 80:240].copy()
    around[:, side : 160 - side] = image[:, side : 160 - side]
    return around


def found(images: list[np.ndarray]) -> Bars:
    detail = Detail()
    for image in images:
        detail.add(image)
    return detail.sides


@pytest.mark.parametrize("side", [30, 53])
def test_sides_are_found(side: int) -> None:
    bars = found([sided(index, side) for index in range(4)])
    assert np.abs(np.array(bars.sides) - (0, 0, side, side)).max() <= 1
    turned = found([np.rot90(sided(index, side)) for index in range(4)])
    assert np.abs(np.array(turned.sides) - (side, side, 0, 0)).max() <= 1


@pytest.mark.parametrize(("first", "last"), [(20, 60), (50, 25)])
def test_sides_of_two_widths_are_found(first: int, last: int) -> None:
    images = []
    for index in range(4):
        inner = landscape(index)[:, : 160 - first - last]
        behind = cv2.resize(inner, None, fx=160 / inner.shape[1], fy=160 / inner.shape[1])
        down = (len(behind) - 96) // 2
        image = cv2.GaussianBlur(behind, (0, 0), 8)[down : down + 96]
        image[:, first : 160 - last] = inner
        images.append(image)
    assert np.abs(np.array(found(images).sides) - (0, 0, first, last)).max() <= 1
    for image in images:  # soft, but of something else
        image[:, :first], image[:, -last:] = 120, np.linspace(30, 200, 96)[:, None, None]
    assert not found(images).any


def test_other_images_have_none() -> None:
    plain = [landscape(index) for index in range(4)]
    soft = [cv2.GaussianBlur(each, (0, 0), 6) for each in plain]
    one_side = [np.hstack([sided(0, 40)[:, :80], landscape(0)[:, 80:]])]
    for images in (plain, soft, one_side, [np.full((96, 160, 3), 90, np.uint8)]):
        assert not found(images).any
    assert not Detail().sides.any
