# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that is kept from frame to frame: to get it anew from the system costs as much as the work itself."""

from __future__ import annotations

import threading

import cv2
import numpy as np
from numpy.typing import NDArray


class ScratchBuffers(threading.local):
    """Arrays by name, of each thread its own; what is in one holds until its name is asked for again."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray] = {}

    def bytes(self, name: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """The buffer ``name``: ``shape``, uint8, with whatever was left in it."""
        return self._of(name, shape, np.uint8)

    def floats(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """The buffer ``name``: ``shape``, float32, with whatever was left in it."""
        return self._of(name, shape, np.float32)

    def enlarged(self, name: str, maps: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """``maps`` (height, width, ...) at another size, (height, width); kept until the next call with ``name``."""
        space = self._of(name, shape, maps.dtype.type)
        return cv2.resize(maps, shape[::-1], dst=space, interpolation=cv2.INTER_LINEAR)

    def let_go(self) -> None:
        """Forget the arrays of this thread."""
        self._kept.clear()

    def _of(self, name: str, shape: tuple[int, ...], kind: type) -> np.ndarray:
        if name not in self._kept or self._kept[name].shape != shape:
            self._kept[name] = np.empty(shape, kind)
        return self._kept[name]


SCRATCH = ScratchBuffers()
