# SPDX-License-Identifier: GPL-3.0-or-later
"""Edges from the full image: a coarse matte must get better, a perfect one must not get worse."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.refine import refine

SKIES = {
    "blue": (110, 150, 210),
    "grey": (225, 227, 230),
    "white": (255, 255, 255),
    "orange": (240, 150, 70),
    "violet": (150, 105, 170),
    "night": (30, 33, 44),
}
every_sky = pytest.mark.parametrize("sky", SKIES.values(), ids=SKIES.keys())


def scene(sky: tuple[int, int, int], seed: int = 0, lit: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Leaf-like blobs and twigs before a sky that pales downwards, 480x360, with the true matte (0..1).

    Light is mixed as a camera mixes it: linear, and encoded after that.
    """
    random = np.random.default_rng(seed)
    large = np.full((1440, 1920), 255, np.uint8)
    large[800:] = 0
    for _ in range(260):
        centre = (int(random.integers(0, 1920)), int(random.normal(800, 90)))
        size = (int(random.integers(6, 60)), int(random.integers(6, 30)))
        cv2.ellipse(large, centre, size, float(random.integers(0, 180)), 0, 360, 0, -1)
    matte = cv2.resize(large, (480, 360), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    ground = np.array([50.0, 62.0, 36.0]) * lit + random.normal(0, 8 * lit, (360, 480, 1))
    behind = np.array(sky, float) * np.linspace(0.94, 1.0, 360)[:, None, None]
    light = [(np.clip(part, 0, 255) / 255) ** 2.2 for part in (behind, ground)]
    frame = 255 * (light[0] * matte[..., None] + light[1] * (1 - matte[..., None])) ** (1 / 2.2)
    frame += random.normal(0, 1.5, frame.shape)
    return np.clip(np.rint(frame), 0, 255).astype(np.uint8), matte


def scene_under(sky: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    return scene(sky, lit=0.15 if max(sky) < 50 else 1.0)


def wrong(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.abs(found - truth).mean())


@every_sky
def test_a_small_matte_gets_better(sky):
    frame, truth = scene_under(sky)
    coarse = cv2.resize(truth, (160, 120), interpolation=cv2.INTER_AREA)
    plain = cv2.resize(coarse, (480, 360), interpolation=cv2.INTER_LINEAR)
    assert wrong(refine(frame, coarse), truth) < 0.6 * wrong(plain, truth)


@every_sky
@pytest.mark.parametrize("blur", [3.0, 6.0, 10.0])
def test_a_blurred_matte_of_full_size_gets_better(sky, blur):
    frame, truth = scene_under(sky)
    blurred = cv2.GaussianBlur(truth, (0, 0), blur)
    refined = refine(frame, blurred)
    assert wrong(refined, truth) < 0.5 * wrong(blurred, truth)
    edge = cv2.morphologyEx(np.uint8(truth > 0.5), cv2.MORPH_GRADIENT, np.ones((21, 21))) > 0
    assert wrong(refined[edge], truth[edge]) < 0.5 * wrong(blurred[edge], truth[edge])


@every_sky
@pytest.mark.parametrize("blur", [0.0, 0.6, 0.9])
def test_a_perfect_matte_stays_so(sky, blur):
    """``blur`` is the lens: of the image and of its true matte alike."""
    frame, truth = scene_under(sky)
    if blur:
        frame, truth = cv2.GaussianBlur(frame, (0, 0), blur), cv2.GaussianBlur(truth, (0, 0), blur)
    assert wrong(refine(frame, truth), truth) < 0.002


@every_sky
@pytest.mark.parametrize("step", [-4, 4])
def test_an_edge_beside_the_true_one_is_pulled_onto_it(sky, step):
    """A skyline and its coarse matte, which is 4 of its 384 pixels too high or too low."""
    rows, columns = np.arange(540)[:, None], np.arange(960)[None]
    skyline = 270 + 60 * np.sin(columns / 90)
    truth = np.clip(skyline - rows + 0.5, 0, 1).astype(np.float32)
    random = np.random.default_rng(2)
    ground = np.array([70.0, 66.0, 60.0]) * (0.15 if max(sky) < 50 else 1) + random.normal(0, 3, (540, 960, 1))
    frame = np.clip(np.array(sky) * truth[..., None] + ground * (1 - truth[..., None]), 0, 255).astype(np.uint8)
    moved = np.clip(skyline + 2.5 * step - rows + 0.5, 0, 1).astype(np.float32)
    coarse = cv2.resize(moved, (384, 216), interpolation=cv2.INTER_AREA)
    assert wrong(moved, truth) > 0.017
    assert wrong(refine(frame, coarse), truth) < 0.004


def test_a_blue_building_before_blue_sky_is_not_eaten():
    random = np.random.default_rng(3)
    truth = np.ones((540, 960), np.float32)
    truth[200:, 300:600], truth[480:] = 0, 0
    frame = np.empty((540, 960, 3))
    frame[:] = (96, 140, 205)
    frame[200:, 300:600] = (84, 122, 178)
    frame[220:480:40, 310:600] = (100, 145, 208)  # bands of glass that show the sky
    frame[480:] = (70, 66, 60)
    frame = np.clip(frame + random.normal(0, 2, frame.shape), 0, 255).astype(np.uint8)
    coarse = cv2.GaussianBlur(cv2.resize(truth, (384, 216), interpolation=cv2.INTER_AREA), (0, 0), 1.5)
    plain = cv2.resize(coarse, (960, 540), interpolation=cv2.INTER_LINEAR)
    refined = refine(frame, coarse)
    assert wrong(refined, truth) < 0.6 * wrong(plain, truth)
    assert refined[260:460, 330:570].max() < 0.02 and refined[:170].min() > 0.98


def test_alike_colours_leave_the_coarse_matte():
    frame = np.full((60, 80, 3), 150, np.uint8)
    coarse = np.zeros((60, 80), np.float32)
    coarse[:30] = 1
    assert np.array_equal(refine(frame, coarse), coarse)


def wired() -> tuple[np.ndarray, np.ndarray]:
    """Frame of 960x540 with wires that the coarse matte (second) has missed."""
    frame = np.full((540, 960, 3), (120, 160, 215), np.uint8)
    frame[420:] = (60, 70, 50)
    for row in (80, 130, 190):
        cv2.line(frame, (0, row), (959, row + 40), (40, 38, 36), 2, cv2.LINE_AA)
    coarse = np.ones((216, 384), np.float32)
    coarse[168:] = 0
    return frame, coarse


def test_wires_are_kept():
    frame, coarse = wired()
    refined = refine(frame, coarse)
    assert refined[frame[..., 2] < 45].max() < 0.1
    assert (refined[:390][(frame[:390] == (120, 160, 215)).all(axis=-1)] > 0.98).mean() > 0.99


def test_a_faint_wire_is_whole():
    """A fifth of a pixel wide, under noise: at no place it tells itself from the noise, along its way it does."""
    random = np.random.default_rng(11)
    wide = np.full((2160, 960), 255, np.uint8)
    cv2.line(wide, (0, 400), (959, 800), 0, 1, cv2.LINE_AA)
    wire = cv2.resize(wide, (960, 540), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    frame, coarse = wired()
    sky = np.where((np.arange(540) < 350)[:, None], wire, 1.0)[..., None]
    frame[:350] = (176, 196, 226)
    frame = np.where(sky < 1, 40 + (frame.astype(np.float32) - 40) * sky, frame) + random.normal(0, 4, frame.shape)
    found = refine(np.clip(np.rint(frame), 0, 255).astype(np.uint8), coarse)
    along = [found[row - 2 : row + 3, x].min() for x in range(40, 920) for row in [round(100 + x * 100 / 960)]]
    assert np.mean(np.array(along) < 0.97) > 0.9
    assert found[:90].mean() > 0.998 and found[220:340].mean() > 0.998


def test_stars_are_no_wires():
    random = np.random.default_rng(4)
    frame = np.full((540, 960, 3), (16, 18, 26), np.uint8)
    frame[:420][random.random((420, 960)) < 0.005] = 150
    frame[420:] = (70, 60, 40)
    _, coarse = wired()
    assert refine(frame, coarse)[:380].mean() > 0.99


def test_a_ridge_in_the_haze_is_no_mixture():
    """Its colour lies between that of the near ground and that of the sky, but it is all ground."""
    random = np.random.default_rng(6)
    frame = np.full((480, 640, 3), (225, 228, 232), np.float32)
    frame[240:] = (180, 186, 190)
    frame[250:] = random.normal((70, 84, 50), 12, (230, 640, 3))
    frame += random.normal(0, 1.5, frame.shape)
    truth = np.zeros((480, 640), np.float32)
    truth[:240] = 1
    coarse = cv2.resize(cv2.GaussianBlur(truth, (0, 0), 3), (320, 240), interpolation=cv2.INTER_AREA)
    refined = refine(np.clip(frame, 0, 255).astype(np.uint8), coarse, 4.0)
    assert refined[242:].mean(axis=1).max() < 0.25
    assert refined[:236].mean(axis=1).min() > 0.8


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("shape", [(216, 384), (540, 960)], ids=["small", "full"])
def test_nothing_but_sky_and_nothing_but_ground_stay(value, shape):
    frame, _ = wired()
    refined = refine(frame, np.full(shape, value, np.float32))
    assert np.array_equal(refined, np.full((540, 960), value, np.float32))


@pytest.mark.parametrize(
    "shape", [(1, 1), (8, 8), (1, 9), (9, 1), (60, 960), (960, 60), (960, 540), (101, 67), (7, 700)], ids=str
)
@pytest.mark.parametrize("fraction", [1.0, 0.4])
def test_any_shape(shape, fraction):
    random = np.random.default_rng(5)
    frame = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    coarse = random.random((max(1, round(shape[0] * fraction)), max(1, round(shape[1] * fraction))), np.float32)
    before = coarse.copy()
    refined = refine(frame, coarse)
    assert refined.shape == shape and refined.dtype == np.float32
    assert np.isfinite(refined).all() and refined.min() >= 0 and refined.max() <= 1
    assert np.array_equal(coarse, before)


def test_a_matte_that_is_not_a_number_somewhere_still_gives_one():
    frame, truth = scene(SKIES["blue"])
    truth[10:20, 10:20] = np.nan
    assert np.isfinite(refine(frame, truth)).all()


def test_the_same_on_any_number_of_threads():
    frame, truth = scene(SKIES["orange"])
    coarse = cv2.resize(truth, (160, 120), interpolation=cv2.INTER_AREA)
    threads, results = cv2.getNumThreads(), []
    try:
        for count in (1, 2, 3):
            cv2.setNumThreads(count)
            results.append(refine(frame, coarse))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(results[0], results[1]) and np.array_equal(results[1], results[2])
