# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of how a matte changes from frame to frame, against the truth."""

from __future__ import annotations

import numpy as np

from ...engine.types import Matte


def dtssd(before: Matte, now: Matte, truth_before: Matte, truth_now: Matte) -> float:
    """dtSSD of one step (Erofeev et al. 2015): the root mean square of the error of the change, times 100.

    All four (height, width), 0..1. A matte that is wrong in the same way in both frames gives 0; the dtSSD of a clip
    is the mean over its steps.

    Raises:
        ValueError: the shapes differ.
    """
    if not before.shape == now.shape == truth_before.shape == truth_now.shape:
        raise ValueError("the mattes of one clip must have one shape")
    error = (now - before) - (truth_now - truth_before)
    return 100 * float(np.sqrt(np.square(error, dtype=np.float64).mean()))
