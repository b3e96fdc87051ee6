# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies of a trial in one table, so that they can be compared at a glance."""

from __future__ import annotations

import wandb

from ...engine.types import FrameRGB
from .finished import Finished
from .history import summary_of

COLUMNS = (
    "sky",
    "picture",
    "matte flicker",
    "tracking confidence",
    "sun mismatch (degrees)",
    "sun sure",
    "light (stops)",
    "seconds per frame",
)


def skies_table(results: list[Finished], images: list[FrameRGB]) -> wandb.Table:
    """A row for each result, with a frame of it."""
    table = wandb.Table(columns=list(COLUMNS))
    for result, image in zip(results, images, strict=True):
        figures = summary_of(result)
        light, sun = result.figures.light, result.figures.sun
        table.add_data(
            result.sky_name,
            wandb.Image(image),
            figures.get("matte/flicker_mean"),
            figures.get("track/confidence_mean"),
            figures.get("sun/mismatch_degrees"),
            None if sun is None else sun.sure,
            light[0].stops if light else None,
            figures.get("seconds_per_frame"),
        )
    return table
