# SPDX-License-Identifier: GPL-3.0-or-later
"""The image of a track's confidence."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.contract.track_file import Source, Track, TrackFrame
from skyar_blender.engine.track.overlay.graph import HEIGHT, WIDTH, confidence_graph

EYE = np.eye(3).tolist()


def graph(confidence: list[float], sources: dict[int, Source] | None = None) -> np.ndarray:
    frames = [
        TrackFrame(
            index=i, homography=EYE, rotation=EYE, confidence=sure, source=(sources or {}).get(i, "scene"), points=40
        )
        for i, sure in enumerate(confidence)
    ]
    track = Track(width=64, height=48, fps=25.0, focal_px=60.0, focal_source="default", frames=frames)
    image = confidence_graph(track)
    assert image.shape == (HEIGHT, WIDTH, 3) and image.dtype == np.uint8
    return image.astype(int)


def coloured(image: np.ndarray, channel: int) -> np.ndarray:
    """Columns in which some pixel is bright in ``channel`` and in no other (the axes are grey)."""
    rest = np.delete(image, channel, axis=2).max(axis=2)
    return (image[..., channel] - rest > 55).any(axis=0)


def test_doubt_is_red_where_it_is_and_low() -> None:
    image = graph([0.95] * 40 + [0.1] * 20 + [0.95] * 40)
    red, green = coloured(image, 0), coloured(image, 1)
    middle, ends = slice(int(0.45 * WIDTH), int(0.55 * WIDTH)), slice(100, int(0.35 * WIDTH))
    assert red[middle].all() and not green[middle].any()
    assert green[ends].all() and not red[ends].any()
    rows = np.flatnonzero((image[:, WIDTH // 2, 0] > 200) & (image[:, WIDTH // 2, 2] < 120))
    assert len(rows) and rows.min() > 0.7 * HEIGHT


@pytest.mark.parametrize("count", [1, 2, 7, 1000, 10_000])
def test_any_length(count: int) -> None:
    assert coloured(graph([0.9] * count), 1)[60:-30].all()
    assert coloured(graph([0.05] * count), 0)[60:-30].all()


def test_one_bad_frame_of_many_is_seen() -> None:
    confidence = [0.9] * 10_000
    confidence[5000] = 0.0
    assert coloured(graph(confidence), 0)[WIDTH // 2 - 30 : WIDTH // 2 + 50].any()


def test_cuts_and_bridges_are_marked() -> None:
    plain = graph([0.9] * 50)
    cut = graph([0.9] * 50, {25: "cut"})
    assert coloured(cut, 2).any() and not coloured(plain, 2).any()
    bridged = graph([0.9] * 20 + [0.2] * 10 + [0.9] * 20, dict.fromkeys(range(20, 30), "interpolated"))
    solved = graph([0.9] * 20 + [0.2] * 10 + [0.9] * 20)
    below = (HEIGHT - 40, WIDTH // 2)
    assert (solved[below] != bridged[below]).any()
