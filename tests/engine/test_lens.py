# SPDX-License-Identifier: GPL-3.0-or-later
"""Radial distortion, there and back, and what is seen through it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyar_blender.engine.lens import LEAST, MOST, Lens, distorted, half_diagonal, undistorted
from skyar_blender.engine.sky.panorama import PanoramaSky
from skyar_blender.engine.track.geometry.analysis import AnalysisScale
from skyar_blender.engine.track.geometry.rotations import centred_homography, rotation_from_vector
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.evaluation.tracking import moves
from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.track_errors import sky_errors
from skyar_blender.evaluation.tracking.world import make_world, overcast

DISTORTIONS = [-0.4, -0.1, 0.1]


@given(
    st.floats(LEAST, MOST / 2),
    st.floats(0, 1),
    st.floats(0, 2 * np.pi),
    st.floats(1, 4000),
)
def test_there_and_back(distortion: float, far: float, angle: float, half: float) -> None:
    seen = far * half * np.array([np.cos(angle), np.sin(angle)])
    ideal = undistorted(seen, distortion, half)
    assert np.allclose(distorted(ideal, distortion, half), seen, atol=1e-6 * half)


def test_a_barrel_draws_the_corners_in() -> None:
    half = half_diagonal(640, 480)
    assert half == 400
    assert np.allclose(undistorted(np.array([half, 0.0]), -0.2, half), [half / 0.8, 0])
    assert np.isnan(distorted(np.array([9 * half, 0.0]), 0.2, half)).all()  # no such lens shows that


@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_the_new_sky_is_seen_through_the_same_lens(distortion: float) -> None:
    random = np.random.default_rng(2)
    image = cv2.GaussianBlur(random.uniform(0, 1, (256, 512, 3)).astype(np.float32), (0, 0), 6)
    width, height, focal = 160, 96, 130.0
    rotation = rotation_from_vector(np.array([0.3, 0.5, 0.1]))
    distorted = PanoramaSky(image).view(rotation, focal, width, height, distortion)
    # The same from a straight view that is four times as large: sampled where the lens says.
    wide, high, scale = 1280, 960, 4.0
    straight = PanoramaSky(image).view(rotation, focal * scale, wide, high)
    grid = np.stack(np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2), axis=-1)
    ideal = Lens.of(focal, distortion, width, height).ideal(grid) * scale
    x, y = (ideal[..., 0] + (wide - 1) / 2).astype(np.float32), (ideal[..., 1] + (high - 1) / 2).astype(np.float32)
    assert np.abs(distorted - cv2.remap(straight, x, y, cv2.INTER_LINEAR)).max() < 0.01


@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_a_warp_goes_through_the_lens(distortion: float) -> None:
    scale = AnalysisScale(320, 180, 640, 360, distortion)
    turn = centred_homography(rotation_from_vector(np.array([0.02, 0.08, 0.05])), 250.0, 250.0)
    warp = scale.warp(turn)
    pixels = np.array([[30.0, 40.0], [160.0, 90.0], [300.0, 20.0]])
    lens = Lens.of(250.0, distortion, 320, 180)
    centre = np.array([159.5, 89.5])
    rays = np.column_stack([lens.ideal(pixels - centre) / 250, np.ones(3)])
    turned = rays @ rotation_from_vector(np.array([0.02, 0.08, 0.05])).T
    assert np.allclose(warp.points(pixels), lens.seen(250 * turned[:, :2] / turned[:, 2:]) + centre, atol=1e-9)
    # An image of spots goes where its points go.
    image = np.zeros((180, 320), np.uint8)
    for x, y in pixels.astype(int):
        cv2.circle(image, (x, y), 3, 255, -1, cv2.LINE_AA)
    moved = warp.image(image)
    for there in warp.points(pixels):
        if 8 < there[0] < 312 and 8 < there[1] < 172:
            assert moved[round(there[1]), round(there[0])] > 200


@pytest.mark.parametrize("distortion", [0.0, -0.2])
def test_a_pan_through_a_lens_that_distorts_sticks_and_a_straight_one_stays_straight(distortion: float) -> None:
    width, height = 426, 240
    focal = 28 / 36 * width
    pan = moves.turning(focal, 31, yaw=16)
    case = Case(
        name="pan", place=lambda: make_world(overcast(6), 11, near=False), width=width, height=height, frames=31,
        move=moves.distorted(pan, distortion),
    )  # fmt: skip
    tracker = make_tracker("SOLVE", width=width, height=height, fps=25.0, focal_mm=None, quality="normal")
    mattes = []
    for frame, matte in shoot(case):
        tracker.add(frame, matte)
        mattes.append(matte)
    track = tracker.solve()
    errors = sky_errors(
        [np.array(frame.homography) for frame in track.frames], case.truths(), mattes, track.distortions()
    )
    assert errors.per_frame.max() < 0.5
    if distortion == 0:
        assert track.distortion == [0.0]
    else:
        assert track.distortion[0] == pytest.approx(distortion, abs=0.02)
