# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of a panorama in torch: its pixels stay on the device, in half precision, and a view is all that comes back.

Where each pixel looks is worked out on the device for every pixel. It is cubic interpolation throughout, and linear
beside the sun and the stars, as in :mod:`.interpolated`.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..lens import Lens
from ..tensors.device import TorchDevice
from ..tensors.filters import dilated
from ..tensors.sampling import sampled
from ..types import LinearRGB, Matrix3
from .interpolated import CUBIC_REACH, KNEE
from .load import LoadedSky
from .panorama import PanoramaSky
from .view_map import azimuth_ahead

#: Pixels more on each side than a view shows: as far as what makes cubic interpolation linear reaches.
_BESIDE = CUBIC_REACH + 3
#: Largest number in half precision.
_MOST = 65504.0
#: What this step is called where memory was short.
_STEP = "sky"


def on_device(sky: LoadedSky, device: TorchDevice) -> LoadedSky:
    """``sky`` with its views made on ``device``, if it is a panorama that does not drift; another as it is."""
    if not isinstance(sky.image, PanoramaSky):
        return sky
    later, held = sky.later, DevicePanorama(sky.image, device)
    if later is None:
        return replace(sky, image=held)

    def moved(seconds: float) -> DevicePanorama:
        image = later(seconds)
        assert isinstance(image, PanoramaSky)  # as at the first moment
        return DevicePanorama(image, device)

    return replace(sky, image=held, later=moved)


class DevicePanorama:
    """See :class:`..sky_image.SkyImage`; of a :class:`.panorama.PanoramaSky`, which makes what has no room."""

    def __init__(self, sky: PanoramaSky, device: TorchDevice) -> None:
        self._sky, self._device = sky, device
        self._levels: dict[int, Tensor] = {}
        self._uploading = threading.Lock()

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        """See :meth:`..sky_image.SkyImage.view`."""

        def there() -> LinearRGB:
            with torch.inference_mode():
                view = self.tensor(rotation, focal_px, width, height, distortion)
                return np.asarray(self._device.downloaded(view.permute(1, 2, 0)), np.float32)

        def here() -> LinearRGB:
            return self._sky.view(rotation, focal_px, width, height, distortion)

        return self._device.or_else(there, here, _STEP)

    def tensor(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float) -> Tensor:
        """The same, (3, height, width) float32 on the device."""
        level = self._level(focal_px)
        ahead = azimuth_ahead(rotation)
        azimuth, elevation = _angles(
            rotation, ahead, Lens.of(focal_px, distortion, width, height), width, height, level
        )
        turn, raised = self._sky.hanging
        shift = (ahead / (2 * math.pi) + 0.5 - turn) % 1.0
        x = (azimuth / (2 * math.pi) + shift) * level.shape[2] - 0.5
        y = (0.5 - _unraised(elevation, raised) / math.pi) * level.shape[1] - 0.5
        return _sampled(level, x, y)

    def _level(self, focal_px: float) -> Tensor:
        """The image at the size that is right for this lens, (3, h, w) in half precision."""
        levels = self._sky.levels
        number = levels.number(levels.width / (2 * math.pi * focal_px))
        with self._uploading:  # views are made by several threads
            if number not in self._levels:
                self._levels.clear()  # a shot needs one, or two next to each other while it zooms
                image = np.minimum(levels.image(number), np.float32(_MOST)).astype(np.float16)
                self._levels[number] = self._device.uploaded(image).permute(2, 0, 1).contiguous()
            return self._levels[number]


def _angles(
    rotation: Matrix3, ahead: float, lens: Lens, width: int, height: int, like: Tensor
) -> tuple[Tensor, Tensor]:
    """For each pixel its azimuth to the right of ``ahead``, within pi, and its elevation, in radians."""
    x = torch.arange(width, device=like.device, dtype=torch.float32) - (width - 1) / 2
    y = (torch.arange(height, device=like.device, dtype=torch.float32) - (height - 1) / 2)[:, None]
    if lens.distortion:
        bent = 1 + lens.distortion * ((x / lens.half_diagonal) ** 2 + (y / lens.half_diagonal) ** 2)
        x, y = x / bent, y / bent
    x, y = x / lens.focal, y / lens.focal
    # Turned so that "ahead" is 0; rows of the rotation are the camera's axes in the world.
    sine, cosine = math.sin(ahead), math.cos(ahead)
    axes = np.asarray(rotation, np.float64) @ np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    east, down, north = (x * float(a) + y * float(b) + float(c) for a, b, c in axes.T)
    return torch.atan2(east, north), torch.atan2(-down, torch.hypot(east, north))


def _unraised(elevation: Tensor, raised: float) -> Tensor:
    """Where on the image is what is seen at ``elevation``; see :class:`.panorama.PanoramaSky`."""
    if raised == 0:
        return elevation
    above, quarter = elevation - raised, math.pi / 2
    return torch.where(above > 0, above * (quarter / (quarter - raised)), above * (quarter / (quarter + raised)))


def _sampled(level: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The panorama (3, h, w) at these of its pixels; it goes on over its sides, and over straight up and down."""
    left, right, top, bottom = (
        int(end) for end in torch.stack([x.min().floor(), x.max().ceil(), y.min().floor(), y.max().ceil()]).tolist()
    )
    part = _part(level, left - _BESIDE, right + _BESIDE + 1, top - _BESIDE, bottom + _BESIDE + 1)
    x, y = x - (left - _BESIDE), y - (top - _BESIDE)
    bright = (part > KNEE).any(0)
    view = sampled(part.clamp(max=KNEE), x, y, "bicubic").clamp(min=0)
    if not bool(bright.any()):
        return view
    beside = sampled(dilated(bright.to(torch.float32), CUBIC_REACH, CUBIC_REACH), x, y)
    return view + (sampled(part, x, y) - view) * beside


def _part(level: Tensor, left: int, right: int, top: int, bottom: int) -> Tensor:
    """Those columns and rows, of which any may lie beyond the image, (3, bottom - top, right - left), float32."""
    height, width = level.shape[1:]
    rows = torch.arange(top, bottom, device=level.device)
    columns = torch.arange(left, right, device=level.device)
    # Over a pole the same rows come again, half a turn away.
    over = (rows < 0) | (rows >= height)
    rows = torch.where(rows < 0, -1 - rows, torch.where(rows >= height, 2 * height - 1 - rows, rows))
    columns = (columns[None] + over[:, None] * (width // 2)) % width
    return level[:, rows.clamp(0, height - 1)[:, None], columns].to(torch.float32)
