# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphics that stand still over a moving image are found with digits that change; nothing else is."""

from __future__ import annotations

import cv2
import numpy as np
from support.clips import landscape

from skyar_blender.engine.survey.bars import Bars
from skyar_blender.engine.survey.graphics import StillEdges, coverage, wiped

SIZE = 320, 192
TEXT, LOGO = (slice(6, 26), slice(90, 230)), (slice(8, 40), slice(262, 302))


def burnt(index: int, pan: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """A frame with a timecode, of which the last digits change, and a logo; and how far they cover it."""
    cover = np.zeros(SIZE[::-1], np.uint8)
    words = f"01:00:{10 + index}"
    cv2.putText(cover, words, (94, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2, cv2.LINE_AA)
    fraction = cover[..., None] / 255
    image = landscape(index, *SIZE, pan) * (1 - fraction) + 252 * fraction
    image[LOGO] = (200, 30, 30)
    cover[LOGO] = 255
    return np.rint(image).astype(np.uint8), cover


def found(images: list[np.ndarray], bars: Bars | None = None) -> list:
    edges = StillEdges()
    for image in images:
        edges.add(image)
    return edges.graphics(bars)


def test_timecode_and_logo_are_found_to_the_digit() -> None:
    frames = [burnt(index) for index in range(12)]
    graphics = found([image for image, _ in frames])
    assert len(graphics) == 2
    for image, cover in frames[::4]:
        fraction = coverage(image, graphics)
        assert fraction[cover == 255].mean() > 0.97
        assert fraction[cover == 0].max() < 0.3 and fraction[cover == 0].mean() < 0.002
        clean = wiped(image, graphics)
        sky = cover[:60] > 0
        sky[:, 250:] = False
        assert np.abs(clean[:60].astype(int) - landscape(0, *SIZE)[:60])[sky].max() < 40  # the plain sky again


def test_nothing_else_is_a_graphic() -> None:
    assert found([landscape(index, *SIZE, 3.0) for index in range(12)]) == []
    assert found([landscape(0, *SIZE) for _ in range(12)]) == []  # a tripod: all stands still
    assert found([burnt(0)[0]] * 12) == []
    assert found([burnt(index)[0] for index in range(4)]) == []  # too few to tell


def test_a_distant_shore_that_creeps_is_no_graphic() -> None:
    """The near part of the image flies by; the far one moves by a twentieth of a pixel a frame, a clock stands."""
    noise = np.random.default_rng(3).uniform(60, 190, (40, 8)).astype(np.float32)
    shore = cv2.resize(noise, (40, 200), interpolation=cv2.INTER_CUBIC)

    def frame(index: int, clock: bool) -> np.ndarray:
        image = landscape(index, *SIZE, 6.0)
        creep = np.float32([[1, 0, 0], [0, 1, 0.05 * index]])
        moved = cv2.warpAffine(shore, creep, (40, 200), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        image[60:100, 40:80] = np.clip(moved[80:120, :, None], 0, 255).astype(np.uint8)
        cover = burnt(index)[1][..., None] * clock
        return np.where(cover > 0, 252, image).astype(np.uint8)

    assert found([frame(index, clock=False) for index in range(8)]) == []
    boxes = [each.box for each in found([frame(index, clock=True) for index in range(8)])]
    assert boxes and all(bottom < 60 for _, bottom, _, _ in boxes)


def test_a_faint_watermark_takes_nothing_of_the_sky() -> None:
    cover = np.zeros(SIZE[::-1], np.uint8)
    cv2.putText(cover, "STOCK", (90, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 5)
    dull = np.linspace(205, 225, SIZE[0])[None, :, None]  # an overcast sky, hardly darker than the mark
    frames = []
    for index in range(12):
        image = landscape(index, *SIZE, 3.0).astype(float)
        image[:70] = dull
        image[cover > 0] += 0.4 * (255 - image[cover > 0])
        frames.append(np.rint(image).astype(np.uint8))
    graphics = found(frames)
    fraction = coverage(frames[0], graphics)[:70]
    assert fraction[cover[:70] > 0].mean() > 0.8
    away = cv2.dilate(cover, np.ones((9, 9), np.uint8))[:70] == 0
    assert fraction[away].max() < 0.1


def test_the_rim_of_a_bar_is_no_graphic() -> None:
    frames = [landscape(index, *SIZE, 3.0) for index in range(12)]
    for image in frames:
        image[:12] = 0
        image[12:17, 40:280].reshape(5, -1, 8, 3)[:, :, :4] //= 4
    assert found(frames) and not found(frames, Bars(top=12))
