# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Cycles looks for the light of a World: it renders a picture of it first, which takes long for many nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def small_light_map(world: Any) -> None:
    """Let it look in a small picture, for a World that lights a scene."""
    settings = getattr(world, "cycles", None)
    if settings is not None:  # this Blender has Cycles
        settings.sampling_method, settings.sample_map_resolution = "MANUAL", 256


@contextmanager
def without_light_map(world: Any) -> Iterator[None]:
    """Within it nothing is looked for: nothing is lit in a picture of the World alone."""
    settings = getattr(world, "cycles", None)
    if settings is None:
        yield
        return
    before = settings.sampling_method
    settings.sampling_method = "NONE"
    try:
        yield
    finally:
        settings.sampling_method = before
