# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that carry a number: black and white blocks, the lowest bit first, with its complement below."""

from __future__ import annotations

import numpy as np

BITS = 12
WIDTH, HEIGHT = 8 * BITS, 54


def blocks(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """The image of ``number``, (height, width, 3) uint8."""
    bits = np.array([number >> bit & 1 for bit in range(BITS)])
    columns = bits.repeat(-(-width // BITS))[:width]
    rows = np.arange(height) < height // 2
    grey = np.where(rows[:, None], columns[None], 1 - columns[None])
    return (16 + 219 * grey[..., None].repeat(3, 2)).astype(np.uint8)


def number_of(image: np.ndarray) -> int:
    """The number in an image, 0..255; -1 where there is none that can be read."""
    height, width = image.shape[:2]
    size = -(-width // BITS)
    middles = (np.arange(BITS) * size + size // 2).clip(0, width - 1)
    upper, lower = (
        image[row - 3 : row + 4, middles].mean((0, 2)) for row in (height // 4, height // 4 + height // 2)
    )
    if not (np.abs(upper - lower) > 100).all():
        return -1
    return int(((upper > lower) << np.arange(BITS)).sum())
