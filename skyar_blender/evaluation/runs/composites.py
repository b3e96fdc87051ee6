# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures composites on shots under two skies: the first is made to look like the second, the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...contract.errors import ErrorCode, SkyarError
from ...engine.matte.interface import MatteMethod
from ...engine.types import FrameRGB
from ..metrics.composite_errors import CompositeErrors, RegionErrors, composite_errors
from ..metrics.contact_sheet import contact_sheet, strip
from .composite_methods import CompositeMethod
from .images import matte_alone
from .sky_pairs import SkyPair, read_pair

#: Figures of one image, or the mean over several; None where no image has that region.
Figures = dict[str, float | None]
_DIGITS = 4


@dataclass(frozen=True)
class CompositeFigures:
    """What was found, per pair and method, and a sheet with one row for each pair."""

    pairs: dict[SkyPair, dict[str, Figures]]
    sheet: FrameRGB

    def means(self, wanted: Callable[[SkyPair], bool] = lambda pair: True) -> dict[str, Figures]:
        """Per method the means over the pairs that are ``wanted``, each figure over the pairs that have it."""
        chosen = [by_method for pair, by_method in self.pairs.items() if wanted(pair)]
        methods = list(chosen[0])
        return {method: _mean([by_method[method] for by_method in chosen]) for method in methods}

    def to_dict(self) -> dict[str, dict[str, dict[str, Figures] | Figures]]:
        """Plain data: ``{"methods": {METHOD: {FIGURE: ...}}, "pairs": {NAME: {METHOD: {FIGURE: ...}}}}``.

        Figures: ``ciede2000``, ``psnr``, ``ssim`` of the whole image, the same with ``edge_`` and ``foreground_``.
        """
        return {"methods": {**self.means()}, "pairs": {pair.name: found for pair, found in self.pairs.items()}}


def evaluate_composites(
    pairs: Sequence[SkyPair],
    methods: Mapping[str, CompositeMethod],
    step: Callable[[], None],
    matting: MatteMethod | None = None,
) -> CompositeFigures:
    """Measure ``methods`` on at least one pair, with the exact matte or with that of ``matting``.

    Regions are those of the exact matte in any case. ``step`` is called after each pair.

    Raises:
        SkyarError: a file cannot be read, or what the matting raises.
    """
    found: dict[SkyPair, dict[str, Figures]] = {}
    rows: list[FrameRGB] = []
    for pair in pairs:
        images = read_pair(pair)
        matte = images.alpha if matting is None else matte_alone(matting, images.frame)
        made = {
            name: _made(name, method(images.frame, matte, images.sky), images.frame)
            for name, method in methods.items()
        }
        errors = {name: composite_errors(each, images.truth, images.alpha) for name, each in made.items()}
        found[pair] = {name: _figures(each) for name, each in errors.items()}
        words = f"{pair.scene}: {pair.old} | " + " | ".join(_in_words(name, found[pair][name]) for name in made)
        rows.append(strip([images.frame, *made.values(), images.truth], f"{words} | {pair.new}"))
        step()
    return CompositeFigures(found, contact_sheet(rows, across=1))


def _made(name: str, image: object, frame: FrameRGB) -> FrameRGB:
    """What a method gave, if it is an image: code from outside may give anything."""
    if isinstance(image, np.ndarray) and image.shape == frame.shape and image.dtype == np.uint8:
        return image
    raise SkyarError(
        ErrorCode.UNSUPPORTED,
        f"The composite “{name}” gave no picture that can be measured.",
        f"It must be 8-bit RGB of the frame's size, {frame.shape}.",
        "Mend the file that was given to compare with.",
    )


def _in_words(name: str, figures: Figures) -> str:
    edge = figures["edge_ciede2000"]
    return name.replace("_", " ") + ("" if edge is None else f" {edge:.1f}")


def _figures(errors: CompositeErrors) -> Figures:
    regions = {"": errors.overall, "edge_": errors.edge, "foreground_": errors.foreground}
    return {prefix + name: value for prefix, region in regions.items() for name, value in _of_region(region).items()}


def _of_region(region: RegionErrors | None) -> Figures:
    if region is None:
        return {"ciede2000": None, "psnr": None, "ssim": None}
    return {
        "ciede2000": round(region.ciede2000, _DIGITS),
        "psnr": round(region.psnr, _DIGITS),
        "ssim": None if region.ssim is None else round(region.ssim, _DIGITS),
    }


def _mean(rows: Sequence[Figures]) -> Figures:
    found: Figures = {}
    for name in rows[0]:
        values = [value for row in rows if (value := row[name]) is not None]
        found[name] = round(float(np.mean(values)), _DIGITS) if values else None
    return found
