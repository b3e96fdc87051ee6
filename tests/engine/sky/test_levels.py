# SPDX-License-Identifier: GPL-3.0-or-later
"""An image at its sizes: what is largest is held once."""

from __future__ import annotations

import tracemalloc

import numpy as np

from skyar_blender.engine.sky.panorama import PanoramaSky


def test_a_panorama_is_held_once():
    tracemalloc.start()
    try:
        sky = PanoramaSky(np.full((512, 1024, 3), 0.5, np.float32))
        once = tracemalloc.get_traced_memory()[0]
        sky.levels.level(1.0)
        assert tracemalloc.get_traced_memory()[0] < 1.1 * once
    finally:
        tracemalloc.stop()
    assert sky.levels.image(0).shape == (512, 1024, 3) and (sky.levels.width, sky.levels.height) == (1024, 512)
