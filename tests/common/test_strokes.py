# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes of the Sky Brush: which pixels they mark, and the way to text and back."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.common.strokes import Stroke, marked_by, strokes_of_text, strokes_to_text

WIDTH, HEIGHT = 160, 90


def stroke(*points: tuple[float, float], truth: str = "sky", frame: int = 3, radius: float = 8) -> Stroke:
    """One of ``radius`` pixels."""
    return Stroke(frame, truth, (radius / WIDTH, radius / HEIGHT), points)  # type: ignore[arg-type]


def image(marks: bytes) -> np.ndarray:
    return np.frombuffer(marks, np.uint8).reshape(HEIGHT, WIDTH) == 255


def test_a_stroke_marks_what_is_nearer_than_its_radius():
    found = image(marked_by([stroke((0.25, 0.5), (0.75, 0.2))], WIDTH, HEIGHT)["sky"])
    rows, columns = np.indices(found.shape) + 0.5
    start, end = np.array([40, 45]), np.array([120, 18])
    places = np.stack([columns, rows], -1)
    along = np.clip((places - start) @ (end - start) / ((end - start) @ (end - start)), 0, 1)
    distance = np.linalg.norm(places - (start + along[..., None] * (end - start)), axis=-1)
    assert found[distance < 7.8].all() and not found[distance > 8.01].any()


def test_the_later_stroke_is_right_and_edges_cut():
    sky, ground = stroke((0.0, 0.0), (1.2, 0.0)), stroke((0.5, 0.0), truth="not_sky")
    found = {truth: image(marks) for truth, marks in marked_by([sky, ground], WIDTH, HEIGHT).items()}
    assert found["not_sky"][0, 80] and not found["sky"][0, 80] and found["sky"][0, [0, 159]].all()
    assert not (found["sky"] & found["not_sky"]).any()
    assert list(marked_by([ground, stroke((0.5, 0.0), radius=9)], WIDTH, HEIGHT)) == ["sky"]
    assert marked_by([stroke((5.0, 5.0))], WIDTH, HEIGHT) == {}


def test_a_thin_stroke_marks_every_pixel_on_its_way():
    found = image(marked_by([stroke((0.1, 0.1), (0.9, 0.9), radius=0.01)], WIDTH, HEIGHT)["sky"])
    assert found[:, 16:143].any(0).all()


def test_text_and_back():
    given = [stroke((0.25, 0.5), (0.5, 0.125)), stroke((0.0, 1.0), truth="not_sky", frame=0)]
    assert strokes_of_text(strokes_to_text(given)) == [
        Stroke(each.frame, each.truth, (0.05, round(8 / HEIGHT, 5)), each.points) for each in given
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", "7", "[7]", "[{}]", "{", "[" * 100000),
        '[{"frame":0,"truth":"maybe","reach":[0.1,0.1],"points":[[0,0]]}]',
        '[{"frame":"0","truth":"sky","reach":[0.1,0.1],"points":[[0,0]]}]',
        '[{"frame":0,"truth":"sky","reach":[0.1,0.1],"points":[]}]',
        '[{"frame":0,"truth":"sky","reach":[0.1,0.1],"points":[[0,NaN]]}]',
        '[{"frame":0,"truth":"sky","reach":[0.1,0.1],"points":[[0,"1"]]}]',
        '[{"frame":0,"truth":"sky","reach":[0,0.1],"points":[[0,0]]}]',
        '[{"frame":0,"truth":"sky","reach":[0.1],"points":[[0,0]]}]',
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError):
        strokes_of_text(text)
