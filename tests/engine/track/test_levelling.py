# SPDX-License-Identifier: GPL-3.0-or-later
"""The horizon of a shot after what was lost in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.common.confidence import WEAK
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.track.geometry.analysis import AnalysisScale
from skyar_blender.engine.track.levelling.levelled import levelled, parts_of
from skyar_blender.engine.track.levelling.sky_edge import horizon, sky_edge

SCALE = AnalysisScale.of(640, 360, "normal")
FRAMES = 80
#: Frames in which nothing could be followed.
LOST = range(30, 40)
DOWN = np.array([0.0, 1.0, 0.0])


def down_in_camera(roll: float, pitch: float) -> np.ndarray:
    return np.asarray(Rotation.from_euler("ZX", [roll, pitch], degrees=True).apply(DOWN))


def matte_of(down: np.ndarray, lens: Lens) -> np.ndarray:
    rows, columns = np.mgrid[0:360, 0:640].astype(float)
    seen = np.stack([columns - 319.5, rows - 179.5], axis=-1).reshape(-1, 2)
    rays = np.column_stack([lens.ideal(seen) / lens.focal, np.ones(len(seen))])
    return np.where(rays @ down < 0, 65535, 0).astype(np.uint16).reshape(360, 640)


def degrees_between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray(np.degrees(np.arccos(np.clip((first * second).sum(axis=-1), -1, 1))))


@pytest.mark.parametrize("roll", [0, 40, -70, 90, 150, -175])
@pytest.mark.parametrize("distortion", [0.0, -0.15])
def test_horizon_is_found_however_the_camera_rolls(roll: float, distortion: float) -> None:
    lens = Lens(480.0, distortion, SCALE.half_diagonal)
    down = down_in_camera(roll, 5.0)
    edge = sky_edge(3, matte_of(down, lens), SCALE)
    assert edge is not None and edge.frame == 3
    found = horizon(edge, lens)
    assert found is not None
    assert degrees_between(found, down) < 0.25


def test_no_horizon_without_sky_without_land_and_in_hills() -> None:
    lens = Lens(480.0, 0.0, SCALE.half_diagonal)
    assert sky_edge(0, np.zeros((360, 640), np.uint16), SCALE) is None
    assert sky_edge(0, np.full((360, 640), 65535, np.uint16), SCALE) is None
    hills = 180 + 40 * np.sin(np.arange(640) / 40)
    matte = np.where(np.arange(360)[:, None] < hills, 65535, 0).astype(np.uint16)
    edge = sky_edge(0, matte, SCALE)
    assert edge is not None and horizon(edge, lens) is None


class Shot:
    """An aircraft that turns, of which the track lost a roll of 60 degrees."""

    def __init__(self, lost: float = 60.0) -> None:
        fraction = np.clip((np.arange(FRAMES) - LOST.start) / len(LOST), 0, 1)
        angles = np.column_stack([60 * fraction, 5 * np.sin(np.arange(FRAMES) / 9), 0.3 * np.arange(FRAMES)])
        self.true = Rotation.from_euler("ZXY", angles, degrees=True).as_matrix()
        wrong = Rotation.from_euler("Z", lost * fraction[:, None], degrees=True).as_matrix()
        # The same for all frames after the loss, seen from the first one.
        self.found = self.true @ wrong
        self.confidence = np.full(FRAMES, 0.8)
        self.confidence[LOST] = 0.0
        self.ties = [(0, k) for k in range(1, LOST.start)]
        self.ties += [(LOST.stop, k) for k in range(LOST.stop + 1, FRAMES)]
        self.frames = np.array([k for k in range(0, FRAMES, 4) if k not in LOST])
        self.down = self.true[self.frames] @ DOWN


def worlds(shot: Shot, rotations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is straight down, seen from the first frame: in frames after the loss, and in the first one."""
    down = (np.swapaxes(rotations, 1, 2) @ (shot.true @ DOWN)[..., None])[..., 0]
    return down[LOST.stop :], down[0]


def test_a_roll_that_was_lost_is_found_again_and_what_was_solved_stays() -> None:
    shot = Shot()
    parts = parts_of(shot.ties, FRAMES)
    level = levelled(shot.found, shot.confidence, parts, shot.frames, shot.down, 20)
    assert degrees_between(*worlds(shot, shot.found)).min() > 20
    assert degrees_between(*worlds(shot, level.rotations)).max() < 0.3
    for part in (range(LOST.start), range(LOST.stop, FRAMES)):
        first, last = part[0], part[-1]
        now, then = (each[last] @ each[first].T for each in (level.rotations, shot.found))
        np.testing.assert_allclose(now, then, atol=1e-9)
    np.testing.assert_array_equal(level.confidence, shot.confidence)


def test_hillsides_are_not_taken_for_the_horizon() -> None:
    shot = Shot()
    tilted = shot.down.copy()
    tilted[::5] = tilted[::5] @ Rotation.from_euler("Z", 12, degrees=True).as_matrix()
    level = levelled(shot.found, shot.confidence, parts_of(shot.ties, FRAMES), shot.frames, tilted, 20)
    assert degrees_between(*worlds(shot, level.rotations)).max() < 0.3


def test_a_horizon_that_agrees_changes_nothing() -> None:
    shot = Shot(lost=0.4)
    level = levelled(shot.found, shot.confidence, parts_of(shot.ties, FRAMES), shot.frames, shot.down, 20)
    assert level.rotations is shot.found


def test_a_part_without_horizon_after_a_loss_is_hardly_sure() -> None:
    shot = Shot()
    none = np.empty(0, np.int64)
    level = levelled(shot.found, shot.confidence, parts_of(shot.ties, FRAMES), none, np.empty((0, 3)), 20)
    assert level.rotations is shot.found
    # The longer part is the one that the others are lost from.
    assert level.confidence[: LOST.start].max() == pytest.approx(WEAK)
    assert level.confidence[LOST.stop :].min() == pytest.approx(0.8)


def test_what_was_found_again_by_what_it_shows_needs_no_horizon() -> None:
    shot = Shot()
    ties = [*shot.ties, (0, LOST.stop), *((0, k) for k in LOST)]
    level = levelled(shot.found, shot.confidence, parts_of(ties, FRAMES), shot.frames, shot.down, 20)
    assert level.rotations is shot.found
    np.testing.assert_array_equal(level.confidence, shot.confidence)
