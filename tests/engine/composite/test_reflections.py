# SPDX-License-Identifier: GPL-3.0-or-later
"""Water mirrors the new sky upside down; meadows and the sky itself do not."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.engine.colour import frame_from_linear, linear_from_frame
from skyar_blender.engine.composite.reflections import reflected, reflection
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.sky.panorama import PanoramaSky

WIDTH, HEIGHT, FOCAL = 240, 160, 200.0
HORIZON = 70
SHORE = 90
OLD = np.array([0.45, 0.55, 0.75])
MEADOW = np.array([0.05, 0.14, 0.02])
LEFT, RIGHT = np.array([0.9, 0.3, 0.1]), np.array([0.1, 0.3, 0.9])


def level(horizon: float) -> np.ndarray:
    """World to camera of a camera whose horizon lies in that row."""
    pitch = np.arctan((horizon - (HEIGHT - 1) / 2) / FOCAL)
    sine, cosine = np.sin(pitch), np.cos(pitch)
    return np.array([[1, 0, 0], [0, cosine, sine], [0, -sine, cosine]])


def lake(waves: float = 0.0, of_the_sky: float = 0.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frame, matte and clean plate: sky, a far bank, and a lake whose right third is a meadow."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    linear = np.ones((HEIGHT, WIDTH, 1)) * OLD
    glitter = 1 + waves * np.random.default_rng(1).uniform(-1, 1, (HEIGHT, WIDTH, 1))
    linear = np.where((rows > SHORE)[..., None], OLD * of_the_sky * glitter, linear)
    bank = ((rows > HORIZON - 4) & (rows <= SHORE)) | ((rows > SHORE) & (columns > 2 * WIDTH // 3))
    linear = np.where(bank[..., None], MEADOW, linear)
    matte = (rows <= HORIZON - 4).astype(np.float32)
    plate = (np.ones((HEIGHT, WIDTH, 1)) * OLD).astype(np.float32)
    return frame_from_linear(linear.astype(np.float32)), matte, plate


def two_colours() -> PanoramaSky:
    """Left of ahead one colour, right of ahead another, all the way up and down."""
    image = np.zeros((64, 128, 3), np.float32)
    image[:, :64], image[:, 64:] = LEFT, RIGHT
    return PanoramaSky(image)


def found(waves: float = 0.0, of_the_sky: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    frame, matte, plate = lake(waves, of_the_sky)
    camera = (level(HORIZON), Lens.of(FOCAL, 0.0, WIDTH, HEIGHT))
    return reflection(frame, matte, plate, two_colours(), camera)


@pytest.mark.parametrize(
    ("waves", "of_the_sky", "least"), [(0.0, 0.5, 0.5), (0.6, 0.15, 0.3)], ids=["still", "waves"]
)
def test_water_is_found_and_the_meadow_is_not(waves: float, of_the_sky: float, least: float) -> None:
    _, fraction = found(waves, of_the_sky)
    water = fraction[SHORE + 15 : SHORE + 40, 20 : WIDTH // 2]
    assert np.median(water) > least
    assert fraction[SHORE + 15 :, 2 * WIDTH // 3 + 25 :].max() < 0.05
    assert fraction[: HORIZON - 4].max() == 0
    assert fraction.min() >= 0 and fraction.max() <= 1


def test_the_mirror_is_the_new_sky_over_the_old_upside_down() -> None:
    gain, _ = found()
    assert np.allclose(gain[SHORE + 20, 30], LEFT / OLD, rtol=0.05)
    assert np.allclose(gain[SHORE + 20, WIDTH - 30], RIGHT / OLD, rtol=0.05)


def test_what_is_high_in_the_sky_is_low_in_the_water() -> None:
    rows = np.linspace(1, 0, 256)[:, None, None] * np.ones((1, 512, 3))  # bright above
    frame, matte, plate = lake()
    camera = (level(HORIZON), Lens.of(FOCAL, 0.0, WIDTH, HEIGHT))
    gain, _ = reflection(frame, matte, plate, PanoramaSky(rows.astype(np.float32)), camera)
    column = gain[SHORE:, 60, 0]
    assert np.all(np.diff(column) > -1e-3) and column[-1] > column[0] + 0.1


def test_all_around_the_water_mirrors_what_stands_above_it() -> None:
    rows = np.mgrid[0:96, 0:192][0]
    linear = np.where((rows > 50)[..., None], OLD * 0.25, OLD * np.ones((96, 192, 1)))
    linear[44:51] = MEADOW
    matte, plate = (rows < 44).astype(np.float32), (np.ones((96, 192, 1)) * OLD).astype(np.float32)
    turn = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])  # a quarter: the seam of colours lies elsewhere
    for rotation, near in ((np.eye(3), (48, 144)), (turn, (96, 0))):
        frame = frame_from_linear(linear.astype(np.float32))
        gain, fraction = reflection(frame, matte, plate, two_colours(), (rotation, None))
        assert fraction[56].min() > 0.3 and fraction[:44].max() == 0
        found = {tuple(np.round(gain[56, column] * OLD, 1)) for column in near}
        assert found == {tuple(LEFT), tuple(RIGHT)}


def test_a_bent_lens_and_a_camera_that_looks_down() -> None:
    frame, matte, plate = lake()
    for horizon, distorted in ((HORIZON, -0.2), (-900.0, 0.0), (900.0, 0.0)):
        camera = (level(horizon), Lens.of(FOCAL, distorted, WIDTH, HEIGHT))
        gain, fraction = reflection(frame, matte, plate, two_colours(), camera)
        assert np.isfinite(gain).all() and np.isfinite(fraction).all()
        assert gain.shape == frame.shape and fraction.shape == matte.shape


def test_off_is_off_and_white_stays_white() -> None:
    frame, _, _ = lake()
    front = linear_from_frame(frame)
    gain, fraction = np.full(front.shape, 3, np.float32), np.ones(front.shape[:2], np.float32)
    lit = front * np.float32(0.5)
    assert reflected(front, lit, gain, fraction, 0.0, (1.0, 1.0)) is lit
    assert reflected(front, lit, None, None, 1.0, (0.0, 0.0)) is lit
    whole = reflected(front, lit, gain, fraction, 1.0, (0.0, 0.0))
    assert np.allclose(whole, front * 3 / (1 + front * 2), atol=1e-6)
    assert reflected(np.ones_like(front), lit, gain, fraction, 1.0, (5.0, 0.0)).max() == pytest.approx(1)
    half = reflected(front, lit, gain, fraction * 0.5, 1.0, (0.0, 0.0))
    assert np.allclose(half, (lit + whole) / 2, atol=1e-6)
