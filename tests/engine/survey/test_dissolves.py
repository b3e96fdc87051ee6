# SPDX-License-Identifier: GPL-3.0-or-later
"""Dissolves: found with their frames and shares between shots whose camera moves, and nowhere else."""

import cv2
import numpy as np
import pytest

from skyar_blender.engine.survey.dissolves import Sketch, find_dissolves, sketch
from skyar_blender.engine.types import FrameRGB

_LONGEST = 100


def _place(seed: int) -> FrameRGB:
    """A wide image, rough at several scales as landscapes are."""
    rng = np.random.default_rng(seed)
    image = np.zeros((400, 1600, 3), np.float32)
    for size in (4, 16, 64):
        rough = rng.normal(size=(400 // size + 1, 1600 // size + 1, 3)).astype(np.float32)
        image += cv2.resize(rough, (1600, 400), interpolation=cv2.INTER_CUBIC) * size**0.5
    return np.asarray(np.clip(128 + 12 * image, 0, 255), np.uint8)


def _pan(seed: int, count: int, speed: float) -> list[FrameRGB]:
    place = _place(seed)
    return [place[40:310, round(100 + index * speed) :][:, :480] for index in range(count)]


def _dissolved(one: list[FrameRGB], other: list[FrameRGB], fractions: list[float]) -> list[Sketch]:
    """20 frames of the one, ``fractions`` of the other, then 20 frames of that."""
    count = len(fractions)
    mixed = [
        np.asarray(np.rint((1 - fraction) * a.astype(np.float32) + fraction * b), np.uint8)
        for fraction, a, b in zip(fractions, one[20:], other, strict=False)
    ]
    return [sketch(each) for each in [*one[:20], *mixed, *other[count : count + 20]]]


@pytest.mark.parametrize(("count", "soft"), [(3, False), (11, False), (23, True)])
def test_its_frames_and_shares_are_found_while_the_camera_moves(count: int, soft: bool) -> None:
    way = np.arange(1, count + 1) / (count + 1)
    fractions = (way * way * (3 - 2 * way) if soft else way).tolist()
    (found,) = find_dissolves(_dissolved(_pan(1, 60, 2.0), _pan(2, 60, -1.5), fractions), _LONGEST)
    shown, true = np.zeros(40 + count), np.zeros(40 + count)
    shown[found.first : found.last + 1], shown[found.last + 1 :] = found.fractions, 1
    true[20 : 20 + count], true[20 + count :] = fractions, 1
    np.testing.assert_allclose(shown, true, atol=0.05)
    assert abs(found.cut - (20 + count // 2)) <= 1


@pytest.mark.parametrize("speed", [0.0, 4.0, 20.0])
def test_one_take_has_none(speed: float) -> None:
    assert not find_dissolves([sketch(each) for each in _pan(3, 60, speed)], _LONGEST)


def test_a_cut_a_fade_and_a_light_that_changes_are_none() -> None:
    one, other = _pan(4, 60, 1.0), _pan(5, 60, 1.0)
    assert not find_dissolves(_dissolved(one, other, []), _LONGEST)
    dark = [*np.linspace(1, 0, 20), *np.linspace(0, 1, 20)]
    faded = [np.asarray(np.rint(each * fraction), np.uint8) for each, fraction in zip(one, dark, strict=False)]
    assert not find_dissolves([sketch(each) for each in faded], _LONGEST)
    light = np.linspace(1, 0.4, 40)
    changed = [np.asarray(np.rint(each * fraction), np.uint8) for each, fraction in zip(one, light, strict=False)]
    assert not find_dissolves([sketch(each) for each in changed], _LONGEST)
