# SPDX-License-Identifier: GPL-3.0-or-later
"""What the frames of a shot say together about each direction, and what of a frame that may overrule."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from support.predictions import COUNT, SHAPE, shot, view

from skyar_blender.engine.matte.hints import Hints
from skyar_blender.engine.matte.over_time.prediction import StoredPrediction
from skyar_blender.engine.matte.over_time.second_look import MatteCorrection, correction, typical_sky, without
from skyar_blender.engine.matte.over_time.seen import SeenDirections
from skyar_blender.engine.matte.over_time.view import ViewDirections


def reported(frames: list[tuple[StoredPrediction, ViewDirections]], index: int) -> MatteCorrection | None:
    typical = typical_sky([found for found, _ in frames])
    seen = SeenDirections()
    for found, by in frames:
        seen.add(found, by, typical)
    nothing = Hints(*np.zeros((2, *SHAPE), np.bool_))
    return correction(frames[index][0], seen.fractions(frames[index][1]), typical, nothing)


def faint(patch: tuple[slice, slice], odds: float, sure: float, frames: range):
    """Change that makes a patch of some frames doubtful."""

    def change(index, logits, sureness, crowns, foreign):
        if index in frames:
            logits[patch], sureness[patch] = odds, sure

    return change


WINDOW = (slice(50, 64), slice(40, 60))
CLOUD = (slice(4, 16), slice(40, 60))


def test_a_prediction_is_kept_to_an_eighth():
    random = np.random.default_rng(0)
    logits, sureness = random.normal(0, 5, (2, *SHAPE)).astype(np.float32)
    crowns, foreign = random.random((2, *SHAPE)).astype(np.float32)
    found = StoredPrediction.of(logits, sureness, crowns, foreign)
    assert np.abs(found.logits - np.clip(logits, -8, 7.875)).max() <= 1 / 16
    assert np.abs(found.sureness - np.clip(sureness, -8, 7.875)).max() <= 1 / 16
    assert np.array_equal(found.crowns, crowns > 0.5) and np.array_equal(found.foreign, foreign > 0.5)
    again = StoredPrediction.unpacked(found.packed())
    names = ("logits", "sureness", "crowns", "foreign")
    assert all(np.array_equal(getattr(found, name), getattr(again, name)) for name in names)
    assert max(StoredPrediction.of(*np.zeros((4, 300, 900), np.float32)).logits.shape) == 256


@pytest.mark.parametrize("distortion", [0.0, -0.2, 0.1])
def test_a_view_finds_its_own_pixels_again(distortion):
    camera = view(12, distortion)
    x, y = camera.pixels(camera.directions())
    columns, rows = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0]))
    assert np.abs(x - columns).max() < 1e-6 and np.abs(y - rows).max() < 1e-6
    assert np.isnan(camera.pixels(-camera.directions())[0]).all()


def test_where_all_frames_agree_nothing_is_told():
    frames = shot(lambda *_: None)
    assert all(reported(frames, index) is None for index in (0, 12, COUNT - 1))


def test_faint_sky_in_directions_that_are_ground_elsewhere_is_ground():
    frames = shot(faint(WINDOW, 3, 2.5, range(10, 16)))
    found = reported(frames, 12)
    assert found is not None and found.areas.ground[WINDOW].mean() > 0.95 and not found.areas.sky.any()
    assert found.areas.ground.sum() == found.areas.ground[WINDOW].sum() == pytest.approx(found.fraction * 72 * 128)


def test_a_piece_of_the_sky_that_touches_open_sky_stays():
    touching = (slice(4, 66), slice(40, 60))
    found = reported(shot(faint(touching, 3, 2.5, range(10, 16))), 12)
    assert found is None or not found.areas.ground.any()


def test_a_matte_loses_pieces_with_their_soft_rim():
    matte = np.zeros((200, 400), np.float32)
    matte[:40] = matte[80:140, 100:200] = 1
    ground = np.zeros((20, 40), bool)
    ground[9:13, 11:19] = True
    kept = without(cv2.GaussianBlur(matte, (0, 0), 3), ground)
    assert kept[60:].max() < 0.02 and kept[:30].min() > 0.99


def test_a_matte_loses_part_of_a_large_piece():
    ground = np.zeros((20, 40), bool)
    ground[5:15, 10:20] = True
    kept = without(np.ones((200, 400), np.float32), ground)
    assert kept[60:140, 110:190].max() == 0 and min(kept[:40].min(), kept[:, 220:].min()) > 0.7


def test_doubtful_ground_in_directions_that_are_open_sky_elsewhere_is_sky():
    frames = shot(faint(CLOUD, -1.5, 0.5, range(10, 16)))
    found = reported(frames, 12)
    assert found is not None and found.areas.sky[CLOUD].mean() > 0.95 and not found.areas.ground.any()


def test_what_is_surely_before_the_sky_stays_ground():
    assert reported(shot(faint(CLOUD, -5, 4, range(10, 16))), 12) is None


def test_a_faint_window_that_no_other_frame_contradicts_stays():
    assert reported(shot(faint(WINDOW, 3, 2.5, range(COUNT))), 12) is None


def test_gaps_in_a_crown_stay():
    def change(index, logits, sureness, crowns, foreign):
        faint(WINDOW, 3, 2.5, range(8, 20))(index, logits, sureness, crowns, foreign)
        crowns[WINDOW] = leafy

    leafy = 0
    assert reported(shot(change), 12) is not None
    leafy = 1
    assert reported(shot(change), 12) is None


def test_thin_things_stay():
    wire = (slice(10, 12), slice(0, 128))
    assert reported(shot(faint(wire, -1, 0.5, range(10, 16))), 12) is None


def test_a_direction_seen_but_a_few_times_tells_nothing():
    frames = shot(faint(WINDOW, 3, 2.5, range(COUNT)))
    # Others look away.
    frames = [(found, seen if index > COUNT - 4 else view(120)) for index, (found, seen) in enumerate(frames)]
    assert reported(frames, COUNT - 1) is None


def test_a_shot_without_sky_tells_nothing():
    frames = [(StoredPrediction.of(*(np.full(SHAPE, value, np.float32) for value in (-4, 4, 0, 0))), view(0))] * COUNT
    assert typical_sky([found for found, _ in frames]) == 0 and reported(frames, 3) is None
