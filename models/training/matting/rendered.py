# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of the scene generator, read when they are drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

#: 8-bit levels by which a tenth of the pixels must differ from what is round them.
_TEXTURE = 4.0


@dataclass(frozen=True)
class Rendered:
    """One frame: its facts are in ``metadata``, its images beside them."""

    metadata: Path

    def seen(self) -> np.ndarray:
        """(H, W, 4) 8 bits: the image with its sky, RGB, and the matte, 255 = sky."""
        stem = self.metadata.with_suffix("")
        image = cv2.imread(f"{stem}.jpg", cv2.IMREAD_COLOR)
        alpha = cv2.imread(f"{stem}_alpha.png", cv2.IMREAD_UNCHANGED)
        return np.dstack([image[..., ::-1], np.rint(alpha / 257).astype(np.uint8)])

    def cut_out(self) -> np.ndarray:
        """(H, W, 7) 8 bits, as a packed canvas: what is not sky, without mirror, haze and glow."""
        without = cv2.imread(f"{self.metadata.with_suffix('')}_foreground.png", cv2.IMREAD_UNCHANGED)
        eight = np.rint(without / 257).astype(np.uint8)
        return np.dstack([eight[..., 2::-1], eight[..., 3], np.zeros((*eight.shape[:2], 3), np.uint8)])

    def says_something(self) -> bool:
        """Whether a person could tell what it shows: neither sky nor anything else that has a shape is not enough."""
        seen = self.seen()
        if seen[..., 3].any():
            return True
        grey = cv2.cvtColor(seen[..., :3], cv2.COLOR_RGB2GRAY).astype(np.float32)
        fine = grey - cv2.GaussianBlur(grey, (0, 0), 8)
        return float(np.percentile(np.abs(fine), 90)) > _TEXTURE


def find_rendered(folder: Path) -> list[Rendered]:
    """All frames below ``folder`` that say something, by seed and view."""
    all_ = [Rendered(path) for path in sorted(folder.rglob("*.json")) if "focal_px" in json.loads(path.read_text())]
    return [frame for frame in all_ if frame.says_something()]
