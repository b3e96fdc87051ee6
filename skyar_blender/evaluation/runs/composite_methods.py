# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to put a new sky into a frame, that are measured beside one another."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ...contract.job import Look
from ...engine.colour import display_from_linear
from ...engine.composite.clean_plate import clean_plate, sky_samples
from ...engine.composite.light_statistics import SkyStatistics, light_between
from ...engine.composite.look import Layers, composite
from ...engine.composite.sky_visibility import sky_visibility
from ...engine.types import FrameRGB, LinearRGB, Matte
from .other_code import load_other

#: Frame (height, width, 3) 8-bit sRGB, its matte (1 = sky), and the new sky scene-linear: the frame under that sky.
CompositeMethod: TypeAlias = Callable[[FrameRGB, Matte, LinearRGB], FrameRGB]
_DEFAULT = Look()


def skyar(frame: FrameRGB, matte: Matte, sky: LinearRGB, look: Look = _DEFAULT) -> FrameRGB:
    """What a run makes of a clip that has this frame only, with the default look."""
    old, new = SkyStatistics(), SkyStatistics()
    old.add_frame(frame, matte)
    new.add_sky(sky, matte)
    layers = Layers(matte, sky, clean_plate(sky_samples(frame, matte)), sky_visibility(matte))
    return composite(frame, layers, look, light_between(old.seen, new.seen, look))


def alpha_over(frame: FrameRGB, matte: Matte, sky: LinearRGB) -> FrameRGB:
    """The sky over the frame in display values, and nothing else."""
    fraction = matte[..., None]
    mixed = frame * (1 - fraction) + display_from_linear(sky) * np.float32(255) * fraction
    return np.rint(mixed).astype(np.uint8)


def load_method(path: Path) -> CompositeMethod:
    """The function of a Python file that can be compared with.

    Raises:
        SkyarError: ``unsupported`` when there is no such file or function.
    """
    found: CompositeMethod = load_other(
        path,
        "composite",
        "one function composite(frame, matte, sky)",
        lambda each: inspect.isfunction(each) and each.__name__ == "composite",
    )
    return found
