# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky put together in torch; see :mod:`.look` and the modules that it names for the formulas.

Images are (3, height, width), mattes (height, width), float32 on the device.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import torch
from torch import Tensor

from ...common.rain import GLOW, VEIL
from ...contract.job import Look
from ..colour import CODE_OF_LINEAR, LINEAR_OF_CODE
from ..tensors.device import TorchDevice
from ..tensors.filters import blurred, dilated_by
from ..tensors.resizing import Size, enlarged, reduced
from ..types import FrameRGB, LinearRGB, Matte
from .grain import CONTRAST, MIDDLE
from .light import FINE, Light
from .light_wrap import REACH
from .look import NO_LIGHT, Layers, composite, sky_stops

#: What this step is called where memory was short.
_STEP = "preview"
#: As :func:`.look.composite`.
Composite = Callable[[FrameRGB, Layers, Look, Light], FrameRGB]


def composite_on(device: TorchDevice) -> Composite:
    """What does on ``device`` what :func:`.look.composite` does; a frame that has no room there is done by that."""

    def put(frame: FrameRGB, layers: Layers, look: Look, light: Light = NO_LIGHT) -> FrameRGB:
        if look.mix == 0:
            return frame

        def there() -> FrameRGB:
            with torch.inference_mode():
                return _composite(frame, layers, look, light, device)

        return device.or_else(there, lambda: composite(frame, layers, look, light), _STEP)

    return put


@dataclass(frozen=True)
class _Uploaded:
    """:class:`.look.Layers` on the device."""

    matte: Tensor
    sky: Tensor
    plate: Tensor | None
    sky_visibility: Tensor | None
    grain: Tensor | None
    rain: Tensor | None
    area: Tensor | None
    mirror: tuple[Tensor, Tensor] | None

    @classmethod
    def of(cls, layers: Layers, device: TorchDevice) -> _Uploaded:
        def image(pixels: LinearRGB) -> Tensor:
            return device.uploaded(pixels).permute(2, 0, 1).contiguous()

        def maybe(pixels: Matte | None) -> Tensor | None:
            return None if pixels is None else device.uploaded(pixels)

        return cls(
            device.uploaded(layers.matte),
            image(layers.sky),
            None if layers.plate is None else image(layers.plate),
            maybe(layers.sky_visibility),
            maybe(layers.grain),
            maybe(layers.rain),
            maybe(layers.area),
            None if layers.mirror is None else (image(layers.mirror[0]), device.uploaded(layers.mirror[1])),
        )


def _composite(frame: FrameRGB, layers: Layers, look: Look, light: Light, device: TorchDevice) -> FrameRGB:
    shown, up = device.uploaded(frame), _Uploaded.of(layers, device)
    size = frame.shape[1], frame.shape[0]
    linear, codes = _tables(device.device)
    original = linear[shown.permute(2, 0, 1).to(torch.int64)]
    edge = _edged(up.matte, look.matte_shift, look.matte_feather)
    sky = _gaussian(up.sky, look.sky_blur) * 2.0 ** sky_stops(look, light)
    if up.grain is not None and look.grain > 0:
        sky = sky + (up.grain - MIDDLE) * (look.grain / CONTRAST) * _colour(layers.grain_colour, sky)
    visibility = up.sky_visibility
    gain = _gain(visibility, size, light, look, sky)
    if visibility is not None:
        visibility = enlarged(visibility, size)
    front = original * (1 - edge)
    if up.plate is not None and look.clean_edges > 0:
        plate = enlarged(up.plate, size)
        clean = torch.minimum((original - edge * plate).clamp(min=0), 1 - edge)
        front = front + (clean - front) * look.clean_edges
    result = _lit(front, gain, look.foreground_exposure)
    if up.mirror is not None and look.reflections > 0:
        mirrored = _lit(front, up.mirror[0] * 2.0 ** sky_stops(look, light), look.foreground_exposure)
        result = result + (mirrored - result) * (up.mirror[1] * look.reflections)
    haze = _colour(light.haze, sky)
    far = 1.0 if visibility is None else visibility * visibility
    if look.haze > 0:
        thick = look.haze * far
        result = result * (1 - thick) + haze * (1 - edge) * thick
    result = result + sky * edge
    if look.light_wrap > 0:
        result = result + _light_wrap(sky, edge, look.light_wrap) * (1 - edge)
    if look.rain > 0:
        result = result + (haze - result) * (VEIL * look.rain * far * (1 - edge))
        if up.rain is not None:
            result = result + (haze * GLOW - result) * (up.rain * look.rain)
    fraction = look.mix if up.area is None else up.area * look.mix
    result = original + (result - original) * fraction
    steps = (result.nan_to_num(nan=0.0, posinf=1.0).clamp(0, 1) * 65535).round()
    return np.asarray(device.downloaded(codes[steps.to(torch.int64)].permute(1, 2, 0)), np.uint8)


def _edged(matte: Tensor, shift: float, feather: float) -> Tensor:
    """See :func:`.matte_edge.edged`."""
    radius = round(abs(shift))
    if radius and shift > 0:
        matte = dilated_by(matte, _disc(radius))
    elif radius:
        matte = 1 - dilated_by(1 - matte, _disc(radius))
    return _gaussian(matte, feather).clamp(0, 1)


def _gaussian(image: Tensor, radius: float) -> Tensor:
    """See :func:`.matte_edge.gaussian_blur`."""
    if radius <= 0:
        return image
    return blurred(image, radius / 3, 2 * math.ceil(radius) + 1, cv2.BORDER_REPLICATE)


def _gain(visibility: Tensor | None, size: Size, light: Light, look: Look, like: Tensor) -> Tensor | None:
    """See :func:`.light.gain_map`."""
    coloured = look.recolour > 0 and light.tint != (1.0, 1.0, 1.0)
    if not coloured and (look.relight == 0 or light.stops == 0):
        return None
    small = like.new_ones(1, 1) if visibility is None else visibility
    if (small.shape[1], small.shape[0]) == size and max(size) > FINE:  # it is smooth
        small = reduced(small, (round(size[0] / 8), round(size[1] / 8)))
    strength = 1 - look.light_falloff * (1 - small)
    colour = 1 + look.recolour * strength * (_colour(light.tint, like) - 1)
    return enlarged(colour * torch.exp2(light.stops * look.relight * strength), size)


def _lit(front: Tensor, gain: Tensor | None, exposure: float) -> Tensor:
    """See :func:`.light.lit`."""
    if gain is not None:
        front = front * gain / (1 + front * (gain - 1).clamp(min=0))
    return front * 2.0**exposure


def _light_wrap(sky: Tensor, edge: Tensor, amount: float) -> Tensor:
    """See :func:`.light_wrap.light_wrap`."""
    height, width = edge.shape
    step = max(1, int(REACH * width / 8))
    small = reduced(sky.clamp(max=1) * edge, (-(-width // step), -(-height // step)))
    return enlarged(_gaussian(small * amount, REACH * width / step), (width, height))


def _colour(colour: tuple[float, float, float], like: Tensor) -> Tensor:
    return like.new_tensor(colour)[:, None, None]


@lru_cache(32)
def _disc(radius: int) -> np.ndarray:
    """As :func:`.matte_edge.shifted` has it."""
    disc = np.zeros((2 * radius + 1, 2 * radius + 1), np.uint8)
    for row in range(-radius, radius + 1):
        half = math.isqrt(radius * radius - row * row)
        disc[radius + row, radius - half : radius + half + 1] = 1
    return disc


@lru_cache(4)
def _tables(device: torch.device) -> tuple[Tensor, Tensor]:
    """Scene-linear value of each code, and code of each scene-linear value in steps of 1/65535."""
    return torch.from_numpy(LINEAR_OF_CODE).to(device), torch.from_numpy(CODE_OF_LINEAR).to(device)
