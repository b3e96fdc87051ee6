# SPDX-License-Identifier: GPL-3.0-or-later
"""Water that mirrored the old sky mirrors the new one.

With ``F``, the foreground without the old sky and in its old light, ``f`` the same in its new light, the mirror's
``G`` (how much brighter what it shows gets) and ``k``, how far each place is a mirror::

    g   = G 2^sky_exposure
    out = lerp(f, F g / (1 + F max(g - 1, 0)) 2^foreground_exposure, k reflections)

A level mirror shows at each place what the sky is as far above the horizon as the place is below it. What looks like
such a mirror is told by one frame alone: it lies below the horizon and has the mirrored old sky's colour, and it is
as bright as still water would be there (Schlick's approximation of Fresnel's law, 1994), or darker but full of waves.
Wet ground under a grey sky looks so too: this is for shots that do show water, and is off unless it is asked for.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..colour import LUMINANCE, linear_from_frame
from ..lens import Lens
from ..sky_image import SkyImage
from ..sphere.all_around import seen_all_around
from ..sphere.directions import directions, pixels, sampled
from ..types import Float32Array, FrameRGB, LinearRGB, Matrix3, Matte

#: Rows that are worked on: a mirror with waves has no finer detail of its own.
_ROWS = 216
#: Swaps up and down.
_UPSIDE_DOWN = np.diag([1.0, -1.0, 1.0])
#: Share of the light of water with waves that is the mirrored sky's; the rest is that of all around.
_OF_WAVES = 0.35
#: Slope of the waves of water that counts as still, and as moved.
_STILL = 0.05
_MOVED = 0.25
#: Least of the old sky that the new one is compared with, linear: beyond it nothing was to be seen.
_DARKEST = 0.02
_MOST_GAIN = 16.0


def reflected(
    front: LinearRGB,
    lit: LinearRGB,
    gain: LinearRGB | None,
    fraction: Matte | None,
    amount: float,
    exposures: tuple[float, float],
) -> LinearRGB:
    """``lit`` (height, width, 3), scene-linear, with what it mirrors of the new sky.

    ``front`` is the same foreground in its old light, ``gain`` and ``fraction`` those of :func:`reflection`,
    ``exposures`` the stops on the new sky and on the foreground. With ``amount`` 0 ``lit`` comes back bit by bit.
    """
    if amount == 0 or gain is None or fraction is None:
        return lit
    grown = np.asarray(gain * np.float32(2.0 ** exposures[0]), np.float32)
    roof = 1 + front * np.maximum(grown - 1, 0)
    mirror = front * grown / roof * np.float32(2.0 ** exposures[1])
    return np.asarray(lit + (mirror - lit) * (fraction * np.float32(amount))[..., None], np.float32)


def reflection(
    frame: FrameRGB,
    matte: Matte,
    plate: LinearRGB,
    sky: SkyImage,
    camera: tuple[Matrix3, Lens | None],
) -> tuple[LinearRGB, Matte]:
    """What of ``frame`` mirrors the sky, and how it changes.

    Args:
        frame: (height, width, 3), 8 bits.
        matte: (height, width), 0..1, 1 = sky.
        plate: the clean plate, scene-linear, of the same size.
        sky: the new sky.
        camera: matrix from world to camera directions, and the lens for the frame's size; None where the frame is
            of all directions (equirectangular).

    Returns:
        How much brighter the mirror's image gets, linear R, G, B, 0 .. 16, and how far each place is a mirror,
        0..1; both of the frame's size.
    """
    height, width = matte.shape
    rows = min(_ROWS, height)
    size = (max(1, round(width * rows / height)), rows)
    rotation, lens = camera
    turned = np.asarray(_UPSIDE_DOWN @ rotation @ _UPSIDE_DOWN)
    shrunk = [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (matte, plate)]
    # The mirrored world through this camera is the world through a mirrored camera, upside down.
    if lens is None:
        new = seen_all_around(sky, turned, *size)[::-1]
        rays = np.asarray(directions(np.arange(size[0]), np.arange(rows)[:, None], *size), np.float32)
        around = pixels(np.asarray(_mirrored(rays, rotation), np.float64), *size)
        mirrored = [sampled(each, *around, enlarge=False) for each in shrunk]
    else:
        small = Lens.of(lens.focal * rows / height, lens.distortion, *size)
        new = sky.view(turned, small.focal, *size, small.distortion)[::-1]
        rays = _rays(small, size)
        place = _mirrored_place(rays, rotation, small, size)
        mirrored = [cv2.remap(each, *place, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for each in shrunk]
    old = _soft(np.asarray(mirrored[1], np.float32), 0.06)
    above = np.asarray(mirrored[0], np.float32)
    depth = np.maximum(rays @ rotation[:, 1].astype(np.float32), 0)
    fraction = _fraction(frame, np.asarray(shrunk[0], np.float32), old, above, depth)
    gain = np.clip(_soft(np.ascontiguousarray(new), 0.06) / np.maximum(old, _DARKEST), 0, _MOST_GAIN)
    full = [cv2.resize(each, (width, height), interpolation=cv2.INTER_LINEAR) for each in (gain, fraction)]
    return np.asarray(full[0], np.float32), np.asarray(full[1], np.float32)


def _fraction(frame: FrameRGB, matte: Matte, old: LinearRGB, above: Matte, depth: Float32Array) -> Matte:
    """How far each place is a mirror; ``old`` and ``above`` are the mirrored old sky and matte, ``depth`` the sine of
    the angle below the horizon."""
    size = matte.shape[::-1]
    fine = linear_from_frame(frame)
    weight = 1 - matte
    around = np.maximum(_wide(weight), 1e-3)

    def mean(values: Float32Array) -> Float32Array:
        many = values.ndim > 2
        found = _wide(values * (weight[..., None] if many else weight))
        return np.asarray(found / (around[..., None] if many else around), np.float32)

    seen = mean(np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32))
    light, sky_light = seen @ LUMINANCE, np.maximum(old @ LUMINANCE, 1e-3)
    bright = np.asarray(light / sky_light, np.float32)
    # Waves: how much neighbours differ, a hundredth of the height apart.
    grey = np.asarray(fine @ LUMINANCE, np.float32)
    rough = (grey - cv2.GaussianBlur(grey, (0, 0), frame.shape[0] * 0.01)) ** 2
    waves = np.sqrt(mean(np.asarray(cv2.resize(rough, size, interpolation=cv2.INTER_AREA), np.float32)))
    waves = np.asarray(waves / np.maximum(light, 1e-3), np.float32)

    still_mirror, moved_mirror = _fresnel(depth, _STILL), _fresnel(depth, _MOVED)
    moving = _step(waves, 0.1, 0.25)
    still = (1 - moving) * _step(bright / still_mirror, 0.35, 0.7) * _step(_soft(above, 0.03), 0.2, 0.7)
    # Waves mirror what lies high above them too, so that hills behind them leave no image.
    moved = moving * _step(bright / moved_mirror, 0.15, 0.35) * _step(_soft(above, 0.25), 0.01, 0.06)
    unlike = np.abs(_hue(seen) - _hue(old)).max(axis=2)
    fits = (1 - _step(unlike, 0.3, 0.7)) * (1 - _step(bright, 1.1, 1.6))
    below = _step(depth, 0.0, 0.012)
    mirror = _step(mean(np.asarray(below * fits * np.maximum(still, moved) * weight, np.float32)), 0.3, 0.7)
    # Still water gives the sky back, and little else, but only where one looks along it.
    calm = _step(still - moved, -0.2, 0.2)
    shown = np.clip(still_mirror / np.maximum(bright, 1e-3), 0, 1) * _step(still_mirror, 0.1, 0.3)
    much = calm * shown + (1 - calm) * _OF_WAVES
    return np.asarray(mirror * much * below, np.float32)


def _rays(lens: Lens, size: tuple[int, int]) -> Float32Array:
    """Unit directions in the camera of all pixels, (height, width, 3)."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    ideal = lens.ideal(np.stack([x - (width - 1) / 2, y - (height - 1) / 2], axis=-1)) / lens.focal
    rays = np.dstack([ideal, np.ones((height, width))])
    return np.asarray(rays / np.linalg.norm(rays, axis=2, keepdims=True), np.float32)


def _mirrored(rays: Float32Array, rotation: Matrix3) -> Float32Array:
    """Directions in the camera of what a level mirror shows in those of ``rays``."""
    return np.asarray(rays @ np.asarray(rotation @ _UPSIDE_DOWN @ rotation.T, np.float32).T, np.float32)


def _mirrored_place(
    rays: Float32Array, rotation: Matrix3, lens: Lens, size: tuple[int, int]
) -> tuple[Float32Array, Float32Array]:
    """Column and row at which the camera sees what a level mirror shows at each pixel; far away where it does not."""
    mirrored = _mirrored(rays, rotation)
    ahead = mirrored[..., 2:]
    ideal = np.where(ahead > 1e-3, mirrored[..., :2] / np.maximum(ahead, 1e-3) * lens.focal, np.nan)
    seen = lens.seen(ideal.astype(np.float64)) + (np.array(size) - 1) / 2
    seen = np.nan_to_num(seen, nan=-1e4).clip(-1e4, 1e4).astype(np.float32)
    return np.ascontiguousarray(seen[..., 0]), np.ascontiguousarray(seen[..., 1])


def _fresnel(depth: Float32Array, slope: float) -> Float32Array:
    """Share of the light that water gives back where it is seen at an angle with the sine ``depth``."""
    steep = np.minimum(np.sqrt(depth**2 + slope**2), 1)
    return np.asarray(0.02 + 0.98 * (1 - steep) ** 5, np.float32)


def _hue(linear: LinearRGB) -> Float32Array:
    """What of a colour is neither light nor dark, as logarithms."""
    light = np.maximum(linear @ LUMINANCE, 1e-3)[..., None]
    return np.asarray(np.log(np.maximum(linear, 1e-3) / light), np.float32)


def _soft(values: Float32Array, reach: float) -> Float32Array:
    """Smeared by ``reach`` heights of the image upright, as waves smear, and a third of that across."""
    rows = values.shape[0]
    return _blurred(values, reach * rows / 3, reach * rows)


def _wide(values: Float32Array) -> Float32Array:
    rows = values.shape[0]
    return _blurred(values, 0.04 * rows, 0.02 * rows)


def _blurred(values: Float32Array, across: float, upright: float) -> Float32Array:
    x, y = max(0.5, across), max(0.5, upright)
    return np.asarray(cv2.GaussianBlur(values, (0, 0), x, sigmaY=y, borderType=cv2.BORDER_REPLICATE), np.float32)


def _step(values: Float32Array, low: float, high: float) -> Float32Array:
    """0 up to ``low``, 1 from ``high`` on, smooth in between."""
    part = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)
