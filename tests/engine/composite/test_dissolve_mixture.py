# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of a dissolve: what the composite makes of the mixture is the mixture of what it makes of both shots."""

import cv2
import numpy as np

from skyar_blender.contract.job import Look
from skyar_blender.engine.colour import frame_from_linear, linear_from_frame
from skyar_blender.engine.composite.dissolve import Mixture, moved, weight_of
from skyar_blender.engine.composite.look import Layers, composite_linear
from skyar_blender.engine.survey.dissolve_motion import carried

_LOOK = Look(recolour=0, relight=0, light_wrap=0, grain=0)


def _plain(level: float, colour: tuple[float, float, float]) -> np.ndarray:
    return np.asarray(np.ones((40, 60, 3)) * level * colour, np.float32)


def test_both_skies_are_replaced_by_their_share() -> None:
    rows = np.arange(40)[:, None] * np.ones((1, 60))
    mattes = [np.clip(edge - rows, 0, 1).astype(np.float32) for edge in (12.5, 28.0)]
    plates = [_plain(level, (0.8, 0.9, 1.0)) for level in (0.9, 0.4)]
    skies = [_plain(level, (1.0, 0.7, 0.4)) for level in (0.1, 0.6)]
    ground = np.full((40, 60, 3), 0.02, np.float32)
    frames = [
        frame_from_linear(matte[..., None] * plate + (1 - matte[..., None]) * ground)
        for matte, plate in zip(mattes, plates, strict=True)
    ]
    fraction = 0.4
    seen = np.asarray(np.rint((1 - fraction) * frames[0].astype(np.float32) + fraction * frames[1]), np.uint8)
    mixture = Mixture(weight_of(*frames, fraction), *mattes)
    layers = Layers(mixture.matte, mixture.mixed(*skies), mixture.mixed(*plates))
    made = composite_linear(linear_from_frame(seen), layers, _LOOK)
    wholes = [
        composite_linear(linear_from_frame(frame), Layers(matte, sky, plate), _LOOK)
        for frame, matte, sky, plate in zip(frames, mattes, skies, plates, strict=True)
    ]
    weight = mixture.weight[..., None]
    np.testing.assert_allclose(made, weight * wholes[0] + (1 - weight) * wholes[1], atol=0.015)
    assert np.allclose(mixture.weight[35], 0.6, atol=0.01)  # where both are alike


def test_a_shot_moves_on_while_it_goes_away() -> None:
    rng = np.random.default_rng(2)

    def rough() -> np.ndarray:
        small = rng.integers(0, 255, (30, 80, 3)).astype(np.uint8)
        return cv2.resize(small, (640, 240), interpolation=cv2.INTER_CUBIC)

    one, other = rough(), rough()
    fractions = [0.2, 0.4, 0.6, 0.8]
    frames = [one[:, 3 * index :][:, :320] for index in range(4)]
    for index, fraction in enumerate(fractions, start=4):
        mixed = (1 - fraction) * one[:, 3 * index :][:, :320].astype(np.float32) + fraction * other[:, :320]
        frames.append(np.asarray(np.rint(mixed), np.uint8))
    found = carried(frames, fractions)
    for step, homography in enumerate(found, start=1):
        assert np.allclose(homography[:2, 2], [-3 * step, 0], atol=0.5)
    assert np.array_equal(moved(one, np.eye(3)), one)
