# SPDX-License-Identifier: GPL-3.0-or-later
"""The artist's word: always right where it is given, learnt from elsewhere, smooth at the rim."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.adaptive import AdaptiveMatte
from skyar_blender.engine.matte.hints import Hints, imposed, shaped
from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.temporal_smoothing import temporally_smoothed

HEIGHT, WIDTH = 180, 320
#: The white house in the image of :func:`street`.
HOUSE = (slice(30, 150), slice(180, 280))
#: Part of it, as an artist would mark it.
PART = (slice(70, 110), slice(205, 255))


def street(house: tuple[int, int, int] = (222, 226, 232), seed: int = 1) -> np.ndarray:
    """A blue sky over dark ground, with a smooth, bright house that reaches into the sky and to the top."""
    random = np.random.default_rng(seed)
    image = np.empty((HEIGHT, WIDTH, 3))
    image[:] = (150, 185, 230)
    image[110:] = (70, 75, 60)
    image[110:] += random.normal(0, 14, (HEIGHT - 110, WIDTH, 1))
    image[0:150, HOUSE[1]] = house
    return np.clip(image + random.normal(0, 1, image.shape), 0, 255).astype(np.uint8)


def nothing() -> np.ndarray:
    return np.zeros((HEIGHT, WIDTH), bool)


def marked(part: tuple[slice, slice]) -> np.ndarray:
    marks = nothing()
    marks[part] = True
    return marks


def test_the_house_fools_the_method_without_help():
    frame = street()
    found = AdaptiveMatte().fit([frame]).matte(frame, None)
    assert found[PART].mean() > 0.5


def test_marks_are_exact_whatever_the_image_says():
    frame = street()
    sky = marked((slice(160, 175), slice(10, 90)))  # an absurd mark is a mark too
    hints = Hints(sky, marked(PART))
    found = AdaptiveMatte().fit([frame], [hints]).matte(frame, None, hints)
    assert (found[PART] == 0).all()
    assert (found[sky] == 1).all()
    assert found[:60, :150].mean() > 0.98


def test_other_frames_profit_from_what_was_learnt():
    frames = [street(seed=seed) for seed in range(6)]
    method = AdaptiveMatte()
    alone = method.fit(frames).matte(frames[5], None)
    taught = method.fit(frames, [Hints(nothing(), marked(PART)), *[None] * 5]).matte(frames[5], None)
    assert alone[HOUSE].mean() > 0.9
    assert taught[HOUSE].mean() < 0.3
    assert taught[:60, :150].mean() > 0.98


def test_marks_of_thin_strokes_teach_too():
    frames = [street(seed=seed) for seed in range(2)]
    stroke = marked((slice(40, 140), slice(230, 231)))
    model = AdaptiveMatte("draft").fit(frames, [Hints(nothing(), stroke).scaled((96, 170)), None])
    assert model.matte(frames[1], None)[HOUSE].mean() < 0.3


def test_marked_sky_teaches_a_sky_that_looks_like_ground():
    frame = street(house=(60, 60, 60))
    frame[:110, :180] = (96, 82, 60)  # a brown dust storm
    frame[:110, 280:] = (96, 82, 60)
    sky = marked((slice(10, 60), slice(20, 120)))
    model = AdaptiveMatte().fit([frame, frame], [Hints(sky, marked((slice(120, 170), slice(20, 120)))), None])
    found = model.matte(frame, None)
    assert found[5:100, 5:170].mean() > 0.9
    assert found[125:].mean() < 0.1


def test_a_model_taught_by_marks_is_stored_whole(tmp_path):
    frame = street()
    method = AdaptiveMatte()
    model = method.fit([frame], [Hints(nothing(), marked(PART))])
    with (tmp_path / "model.npz").open("wb") as file:
        model.save(file)
    np.testing.assert_array_equal(model.matte(frame, None), method.load(tmp_path / "model.npz").matte(frame, None))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_rim_in_a_plain_place_is_soft(value):
    frame = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    marks = marked((slice(60, 120), slice(100, 220)))
    hints = Hints(marks, nothing()) if value else Hints(nothing(), marks)
    found = imposed(frame, np.full((HEIGHT, WIDTH), 1 - value, np.float32), hints)
    across = np.abs(found[90] - (1 - value))  # 1 in the mark
    assert (across[100:220] == 1).all()
    assert (np.diff(across[219:240]) <= 1e-6).all()
    assert np.abs(np.diff(across)).max() < 0.5
    assert (across[:80] == 0).all() and (across[240:] == 0).all()


def test_a_rim_stops_at_an_edge_of_the_image():
    """The mark ends a few pixels within the house: its wall goes with it, the sky beyond stays."""
    frame = street()
    marks = marked((slice(40, 100), slice(183, 277)))
    found = imposed(frame, np.ones((HEIGHT, WIDTH), np.float32), Hints(nothing(), marks))
    rows = slice(50, 90)
    assert found[rows, 181:183].mean() < 0.25
    assert found[rows, 177:179].mean() > 0.9


def test_no_hints_and_no_marks_change_nothing():
    matte = np.random.default_rng(0).random((HEIGHT, WIDTH)).astype(np.float32)
    assert imposed(street(), matte, None) is matte
    assert imposed(street(), matte, Hints(nothing(), nothing())) is matte


def test_the_matte_given_is_not_written_to():
    matte = np.ones((HEIGHT, WIDTH), np.float32)
    imposed(street(), matte, Hints(nothing(), marked(PART)))
    assert (matte == 1).all()


def test_far_from_marks_nothing_changes():
    matte = np.random.default_rng(0).random((HEIGHT, WIDTH)).astype(np.float32)
    found = imposed(street(), matte, Hints(nothing(), marked(PART)))
    far = np.ones((HEIGHT, WIDTH), bool)
    far[50:130, 180:280] = False
    np.testing.assert_array_equal(found[far], matte[far])


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (8, 8)])
def test_small_images(size):
    frame = np.full((*size, 3), 90, np.uint8)
    found = imposed(frame, np.ones(size, np.float32), Hints(np.zeros(size, bool), np.ones(size, bool)))
    assert (found == 0).all()


def test_what_was_forced_is_not_carried_into_frames_without_marks():
    frame = street()
    hints = Hints(nothing(), marked(PART))
    forced = imposed(frame, np.ones((HEIGHT, WIDTH), np.float32), hints)
    stored = np.rint(forced * 65535).astype(np.uint16)
    own = np.full((HEIGHT, WIDTH), 0.9, np.float32)
    stale = shaped(hints)
    after = temporally_smoothed(frame, own, PreviousFrame(frame, stored, stale))
    np.testing.assert_array_equal(after[stale], own[stale])
    assert (forced[~stale] == 1).all()
    assert (after[~stale] > 0.91).all()


def test_what_was_forced_does_not_move_out_of_its_mark():
    """The camera turns by 12 pixels, the mark stays: what leaves it is not marked any more."""
    random = np.random.default_rng(3)
    wide = cv2.GaussianBlur(random.integers(0, 255, (HEIGHT, WIDTH + 40, 3)).astype(np.uint8), (0, 0), 2)
    before, frame = wide[:, :WIDTH].copy(), wide[:, 12 : WIDTH + 12].copy()
    hints = Hints(nothing(), marked(PART))
    own = np.full((HEIGHT, WIDTH), 0.9, np.float32)
    stored = np.rint(imposed(before, own, hints) * 65535).astype(np.uint16)
    smeared = temporally_smoothed(frame, own, PreviousFrame(before, stored, None))
    assert smeared[75:105, 195:203].mean() < 0.5
    found = temporally_smoothed(frame, own, PreviousFrame(before, stored, shaped(hints)))
    assert found.min() > 0.85


def test_no_marks_shape_nothing():
    assert shaped(None) is None
    assert shaped(Hints(nothing(), nothing())) is None
