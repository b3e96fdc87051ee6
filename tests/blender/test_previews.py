# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender renders and what the worker's previews show is one image, but for what H.264 loses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import WIDTH, add_movie, new_scene, rendered, saved_shot, strips

FIRST, COUNT = 7, 8


@pytest.fixture(scope="module")
def images(media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, np.ndarray, Path]:
    """All frames of a shot as it was, the same with a new sky, and the folder of its files."""
    folder = tmp_path_factory.mktemp("shot")
    scene = saved_shot(media, folder, 5, (2, 10))
    before = frames_of(scene, FIRST)
    bpy.ops.sequencer.skyar_replace_sky(sky="jupiter", quality="draft", output="//out", rain=0.5, reflections=1.0)
    return before, frames_of(scene, FIRST), folder / "out"


def frames_of(scene: Any, first: int) -> np.ndarray:
    return np.stack([rendered(scene, first + index) for index in range(COUNT)]).astype(np.float64)


def movie(path: Path) -> np.ndarray:
    scene = new_scene()
    strip = add_movie(scene, path)
    assert len(strips(scene)) == 1 and strip.frame_final_duration == COUNT
    return frames_of(scene, 1)


def blocks(image: np.ndarray) -> np.ndarray:
    """Means of 4 x 4 pixels: the noise of the test's ground is what H.264 loses first."""
    height, width = (size // 4 for size in image.shape[:2])
    return image[: 4 * height, : 4 * width].reshape(height, 4, width, 4, 3).mean(axis=(1, 3))


def check_alike(one: np.ndarray, other: np.ndarray) -> None:
    for first, second in zip(one, other, strict=True):
        difference = np.abs(blocks(first) - blocks(second))
        assert difference.mean() < 3  # as 4.2 shows movies it is up to 2.5, as 5.0 does 2.2
        assert np.quantile(difference, 0.99) < 12


def test_preview(images: tuple[np.ndarray, np.ndarray, Path]) -> None:
    before, after, folder = images
    shown = movie(folder / "preview.mp4")
    check_alike(shown, after)
    # Each frame is nearest to its own, and none is the footage: the check could tell.
    distances = np.abs(shown[:, None] - after[None]).mean(axis=(2, 3, 4))
    assert (distances.argmin(axis=1) == np.arange(COUNT)).all()
    assert np.abs(shown - before).mean() > 10


def test_compare(images: tuple[np.ndarray, np.ndarray, Path]) -> None:
    before, after, folder = images
    shown = movie(folder / "compare.mp4")
    half = WIDTH // 2
    check_alike(shown[:, :, : half - 4], before[:, :, : half - 4])
    check_alike(shown[:, :, half + 4 :], after[:, :, half + 4 :])
