# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky put together, as the node group "SkyAR Composite" does in Blender.

In scene-linear light, with the frame ``F``, matte ``M`` (1 = sky), new sky ``S`` and clean plate ``P``::

    m   = edged(M)                                 matte_edge
    s   = blur(S, sky_blur) * 2 ** (sky_exposure + exposure_match * exposure), with grain
    f   = hazed(reflected(relit(without_old_sky(F, m, P))))   foreground, light, reflections, haze
    out = lerp(F, rained(f + s * m + light_wrap(s, m)), mix * area)
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...contract.job import Look
from ..colour import frame_from_linear, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte
from .bands import EnlargedRows, by_bands
from .foreground import without_old_sky
from .grain import with_grain
from .haze import hazed
from .light import Light, gain_map, lit
from .light_wrap import light_wrap
from .matte_edge import edged, gaussian_blur
from .rain import rained
from .reflections import reflected

NO_LIGHT = Light()


@dataclass(frozen=True)
class Layers:
    """What one frame is put together from; images are (height, width, ...) of one size.

    Attributes:
        matte: 0..1, 1 = sky.
        sky: the new sky as the camera sees it, scene-linear.
        plate: the clean plate of the old sky, scene-linear, of any size; None leaves its colour in the edges.
        sky_visibility: how far each place sees the sky, 0..1, of any size; None is everywhere the same.
        grain: an image of grain (:mod:`.grain`), 0..1; None is none.
        grain_colour: how strong the grain is in R, G, B, scene-linear.
        rain: an image of streaks (:mod:`.rain`), 0..1; None is none.
        area: 1 where the result may differ from the frame, 0 where the frame stays; None is everywhere.
        mirror: gain and fraction of :func:`.reflections.reflection`; None where nothing is a mirror.
    """

    matte: Matte
    sky: LinearRGB
    plate: LinearRGB | None = None
    sky_visibility: Matte | None = None
    grain: Matte | None = None
    grain_colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rain: Matte | None = None
    mirror: tuple[LinearRGB, Matte] | None = None
    area: Matte | None = None


def composite(frame: FrameRGB, layers: Layers, look: Look, light: Light = NO_LIGHT) -> FrameRGB:
    """``frame`` with the new sky where the matte is 1. With ``look.mix`` 0 the frame as it is."""
    if look.mix == 0:
        return frame
    whole = _Whole.of(frame.shape, layers, look, light)
    result = np.empty_like(frame)

    def put(rows: slice) -> None:
        result[rows] = frame_from_linear(_together(linear_from_frame(frame[rows]), whole, rows, look, light))

    by_bands(put, len(frame))
    return result


def composite_linear(original: LinearRGB, layers: Layers, look: Look, light: Light = NO_LIGHT) -> LinearRGB:
    """As :func:`composite`, from and to scene-linear. Raises ValueError when sizes differ."""
    whole = _Whole.of(original.shape, layers, look, light)
    result = np.empty(original.shape, np.float32)

    def put(rows: slice) -> None:
        result[rows] = _together(original[rows], whole, rows, look, light)

    by_bands(put, len(original))
    return result


def sky_stops(look: Look, light: Light) -> float:
    """By how many stops the new sky is brighter than its image."""
    return look.sky_exposure + look.exposure_match * light.exposure


@dataclass(frozen=True)
class _Whole:
    """What needs the whole image: blurs, and maps of another size."""

    edge: Matte
    sky: LinearRGB
    plate: EnlargedRows | None
    gain: EnlargedRows | None
    sky_visibility: Matte | None
    wrap: EnlargedRows | None
    streaks: Matte | None
    mirror: tuple[LinearRGB, Matte] | None
    area: Matte | None

    @classmethod
    def of(cls, shape: tuple[int, ...], layers: Layers, look: Look, light: Light) -> _Whole:
        matte, sky, sky_visibility = layers.matte, layers.sky, layers.sky_visibility
        shapes = [shape, sky.shape]
        if any(each != (*matte.shape, 3) for each in shapes):
            raise ValueError(f"frame and sky {shapes} and matte {matte.shape} differ in size")
        plate = None if layers.plate is None else EnlargedRows.of(layers.plate, (matte.shape[1], matte.shape[0]))
        edge = edged(matte, look.matte_shift, look.matte_feather)
        new_sky = gaussian_blur(sky, look.sky_blur)
        stops = sky_stops(look, light)
        if stops:
            new_sky = np.asarray(new_sky * np.float32(2.0**stops))
        if layers.grain is not None and look.grain > 0:
            new_sky = with_grain(new_sky, layers.grain, look.grain, layers.grain_colour)
        gain = gain_map(matte.shape, light, look, sky_visibility)
        if sky_visibility is not None and sky_visibility.shape != matte.shape:
            sky_visibility = np.asarray(
                cv2.resize(sky_visibility, matte.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32
            )
        wrap = light_wrap(new_sky, edge, look.light_wrap) if look.light_wrap > 0 else None
        return cls(edge, new_sky, plate, gain, sky_visibility, wrap, layers.rain, layers.mirror, layers.area)


def _together(original: LinearRGB, whole: _Whole, rows: slice, look: Look, light: Light) -> LinearRGB:
    """Those rows of the result."""
    result = _lit_and_covered(original, whole, rows, look, light)
    if whole.area is not None:
        area = whole.area[rows] * np.float32(look.mix)
        result = original + (result - original) * np.asarray(cv2.merge([area, area, area]), np.float32)
    elif look.mix < 1:
        result = original + (result - original) * np.float32(look.mix)
    return result


def _lit_and_covered(original: LinearRGB, whole: _Whole, rows: slice, look: Look, light: Light) -> LinearRGB:
    """Those rows at full ``look.mix``."""
    edge = whole.edge[rows]
    # Where all is land or all is sky most of the sum is nothing, bit by bit.
    if look.rain == 0 and look.haze == 0 and whole.mirror is None:
        if not edge.any():
            shown = lit(original, None if whole.gain is None else whole.gain[rows], look.foreground_exposure)
            return shown if whole.wrap is None else np.asarray(cv2.add(shown, whole.wrap[rows]), np.float32)
        if edge.min() == 1:
            return whole.sky[rows]
    cover = np.asarray(cv2.merge([edge, edge, edge]), np.float32)
    plate, gain = (None if each is None else each[rows] for each in (whole.plate, whole.gain))
    sky_visibility, streaks = (None if each is None else each[rows] for each in (whole.sky_visibility, whole.streaks))
    front = without_old_sky(original, cover, plate, look.clean_edges)
    shown = lit(front, gain, look.foreground_exposure)
    mirror, fraction = (None, None) if whole.mirror is None else (each[rows] for each in whole.mirror)
    shown = reflected(
        front, shown, mirror, fraction, look.reflections, (sky_stops(look, light), look.foreground_exposure)
    )
    shown = hazed(shown, cover, sky_visibility, look.haze, light.haze)
    result = np.asarray(cv2.add(shown, cv2.multiply(whole.sky[rows], cover)), np.float32)
    if whole.wrap is not None:
        cv2.add(result, cv2.multiply(whole.wrap[rows], 1 - cover), result)
    return rained(result, streaks, cover, sky_visibility, look.rain, light.haze)
