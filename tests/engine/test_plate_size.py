# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.common.stored_sizes import made_size, stored_size
from skyar_blender.engine.composite.plate_size import MOST, enlarged, to_store

Size = tuple[int, int]


@pytest.mark.parametrize(
    ("size", "made", "stored"),
    [
        ((854, 480), (854, 480), (854, 480)),
        ((960, 540), (960, 540), (960, 540)),
        ((1080, 1920), (540, 960), (542, 962)),
        ((2704, 1521), (902, 508), (904, 510)),
        ((3840, 2160), (960, 540), (962, 542)),
    ],
)
def test_sizes(size: Size, made: Size, stored: Size) -> None:
    assert made_size(size, MOST) == made and stored_size(size, MOST) == stored


@pytest.mark.parametrize("size", [(200, 100), (1280, 90), (1921, 75)])
def test_what_is_stored_fills_the_frame_again(size: Size) -> None:
    """A smooth image comes back where it was, to its very border; a small one to the bit."""
    across, down = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    plate = np.stack([across, down, 0.3 + 0.2 * across * down], axis=-1).astype(np.float32)
    for image in (plate, np.ascontiguousarray(plate[..., 0])):
        small = to_store(image, size)
        assert small.shape[1::-1] == stored_size(size, MOST)
        again = enlarged(small, size)
        assert again.shape == image.shape and again.dtype == np.float32
        assert np.abs(again - image).max() <= (0 if max(size) <= 960 else 0.02)
