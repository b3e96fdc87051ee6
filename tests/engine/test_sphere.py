# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of all directions: views and back, the new sky all around, and turns of the sphere."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.spherical import SphericalMatte
from skyar_blender.engine.sky.panorama import PanoramaSky
from skyar_blender.engine.sphere.all_around import seen_all_around
from skyar_blender.engine.sphere.directions import directions, pixels, turned
from skyar_blender.engine.sphere.views import Views, looking
from skyar_blender.engine.track.geometry.rotations import rotation_from_vector
from skyar_blender.engine.track.trackers.sphere_tracker import SphereTracker

WIDTH, HEIGHT = 512, 256


def _place() -> np.ndarray:
    """Rough in all directions, without a seam."""
    rng = np.random.default_rng(3)
    rays = directions(np.arange(WIDTH), np.arange(HEIGHT)[:, None], WIDTH, HEIGHT)
    waves = rng.normal(size=(60, 3)) * np.geomspace(4, 40, 60)[:, None]
    image = np.sin(rays @ waves.T + rng.uniform(0, 6, 60)).sum(axis=-1)
    return np.asarray(np.clip(128 + 16 * image, 0, 255), np.uint8)[..., None].repeat(3, axis=2)


def test_directions_and_pixels_go_together() -> None:
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    found = pixels(directions(columns, rows, WIDTH, HEIGHT), WIDTH, HEIGHT)
    np.testing.assert_allclose(found, (columns, rows), atol=1e-6)
    ahead = directions(np.array(WIDTH / 2 - 0.5), np.array(HEIGHT / 2 - 0.5), WIDTH, HEIGHT)
    np.testing.assert_allclose(ahead, (0, 0, 1), atol=1e-9)


def test_a_matte_comes_back_from_its_views() -> None:
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    skyline = HEIGHT * (0.45 + 0.05 * np.sin(columns / WIDTH * 2 * np.pi * 3 + 1))
    matte = np.clip(skyline - rows, 0, 1).astype(np.float32)
    views = Views(WIDTH, HEIGHT)
    joined = views.joined([views.view(matte, number) for number in range(views.count)])
    assert np.abs(joined - matte).mean() < 0.003
    assert (np.abs(joined - matte) > 0.1).mean() < 0.01
    assert joined[0].min() > 0.99 and joined[-1].max() == 0  # straight up and down
    assert np.abs(joined[:, 0] - joined[:, -1]).max() < 0.6  # as far as neighbours at an edge may differ


@pytest.mark.parametrize("degrees", [0.0, 50.0])
def test_the_new_sky_lies_in_all_directions(degrees: float) -> None:
    columns, rows = np.meshgrid(np.arange(256), np.arange(128))
    around, up = columns / 256 * 2 * np.pi, (0.5 - rows / 128) * np.pi
    panorama = np.stack([1 + np.sin(around) * np.cos(up), 1 + np.cos(around) * np.cos(up), 2 + np.sin(up)], axis=-1)
    rotation = looking(degrees, 0)
    seen = seen_all_around(PanoramaSky(panorama.astype(np.float32)), rotation, 256, 128)
    expected = np.roll(panorama, -round(degrees / 360 * 256), axis=1)
    assert np.abs(seen - expected).mean() < 0.02
    assert np.abs(seen[:, 0] - seen[:, -1]).max() < 0.06


def test_turns_of_the_sphere_are_found_and_survive_a_restart() -> None:
    place = _place()
    matte = np.zeros((HEIGHT, WIDTH), np.uint16)
    truth = [rotation_from_vector(np.radians([0.4 * i, -3.0 * i, 0.8 * i])) for i in range(8)]
    tracker = SphereTracker(width=WIDTH, height=HEIGHT, fps=24)
    for index, rotation in enumerate(truth):
        if index == 4:
            state, tracker = tracker.checkpoint(), SphereTracker(width=WIDTH, height=HEIGHT, fps=24)
            tracker.restore(state)
        tracker.add(turned(place, rotation), matte)
    track = tracker.solve()
    for frame, rotation in zip(track.frames, truth, strict=True):
        apart = np.degrees(np.linalg.norm(cv2.Rodrigues(np.array(frame.rotation) @ rotation.T)[0]))
        assert apart < 0.1
    assert min(frame.confidence for frame in track.frames[1:]) > 0.8
    with pytest.raises(ValueError, match="damaged"):
        tracker.restore(b"nothing")


def test_below_eye_level_nothing_is_sky_that_has_land_above_it() -> None:
    class Fooled:
        """Takes all that is white for sky."""

        adapted = True

        def matte(self, frame: np.ndarray, previous: object, hints: object) -> np.ndarray:
            return np.asarray(frame[..., 0] > 128, np.float32)

    class Method:
        name, sample_size = "fooled", 64

        def fit(self, samples: object, hints: object) -> Fooled:
            return Fooled()

    rows = np.arange(HEIGHT)[:, None, None] * np.ones((1, WIDTH, 3))
    snow = np.asarray(np.where((rows < 125) | (rows > 140), 255, 20), np.uint8)  # trees stand between sky and snow
    matte = SphericalMatte(Method()).fit([snow]).matte(snow, None)  # type: ignore[arg-type]
    assert matte[:120].min() > 0.99 and matte[140:].max() < 0.01
