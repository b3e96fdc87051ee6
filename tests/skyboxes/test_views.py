# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of panoramas, and what is measured in them."""

import cv2
import numpy as np
import pytest

from skyboxes.making.views import HEIGHT, WIDTH, octaves, view


def test_a_view_looks_where_it_is_told() -> None:
    panorama = np.zeros((256, 512, 3), np.float32)
    panorama[:, 384] = 1  # a quarter to the right, and the column's middle half a pixel further
    seen, above = view(panorama, 90.35)
    assert seen.shape == (HEIGHT, WIDTH, 3)
    assert seen[HEIGHT // 2, :, 0].argmax() == pytest.approx(WIDTH / 2, abs=6)
    assert above[0].all() and not above[-1].any()


def test_what_is_soft_has_little_in_the_finest_octave() -> None:
    sharp = np.random.default_rng(1).random((256, 256)).astype(np.float32)
    soft = cv2.GaussianBlur(sharp, (0, 0), 2.0)
    one, other = (energy[0] / energy[2] for energy in (octaves(sharp), octaves(soft)))
    assert other < 0.01 * one
