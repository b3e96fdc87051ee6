# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of operators whose runs can be logged to Weights & Biases; empty ones are as the preferences say."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..jobs.wandb_choice import AS_PREFERRED
from ..preferences.wandb_modes import MODES
from .option_properties import SKIP


def wandb() -> Any:
    """Whether the run is logged."""
    return bpy.props.EnumProperty(
        name="Weights & Biases",
        description="Log the run, with its settings, figures, pictures and movies",
        items=((AS_PREFERRED, "As Preferred", "As SkyAR's preferences say"), *MODES),
        default=AS_PREFERRED,
        options={"SKIP_SAVE"},
    )


def wandb_project() -> Any:
    """The project."""
    return bpy.props.StringProperty(
        name="Project", description="Project of Weights & Biases; empty: that of the preferences", options=set(SKIP)
    )


def wandb_entity() -> Any:
    """The person or team."""
    return bpy.props.StringProperty(
        name="Entity",
        description="Person or team that the project belongs to; empty: as preferred",
        options=set(SKIP),
    )


def wandb_dir() -> Any:
    """The folder."""
    return bpy.props.StringProperty(
        name="Folder",
        description="Folder in which the folder “wandb” is made; empty: as preferred",
        subtype="DIR_PATH",
        options=set(SKIP | compat.RELATIVE_PATH),
    )
