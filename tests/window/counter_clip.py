# SPDX-License-Identifier: GPL-3.0-or-later
"""A movie of 1080p and 30 frames a second, each frame of which tells its number: ``counter_clip.py PATH FRAMES``.

Runs in the engine's Python. Hills under a plain sky, in a slow pan; on the ground eight squares, black or white, are
the number's bits, the highest first (``counter.py`` reads them).
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from counter import BITS, HEIGHT, LEFT, SIDE, TOP, WIDTH

sys.path.insert(0, str(Path(__file__).parents[2]))
from skyar_blender.engine.media.movie_writer import MovieWriter


def main(path: Path, frames: int) -> None:
    random = np.random.default_rng(7)
    ground = cv2.GaussianBlur(random.integers(0, 255, (HEIGHT, WIDTH + 400, 3), np.uint8), (0, 0), 3).astype(
        np.float32
    )
    ground = np.clip(90 + 4 * (ground - 127) * [0.8, 1.0, 0.6], 10, 170)
    rows, columns = np.arange(HEIGHT)[:, None], np.arange(WIDTH + 400)[None]
    hills = rows > HEIGHT * (0.5 + 0.05 * np.sin(columns / 150) + 0.02 * np.sin(columns / 37))
    sky = np.array([150, 180, 225]) * (0.85 + 0.2 * rows / HEIGHT)[..., None] * np.ones((1, WIDTH + 400, 1))
    wide = np.where(hills[..., None], ground, sky).astype(np.uint8)
    with MovieWriter(path, WIDTH, HEIGHT, Fraction(30), None) as movie:
        for number in range(frames):
            image = wide[:, 2 * number : 2 * number + WIDTH].copy()
            for bit in range(BITS):
                left = LEFT + bit * SIDE
                image[TOP : TOP + SIDE, left : left + SIDE] = 255 * (number >> (BITS - 1 - bit) & 1)
            movie.write(image)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
