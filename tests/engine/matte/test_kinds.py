# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows the network may move an edge, never an area: small images of each kind that is hard.

The network's answer is made up from the truth: the right areas, soft edges known at half its size, and log odds as
strong as it has them there. Clip, colours and edges must not make of that anything worse.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.network.adaptation import fit_adaptation
from skyar_blender.engine.matte.network.interface import Prediction
from skyar_blender.engine.matte.network.method import NetworkModel
from skyar_blender.engine.matte.network.on_processor import ProcessorSteps

HEIGHT, WIDTH = 270, 480
SMALL = (384, 216)
OVERCAST, BLUE, WALL, EARTH, CROWN = (222, 225, 230), (105, 150, 215), (214, 211, 206), (92, 84, 62), (48, 58, 36)


class Scene:
    """An image (linear mixing left aside), its matte, and the log odds of a network for each area."""

    def __init__(self, sky: tuple[int, int, int], odds: float = 4.0, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.image = np.empty((HEIGHT, WIDTH, 3), np.float32)
        self.image[:] = sky
        self.matte = np.ones((HEIGHT, WIDTH), np.float32)
        self.odds = np.full((HEIGHT, WIDTH), odds, np.float32)

    def put(
        self, area: np.ndarray, colour: tuple[int, int, int], odds: float, sky: bool, rough: float = 3.0
    ) -> Scene:
        """Paint ``area`` (H, W) 0..1."""
        fraction = area.astype(np.float32)
        texture = self.random.normal(0, rough, (HEIGHT, WIDTH, 1))
        self.image += (np.array(colour) + texture - self.image) * fraction[..., None]
        self.matte += ((1.0 if sky else 0.0) - self.matte) * fraction
        self.odds += (odds - self.odds) * fraction
        return self

    def box(self, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
        area = np.zeros((HEIGHT, WIDTH), np.float32)
        area[slice(*rows), slice(*columns)] = 1
        return area

    def below(self, row: float, waves: float = 12.0) -> np.ndarray:
        columns = np.arange(WIDTH)[None]
        skyline = row + waves * np.sin(columns / 37.0) + waves / 3 * np.sin(columns / 9.0)
        return np.clip(np.arange(HEIGHT)[:, None] - skyline + 0.5, 0, 1).astype(np.float32)

    def blobs(
        self, count: int, centre: tuple[int, int], spread: tuple[int, int], size: tuple[int, int]
    ) -> np.ndarray:
        large = np.zeros((4 * HEIGHT, 4 * WIDTH), np.uint8)
        for _ in range(count):
            at = tuple(int(4 * value) for value in self.random.normal(centre, spread))
            axes = tuple(int(4 * value) for value in self.random.uniform(*size, 2))
            cv2.ellipse(large, at, axes, float(self.random.uniform(0, 180)), 0, 360, 255, -1)
        return cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    def finished(self) -> tuple[np.ndarray, np.ndarray, Prediction]:
        """The frame, its matte, and the network's answer."""
        noisy = self.image + self.random.normal(0, 1.5, self.image.shape)
        frame = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
        half = cv2.resize(self.odds, (SMALL[0] // 2, SMALL[1] // 2), interpolation=cv2.INTER_AREA)
        logits = cv2.resize(cv2.GaussianBlur(half, (0, 0), 1.5), SMALL, interpolation=cv2.INTER_LINEAR)
        small = cv2.resize(frame, SMALL, interpolation=cv2.INTER_AREA)
        return frame, self.matte, Prediction(small, logits.astype(np.float32))


def leaves() -> Scene:
    scene = Scene(OVERCAST)
    crown = scene.blobs(900, (240, 130), (90, 55), (2, 7))
    scene.put(crown, CROWN, -3, sky=False, rough=8)
    return scene.put(scene.below(215), EARTH, -6, sky=False, rough=12)


def framed() -> Scene:
    scene = Scene(BLUE, odds=1.5)
    return scene.put(1 - scene.box((60, 190), (150, 340)), (120, 96, 78), -2.5, sky=False, rough=8)


def upward() -> Scene:
    scene = Scene(OVERCAST, odds=2)
    rim = 1 - cv2.ellipse(np.zeros((HEIGHT, WIDTH), np.float32), (240, 135), (150, 85), 0, 0, 360, 1, -1)
    scene.put(np.maximum(rim, scene.blobs(160, (240, 20), (160, 14), (6, 16))), CROWN, -3, sky=False, rough=9)
    return scene


def facade() -> Scene:
    """A wall a little warmer than the cloud behind it, which the network calls ground nine times to one."""
    scene = Scene(OVERCAST)
    scene.put(scene.box((60, 230), (250, 430)), WALL, -2.2, sky=False)
    return scene.put(scene.below(225, 2), EARTH, -5, sky=False, rough=12)


def windows() -> Scene:
    """Panes that show the sky, in a dark front."""
    scene = Scene(BLUE)
    scene.put(scene.box((50, 240), (200, 420)), (110, 100, 92), -4, sky=False, rough=4)
    for left in range(222, 400, 60):
        scene.put(scene.box((80, 200), (left, left + 38)), (104, 148, 211), -2.2, sky=False)
    return scene.put(scene.below(225, 2), EARTH, -5, sky=False, rough=12)


def cloud() -> Scene:
    """White and grey, before blue, down to the horizon, and one above."""
    scene = Scene(BLUE)
    low = scene.blobs(30, (150, 150), (60, 14), (22, 40))
    scene.put(cv2.GaussianBlur(low, (0, 0), 3), (206, 208, 214), 2.2, sky=True)
    high = scene.blobs(12, (360, 70), (24, 8), (14, 26))
    scene.put(cv2.GaussianBlur(high, (0, 0), 3), (240, 240, 242), 2.2, sky=True)
    return scene.put(scene.below(190), (188, 186, 178), -4, sky=False, rough=12)


def night() -> Scene:
    scene = Scene((26, 28, 38), odds=2.5)
    scene.put(scene.below(150), (12, 12, 11), -2.5, sky=False, rough=3)
    for column in (90, 230, 380):
        lamp = cv2.circle(np.zeros((HEIGHT, WIDTH), np.float32), (column, 190), 9, 1, -1)
        scene.put(cv2.GaussianBlur(lamp, (0, 0), 4), (235, 205, 150), -2.2, sky=False)
    return scene


def haze() -> Scene:
    scene = Scene((226, 229, 233))
    scene.put(scene.below(130, 16), (203, 208, 214), -2.2, sky=False, rough=1)
    return scene.put(scene.below(185), (88, 94, 74), -5, sky=False, rough=12)


def snow() -> Scene:
    scene = Scene((228, 231, 236))
    scene.put(scene.below(140, 8), (238, 240, 245), -2.2, sky=False, rough=3)
    return scene.put(scene.blobs(60, (240, 135), (200, 6), (4, 9)), (52, 60, 58), -4, sky=False, rough=8)


def water() -> Scene:
    scene = Scene((196, 206, 222))
    scene.put(scene.below(170, 0), (190, 200, 216), -2.2, sky=False, rough=3)
    return scene.put(scene.box((140, 172), (0, WIDTH)), (70, 78, 60), -4, sky=False, rough=9)


def vehicle() -> Scene:
    scene = Scene((236, 238, 240))
    scene.put(scene.below(150, 4), (96, 98, 96), -4, sky=False, rough=10)
    return scene.put(scene.box((105, 205), (180, 330)), (232, 233, 235), -2.2, sky=False)


def bars() -> Scene:
    """Black bars that nobody has found: one ends the sky above, though an image's sky begins at its edge."""
    scene = Scene(OVERCAST)
    scene.put(scene.below(190), EARTH, -5, sky=False, rough=12)
    for rows in ((0, 34), (HEIGHT - 34, HEIGHT)):
        scene.put(scene.box(rows, (0, WIDTH)), (2, 2, 2), -2.2, sky=False, rough=0)
    return scene


KINDS: list[Callable[[], Scene]] = [
    *(leaves, framed, upward, facade, windows, cloud, night, haze, snow, water, vehicle, bars),
]  # fmt: skip


class Answer:
    """A network that gives this answer."""

    sha256, long_side = "0" * 64, SMALL[0]

    def __init__(self, found: Prediction) -> None:
        self._found = found

    def find(self, frame: np.ndarray, again: bool = False) -> Prediction:
        return self._found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_area_that_the_network_got_right_is_never_lost(kind):
    frame, truth, found = kind().finished()
    model = NetworkModel(ProcessorSteps(Answer(found)), fit_adaptation([found] * 2, [None] * 2))
    matte = model.matte(frame, None)
    alone = 1 / (1 + np.exp(-cv2.resize(found.logits, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)))
    kernel = np.ones((19, 19))  # an edge may move by so much
    sky, ground = (
        np.min([cv2.erode(side.astype(np.uint8), kernel) for side in sides], axis=0) > 0
        for sides in ((alone > 0.5, truth > 0.5), (alone < 0.5, truth < 0.5))
    )
    wrong = ((matte < 0.5) & sky) | ((matte > 0.5) & ground)
    lost = cv2.morphologyEx(wrong.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))  # single pixels are no area
    assert lost.mean() < 0.0002, f"{lost.mean():.4f} of the picture"
    assert np.abs(matte - truth).mean() < np.abs(alone - truth).mean()
