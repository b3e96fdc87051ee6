# SPDX-License-Identifier: GPL-3.0-or-later
"""A drive is not taken for a zoom, nor a zoom for a drive; a camera that clouds hold is known to travel."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.engine.track.features.points import Label, Points
from skyar_blender.engine.track.geometry.analysis import AnalysisScale
from skyar_blender.engine.track.keyframes import travelling
from skyar_blender.engine.track.keyframes.follow import follow
from skyar_blender.engine.track.keyframes.keyframe import FramePose, FrameRecord, KeyPose, Status
from skyar_blender.engine.track.keyframes.state import Previous, TrackerState
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.zoomed_turn import zoom_explains
from skyar_blender.evaluation.tracking import moves, places, world
from skyar_blender.evaluation.tracking.poses import Move, true_homography
from skyar_blender.evaluation.tracking.track_errors import Truth, corner_errors
from skyar_blender.evaluation.tracking.view import see

WIDTH, HEIGHT, FOCAL = 320, 180, 215.0
RANDOM = np.random.default_rng(8)
#: A street: things at 6 to 80 metres.
STREET = RANDOM.uniform((-20, -6, 6), (20, 1.5, 80), (260, 3))
#: A wall that stands across the way, and one along it.
WALL = RANDOM.uniform((-10, -6, 30), (10, 1.5, 30), (160, 3))


def seen(points: np.ndarray, metres: float, zoom: float = 1.0, roll: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Centred pixels of points before and after a way forward and a zoom, with noise; what both images show."""
    turned = Rotation.from_euler("z", roll, degrees=True).apply(points - (0, 0, metres))
    first = FOCAL * points[:, :2] / points[:, 2:]
    second = zoom * FOCAL * turned[:, :2] / np.maximum(turned[:, 2:], 0.1)
    inside = (np.abs(first) < (160, 90)).all(axis=1) & (np.abs(second) < (160, 90)).all(axis=1) & (turned[:, 2] > 1)
    noise = RANDOM.normal(0, 0.1, (2, int(inside.sum()), 2))
    return first[inside] + noise[0], second[inside] + noise[1]


def test_a_zoom_explains_a_zoom_and_what_is_all_equally_far() -> None:
    assert zoom_explains(*seen(STREET, 0.0, zoom=1.1), FOCAL)
    assert zoom_explains(*seen(WALL, 3.0), FOCAL)


def test_a_zoom_does_not_explain_a_way_along_a_street() -> None:
    for metres in (1.0, 3.0):
        first, second = seen(STREET, metres)
        assert len(first) > 60
        assert not zoom_explains(first, second, FOCAL)


def test_somebody_who_passes_makes_no_travel_of_a_zoom() -> None:
    first, second = seen(STREET, 0.0, zoom=1.1)
    second = second.copy()
    second[: len(second) // 4] += (7.0, 1.0)
    assert zoom_explains(first, second, FOCAL)


def followed(sky: world.Image, seed: int, move: Move, frames: int) -> tuple[Any, np.ndarray]:
    """The track of a made clip, and how far the frame's corners are off, in pixels."""
    place = places.along(sky, seed, moves.travelling(FOCAL, 40, lambda time: 0.6), 40, things=70)
    tracker = make_tracker("SOLVE", width=WIDTH, height=HEIGHT, fps=25.0, focal_mm=None, quality="normal")
    for index in range(frames):
        image, matte = see(place, move, index, WIDTH, HEIGHT)
        noisy = image + np.random.default_rng(index).normal(0, 1, image.shape)
        tracker.add(np.clip(noisy, 0, 255).astype(np.uint8), np.rint(matte * 65535).astype(np.uint16))
    track = tracker.solve()
    poses = [move(index) for index in range(frames)]
    truths = [Truth(0, true_homography(poses[0], pose, WIDTH, HEIGHT)) for pose in poses]
    found = [np.array(frame.homography) for frame in track.frames]
    return track, corner_errors(found, truths, WIDTH, HEIGHT).per_frame


@pytest.mark.parametrize("seed", (56, 61, 89))
def test_a_drive_is_not_taken_for_a_zoom(seed: int) -> None:
    """In these a zoom explains three quarters of the land: the error was more than a hundred pixels."""
    sky = world.clouded(seed) if seed % 2 else world.overcast(seed)
    move = moves.shaking(moves.travelling(FOCAL, 20, lambda time: 0.6), seed, 0.1)
    track, errors = followed(sky, seed, move, 20)
    assert not isinstance(track.focal_px, list)
    assert errors.max() < 2.0


@pytest.mark.parametrize("near", (9.0, 14.0))
def test_clouds_are_heard_where_most_of_the_land_denies_what_the_rest_of_it_says(near: float) -> None:
    """Ground that moves by 0 to ``near`` pixels, under clouds that stand still: four pixels off without them."""
    width, height = 640, 360
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    texture = cv2.GaussianBlur(RANDOM.uniform(0, 255, (height, width + 80)).astype(np.float32), (0, 0), 1.6)
    texture = np.clip((texture - texture.mean()) * 3 + 128, 0, 255)
    top = height // 3
    way = np.where(y < top, 0, near * (y - top) / (height - top)).astype(np.float32)
    images = [cv2.remap(texture, x + 40 - moved, y, cv2.INTER_LINEAR).astype(np.uint8) for moved in (0 * way, way)]
    at = np.stack(np.meshgrid(np.arange(20.0, width - 20, 28), np.arange(14.0, height - 10, 16)), -1).reshape(-1, 2)
    in_sky = at[:, 1] < top - 8
    points = Points(at, np.where(in_sky, Label.SKY, Label.NEAR).astype(np.uint8), np.where(in_sky, 0.5, 1.0))
    scale = AnalysisScale(width, height, width, height)
    found = follow(images[0], points, 430.0, images[1], scale, np.eye(3), 430.0, zooming=False, seed=1, levels=3)
    assert found is not None
    assert found.from_sky
    assert 430.0 * Rotation.from_matrix(found.rotation).magnitude() < 0.05


def test_clouds_that_hold_a_camera_which_travels_do_not_end_its_trails(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are there, from the first frame on, when the clouds pass out of sight."""
    image = np.zeros((HEIGHT, WIDTH), np.uint8)
    at = np.stack(np.meshgrid(np.arange(20.0, 300, 20), np.arange(20.0, 160, 20)), axis=-1).reshape(-1, 2)
    points = Points(at, np.full(len(at), Label.NEAR, np.uint8), np.ones(len(at)))
    monkeypatch.setattr(travelling, "_holds", lambda data, scale: True)

    def trails_left(*, from_sky: bool) -> list[int]:
        data = TrackerState(focal=FOCAL)
        data.poses.append(KeyPose(0, 0, FramePose(np.eye(3), FOCAL), 1.0))
        data.previous = Previous(image, at, np.ones(len(at)), np.ones(len(at), bool))
        for _ in range(15):
            status = Status.SKY if from_sky else Status.SCENE
            data.records.append(FrameRecord(0, 0, np.eye(3), FOCAL, 0.5, status))
            if len(data.records) == 1:
                travelling.begin(data, image, points)
                continue
            if data.feature_tracks is None:
                break
            taken: Any = SimpleNamespace(
                feature_tracks=data.feature_tracks, travel=np.array([1.0, 0, 0]), travelled=True
            )
            found: Any = SimpleNamespace(zoomed=False, land_fraction=0.05, from_sky=from_sky)
            travelling.watch(data, taken, found, AnalysisScale(WIDTH, HEIGHT, WIDTH, HEIGHT), lambda: points)
        return [each.frame for each in data.seen]

    assert trails_left(from_sky=True) == list(range(15))
    # Where far things on land hold it, a look now and then is enough.
    assert trails_left(from_sky=False) == []
