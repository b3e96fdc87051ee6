# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of one composite against the true image: in the foreground, in the edge band, and overall."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...engine.types import FrameRGB, Matte
from .ciede2000 import ciede2000, lab_from_frame
from .matte_errors import edge_band
from .similarity import MARGIN, similarity_map

#: What the sky covers no more than this much is foreground.
MOST_SKY = 0.05
#: PSNR of images that do not differ, in dB; 8-bit images that do stay below it.
SAME_PSNR = 100.0


@dataclass(frozen=True)
class RegionErrors:
    """Of one part of the image.

    Attributes:
        ciede2000: mean colour difference (:mod:`.ciede2000`).
        psnr: peak signal-to-noise ratio of R, G and B in dB; :data:`SAME_PSNR` where nothing differs.
        ssim: mean structural similarity (:mod:`.similarity`), -1..1; None where all lies at the border.
    """

    ciede2000: float
    psnr: float
    ssim: float | None


@dataclass(frozen=True)
class CompositeErrors:
    """``edge`` and ``foreground`` are None where the image has none."""

    overall: RegionErrors
    edge: RegionErrors | None
    foreground: RegionErrors | None


def composite_errors(found: FrameRGB, truth: FrameRGB, alpha: Matte) -> CompositeErrors:
    """Compare two (height, width, 3) 8-bit sRGB images; ``alpha`` is the true matte (1 = sky).

    The edge band is that of :func:`.matte_errors.edge_band`; the foreground is what lies outside it with an alpha
    below :data:`MOST_SKY`.

    Raises:
        ValueError: the shapes differ.
    """
    if not found.shape == truth.shape == (*alpha.shape, 3):
        raise ValueError(f"a composite {found.shape}, truth {truth.shape} and matte {alpha.shape} differ in size")
    colour = ciede2000(lab_from_frame(found), lab_from_frame(truth))
    squared = np.square(found.astype(np.float64) - truth.astype(np.float64)).mean(axis=-1)
    similar = similarity_map(found, truth)
    inside = np.zeros(alpha.shape, np.bool_)
    inside[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    band = edge_band(alpha)

    def errors(where: NDArray[np.bool_]) -> RegionErrors | None:
        if not where.any():
            return None
        kept = where & inside
        return RegionErrors(
            ciede2000=float(colour[where].mean()),
            psnr=_psnr(float(squared[where].mean())),
            ssim=float(similar[kept].mean()) if kept.any() else None,
        )

    overall = errors(np.ones(alpha.shape, np.bool_))
    assert overall is not None
    return CompositeErrors(overall, errors(band), errors((alpha < MOST_SKY) & ~band))


def _psnr(mean_squared: float) -> float:
    return SAME_PSNR if mean_squared == 0 else 10 * math.log10(255.0**2 / mean_squared)
