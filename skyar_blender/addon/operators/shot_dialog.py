# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dialogs that give shots a sky have in common: their rows, and what was chosen in them."""

from __future__ import annotations

from typing import Any

import bpy

from ...contract.option import Verb
from ..jobs.foretold import Foretold
from ..jobs.replace_sky import Chosen
from ..motion import choices
from ..preferences.preferences import own_weights
from ..properties import option_properties


def draw_choices(layout: bpy.types.UILayout, operator: Any, verb: Verb) -> None:
    """Rows for the sky, for the options of ``verb`` and for the output folder."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    for name in ("sky", "sky_file", "sky_world"):
        layout.prop(operator, name)
    layout.separator()
    # Where the camera is chosen, a row more asks for the one that is given.
    after = {"motion": lambda column: choices.draw_given(column, operator)} if hasattr(operator, "camera") else {}
    option_properties.draw_options(layout, operator, verb, after=after)
    layout.separator()
    layout.prop(operator, "output")


def draw_foretold(layout: Any, found: Foretold | None) -> None:
    """What a run would take, where that can be told; a disk without room stands out."""
    if found is not None:
        row = layout.row()
        row.alert = not found.fits
        row.label(text=found.text, icon="TIME" if found.fits else "ERROR", translate=False)


def chosen_for_shots(operator: Any, context: bpy.types.Context) -> Chosen:
    """What was chosen for new shots: the operator takes the options of Replace Sky."""
    return Chosen(
        sky=operator.sky,
        sky_file=operator.sky_file,
        sky_world=operator.sky_world,
        options=option_properties.chosen_options(operator, "replace") | own_weights(context, operator.matte_method),
        output=operator.output,
        camera=operator.camera,
        movie_clip=operator.movie_clip,
    )
