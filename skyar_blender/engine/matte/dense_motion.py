# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each pixel of a frame was in the one before: dense inverse search (Kroeger et al. 2016) on small images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float32Array, FrameRGB

#: Long side of the images that the motion is found on, and the least short side that it can be found on.
SIZE = 640
LEAST = 32


@dataclass(frozen=True)
class Motion:
    """``shape`` of the frame (height, width); ``small`` (h, w, 2) float32: how far across and down, in its own pixels
    the origin of each pixel of a small image lies in the frame before. None: nothing moves."""

    shape: tuple[int, int]
    small: NDArray[np.float32] | None

    @cached_property
    def farthest(self) -> float:
        """The longest way of any pixel along a row or a column, in pixels of the frame."""
        return 0.0 if self.small is None else float(np.abs(self._scaled).max())

    def origins(self, rows: slice, columns: slice) -> tuple[Float32Array, Float32Array]:
        """Column and row in the frame before at which each of these pixels was, (height, width)."""
        height, width = self.shape
        across, down = (
            np.arange(*part.indices(length), dtype=np.float32) for part, length in ((columns, width), (rows, height))
        )
        size = len(across), len(down)
        if self.small is None:
            return np.repeat(across[None], size[1], axis=0), np.repeat(down[:, None], size[0], axis=1)
        # The middle of a pixel lies half a pixel from its corner in both sizes.
        scale = self.small.shape[1] / width, self.small.shape[0] / height
        steps = columns.step or 1, rows.step or 1
        to_small = np.array(
            [
                [steps[0] * scale[0], 0, (float(across[0]) + 0.5) * scale[0] - 0.5],
                [0, steps[1] * scale[1], (float(down[0]) + 0.5) * scale[1] - 0.5],
            ]
        )
        moved = cv2.warpAffine(
            self._scaled,
            to_small,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        found = cv2.split(moved)
        return np.asarray(found[0] + across, np.float32), np.asarray(found[1] + down[:, None], np.float32)

    def moved(self, image: NDArray[Any]) -> NDArray[Any]:
        """``image`` (height, width) of the frame before as it lies in the frame, any depth; cubic between pixels."""
        origins = self.origins(slice(0, self.shape[0]), slice(0, self.shape[1]))
        return np.asarray(cv2.remap(image, *origins, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), image.dtype)

    @cached_property
    def _scaled(self) -> NDArray[np.float32]:
        """:attr:`small` in pixels of the frame."""
        assert self.small is not None
        factors = self.shape[1] / self.small.shape[1], self.shape[0] / self.small.shape[0]
        return self.small * np.array(factors, np.float32)


def grey(frame: FrameRGB) -> NDArray[np.uint8]:
    """Grey levels of a frame, (height, width)."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def motion_between(now: NDArray[np.uint8], before: NDArray[np.uint8]) -> Motion:
    """The motion from one frame to the next, both in grey levels (height, width)."""
    height, width = now.shape
    scale = min(1.0, SIZE / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    if min(small) < LEAST or np.array_equal(now, before):
        return Motion((height, width), None)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    # Passing motion on from patch to patch would make the result depend on the number of threads.
    search.setUseSpatialPropagation(False)
    reduced = [cv2.resize(image, small, interpolation=cv2.INTER_AREA) for image in (now, before)]
    return Motion((height, width), np.asarray(search.calc(reduced[0], reduced[1], None), np.float32))  # type: ignore[call-overload]
