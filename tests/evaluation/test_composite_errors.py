# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour difference, structural similarity and their regions, against published or plainly worked out values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyar_blender.evaluation.metrics.ciede2000 import ciede2000, lab_from_frame
from skyar_blender.evaluation.metrics.composite_errors import SAME_PSNR, composite_errors
from skyar_blender.evaluation.metrics.similarity import MARGIN, similarity_map

#: Of table 1 of Sharma, Wu and Dalal (2005): two colours and their difference.
PUBLISHED = [
    ((50.0000, 2.6772, -79.7751), (50.0000, 0.0000, -82.7485), 2.0425),
    ((50.0000, -1.3802, -84.2814), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, 0.0000, 0.0000), (50.0000, -1.0000, 2.0000), 2.3669),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0009), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0011), 7.2195),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0009, -2.4900), 4.8045),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0011, -2.4900), 4.7461),
    ((50.0000, 2.5000, 0.0000), (50.0000, 0.0000, -2.5000), 4.3065),
    ((50.0000, 2.5000, 0.0000), (73.0000, 25.0000, -18.0000), 27.1492),
    ((50.0000, 2.5000, 0.0000), (56.0000, -27.0000, -3.0000), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


def test_ciede2000_of_the_published_pairs():
    first, second, expected = (np.array(part) for part in zip(*PUBLISHED, strict=True))
    np.testing.assert_allclose(ciede2000(first, second), expected, atol=5e-5)
    np.testing.assert_allclose(ciede2000(second, first), expected, atol=5e-5)


def test_lab_of_known_colours():
    colours = np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255], [119, 119, 119]]], np.uint8)
    lab = lab_from_frame(colours)[0]
    np.testing.assert_allclose(lab[0], [100, 0, 0], atol=1e-4)
    np.testing.assert_allclose(lab[1], [0, 0, 0], atol=1e-6)
    # As every table of sRGB's primaries has them.
    np.testing.assert_allclose(lab[2], [53.24, 80.10, 67.22], atol=0.02)
    np.testing.assert_allclose(lab[3], [32.30, 79.19, -107.86], atol=0.02)
    np.testing.assert_allclose(lab[4], [50.03, 0, 0], atol=0.02)


def noise(seed: int, shape: tuple[int, ...] = (48, 64, 3)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_similarity_is_the_papers_sum_over_a_gaussian_window():
    first, second = noise(1), noise(2)
    second = (0.6 * first + 0.4 * second).astype(np.uint8)
    away = np.arange(-5, 6)
    window = np.exp(-(away[:, None] ** 2 + away**2) / (2 * 1.5**2))
    window /= window.sum()
    row, column = 20, 30
    x, y = (
        (image.astype(float) @ [0.2126, 0.7152, 0.0722])[row - 5 : row + 6, column - 5 : column + 6]
        for image in (first, second)
    )
    mx, my = (window * x).sum(), (window * y).sum()
    vx, vy = (window * (x - mx) ** 2).sum(), (window * (y - my) ** 2).sum()
    both = (window * (x - mx) * (y - my)).sum()
    c1, c2 = 2.55**2, 7.65**2
    expected = (2 * mx * my + c1) * (2 * both + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    assert similarity_map(first, second)[row, column] == pytest.approx(expected, abs=1e-5)


def test_the_same_image_has_no_error():
    image, alpha = noise(3), np.zeros((48, 64), np.float32)
    alpha[:24] = 1
    errors = composite_errors(image, image.copy(), alpha)
    for region in (errors.overall, errors.edge, errors.foreground):
        assert region is not None
        assert region.ciede2000 == 0 and region.psnr == SAME_PSNR and region.ssim == pytest.approx(1)


def test_errors_are_counted_where_they_are():
    """Rows 0 to 23 are sky; ten rows on each side of the edge are the band, the rest below is foreground."""
    truth = np.full((48, 64, 3), 120, np.uint8)
    alpha = np.zeros((48, 64), np.float32)
    alpha[:24] = 1
    sky, edge, ground = (truth.copy() for _ in range(3))
    sky[:MARGIN] += 20
    edge[24:30] += 20
    ground[40:] += 20
    found = [composite_errors(image, truth, alpha) for image in (sky, edge, ground)]
    assert [errors.edge.ciede2000 > 0 for errors in found] == [False, True, False]
    assert [errors.foreground.ciede2000 > 0 for errors in found] == [False, False, True]
    # 6 of 20 rows of the band, 8 of 14 of the foreground, 6 of 48 of all.
    one = ciede2000(lab_from_frame(edge[:1, :1]), lab_from_frame(edge[25:26, :1]))[0, 0]
    assert found[1].edge.ciede2000 == pytest.approx(one * 6 / 20)
    assert found[2].foreground.ciede2000 == pytest.approx(one * 8 / 14)
    assert found[1].overall.ciede2000 == pytest.approx(one * 6 / 48)
    assert found[1].overall.psnr == pytest.approx(10 * math.log10(255**2 / (400 * 6 / 48)))
    assert found[1].edge.ssim < 1 and found[1].foreground.ssim < found[0].foreground.ssim


def test_a_image_without_an_edge_or_foreground():
    image = noise(4)
    open_sky = composite_errors(image, noise(5), np.ones((48, 64), np.float32))
    assert open_sky.edge is None and open_sky.foreground is None
    assert composite_errors(image, noise(5), np.zeros((48, 64), np.float32)).edge is None


def test_sizes_must_agree():
    with pytest.raises(ValueError, match="differ in size"):
        composite_errors(noise(1), noise(1, (24, 64, 3)), np.zeros((48, 64), np.float32))
