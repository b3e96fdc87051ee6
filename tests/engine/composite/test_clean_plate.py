# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky behind the foreground."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.colour import frame_from_linear, linear_from_frame
from skyar_blender.engine.composite.clean_plate import REACH, clean_plate, sky_samples
from skyar_blender.engine.composite.foreground import without_old_sky

HEIGHT, WIDTH = 180, 320


def sky(shift: float = 0.0) -> np.ndarray:
    """A blue gradient with soft clouds, scene-linear; ``shift`` pixels to the right."""
    x, y = np.meshgrid(np.arange(WIDTH) - shift, np.arange(HEIGHT))
    clouds = 0.5 + 0.5 * np.sin(x / 31 + np.sin(y / 23)) * np.cos(y / 19)
    blue = np.stack([0.15 + y / 900, 0.3 + y / 900, 0.7 - y / 900], axis=-1)
    return (blue + clouds[..., None] * 0.15).astype(np.float32)


def branches(seed: int = 1) -> np.ndarray:
    """A matte with branches across the sky, and ground below."""
    random = np.random.default_rng(seed)
    cover = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(40):
        start, end = random.integers((0, 0), (WIDTH, HEIGHT), (2, 2))
        cv2.line(cover, start.tolist(), end.tolist(), 255, int(random.integers(1, 7)), cv2.LINE_AA)
    cover[130:] = 255
    return (1 - cover / 255).astype(np.float32)


def seen(behind: np.ndarray, matte: np.ndarray, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Dark branches before a sky, as an 8-bit image."""
    linear = behind * matte[..., None] + 0.02 * (1 - matte[..., None])
    grain = np.random.default_rng(seed).normal(0, noise, linear.shape)
    return np.clip(frame_from_linear(linear) + grain, 0, 255).round().astype(np.uint8)


def test_the_sky_goes_on_behind_branches() -> None:
    behind, matte = sky(), branches()
    plate = clean_plate(sky_samples(seen(behind, matte), matte))
    error = np.abs(plate - behind).mean(axis=2)
    assert error[:125][matte[:125] > 0.99].mean() < 0.01
    assert error[:125][matte[:125] < 0.99].mean() < 0.03
    # Below the horizon it stays a sky: neither black nor brighter than all that was seen.
    assert plate[140:].min() > 0.1 and plate[140:].max() < 1.0


@pytest.mark.parametrize("times", [8, 12])
def test_a_plate_much_smaller_than_its_frame_takes_no_colour_from_branches(times: int) -> None:
    large = (WIDTH * times // 2 + 3, HEIGHT * times // 2 + 1)  # blocks at the end are smaller
    behind, matte = (cv2.resize(each, large, interpolation=cv2.INTER_LINEAR) for each in (sky(), branches()))
    plate = clean_plate(sky_samples(seen(behind, matte), matte, WIDTH // 2))
    error, above = np.abs(plate - behind).mean(axis=2), round(0.69 * large[1])
    assert error[:above][matte[:above] > 0.99].mean() < 0.015
    assert error[:above][matte[:above] < 0.99].mean() < 0.04


def test_it_gives_the_true_foreground_where_alpha_over_leaves_the_sky_in() -> None:
    behind, matte = sky(), branches()
    frame = seen(behind, matte, noise=1.0)
    linear, cover = linear_from_frame(frame), np.ascontiguousarray(np.repeat(matte[..., None], 3, axis=2))
    plate = clean_plate(sky_samples(frame, matte))
    true = 0.02 * (1 - cover)
    edge = (matte > 0.05) & (matte < 0.95)
    clean, plain = (np.abs(without_old_sky(linear, cover, each, 1.0) - true)[edge].mean() for each in (plate, None))
    assert clean < 0.3 * plain


def test_a_static_shot_has_a_steady_plate_under_grain_and_a_chattering_matte() -> None:
    behind = sky()
    random = np.random.default_rng(4)
    samples = []
    for index in range(2 * REACH + 2):
        matte = np.clip(branches() + random.normal(0, 0.02, (HEIGHT, WIDTH)), 0, 1).astype(np.float32)
        samples.append(sky_samples(seen(behind, branches(), noise=2.0, seed=index), matte))
    alone = [clean_plate(each) for each in samples]
    steady = [clean_plate(samples[k], samples[:k] + samples[k + 1 :]) for k in (REACH, REACH + 1)]
    hidden = slice(135, None)
    assert np.abs(steady[1] - steady[0])[hidden].mean() < 0.5 * np.abs(alone[REACH + 1] - alone[REACH])[hidden].mean()
    assert np.abs(steady[1] - steady[0])[hidden].max() * 255 < 1


def test_a_moving_camera_leaves_no_ghost() -> None:
    """A bright wall comes into view; the sky beside it must not take its colour, nor that of other frames."""
    plates, behinds = [], [sky(40 * k) for k in range(3)]
    samples = [sky_samples(seen(behind, branches()), branches()) for behind in behinds]
    for k in range(3):
        plates.append(clean_plate(samples[k], [each for each in samples if each is not samples[k]]))
    clear = branches()[:125] > 0.99
    for plate, behind in zip(plates, behinds, strict=True):
        assert np.abs(plate - behind)[:125][clear].mean() < 0.012


def test_another_shot_does_not_count() -> None:
    matte = branches()
    own, other = sky_samples(seen(sky(), matte), matte), sky_samples(seen(sky()[..., ::-1] * 0.3, matte), matte)
    assert np.abs(clean_plate(own, [other]) - clean_plate(own)).max() < 0.01


@pytest.mark.parametrize("fraction", [0.0, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (7, 5), (HEIGHT, WIDTH)])
def test_hard_images_give_finite_plates(size: tuple[int, int], fraction: float) -> None:
    frame = np.random.default_rng(2).integers(0, 256, (*size, 3)).astype(np.uint8)
    plate = clean_plate(sky_samples(frame, np.full(size, fraction, np.float32)))
    assert plate.shape == (*size, 3) and np.isfinite(plate).all() and plate.min() >= 0
    if fraction == 0:
        assert plate.max() == 0


def test_broken_numbers_in_a_float_image_stay_out() -> None:
    image = sky()
    image[3, 3], image[9, 9] = np.nan, np.inf
    plate = clean_plate(sky_samples(image, np.ones((HEIGHT, WIDTH), np.float32)))
    assert np.isfinite(plate).all() and plate.max() < 2


def test_sizes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in size"):
        sky_samples(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.float32))
