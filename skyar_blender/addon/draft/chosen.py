# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sidebar says of the sky, as Replace Sky would take it."""

from __future__ import annotations

from typing import Any

import bpy

from ..jobs.replace_sky import Chosen
from ..preferences.preferences import own_weights
from ..properties.option_properties import sidebar_options


def chosen_in(scene: Any) -> Chosen:
    """The choices that are kept with ``scene``."""
    settings = scene.skyar
    names = {name: getattr(settings, name) for name in ("sky_world", "camera", "movie_clip")}
    options = sidebar_options(settings, "replace")
    return Chosen(
        sky=settings.sky,
        sky_file=settings.sky_file,
        options=options | own_weights(bpy.context, options["matte_method"]),
        **{name: each.name if each is not None else "" for name, each in names.items()},
    )
