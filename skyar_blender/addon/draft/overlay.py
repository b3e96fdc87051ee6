# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the draft over the sequencer's preview, exactly where its strip is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import blf
import bpy
import gpu
from gpu_extras.batch import batch_for_shader

from .. import compat
from ..bases import there
from ..drawn_lines import draw_lines
from ..properties.draft_properties import draft_view
from ..strips.placement import placement
from . import brush
from . import session as sessions
from .geometry import Corners, PicturePlace, horizon_ends, moved_horizon, picture_place
from .session import Pixels, Shown

_LINE = (1.0, 1.0, 1.0, 0.9)
_LINE_WIDTH = 2.0
_HORIZON = (1.0, 0.9, 0.3, 0.6)
_HORIZON_WIDTH = 1.5
_TEXT_SIZE = 12
_MARGIN = 8

#: What mouse and keys do, by what a drag does.
_HELP = {
    "PLACE": ("Draft", "drag, G, R: move", "S: scale", "H: horizon", "P: paint", "B: before", "M: matte", "Esc: end"),
    "PAINT": ("Sky Brush", "drag: paint", "X: sky or not", "wheel, [ ]: size", "M: matte", "P, Esc: place"),
}

#: Blender's types say that it gives nothing.
_TRANSLATED: Callable[[str], str] = cast("Any", bpy.app.translations.pgettext_iface)

_handle: Any = None
#: The pictures of the draft that was drawn last, on the graphics card, by its number and their names.
_textures: dict[tuple[int, str], Any] = {}


def show() -> None:
    """Draw from now on."""
    global _handle
    if _handle is None:
        _handle = bpy.types.SpaceSequenceEditor.draw_handler_add(_draw, (), "PREVIEW", "POST_PIXEL")


def hide() -> None:
    """Draw no longer."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceSequenceEditor.draw_handler_remove(_handle, "PREVIEW")
        _handle = None
    _textures.clear()


def place_in(region: bpy.types.Region, scene: bpy.types.Scene, subject: Any) -> PicturePlace | None:
    """Where the strip's picture lies in a region that shows the preview; None where the strip has gone."""
    strip = compat.all_strips(scene.sequence_editor).get(subject.strip) if scene.sequence_editor else None
    if strip is None:
        return None
    render = scene.render
    frame = render.resolution_x * render.pixel_aspect_x / render.pixel_aspect_y, float(render.resolution_y)

    def to_region(x: float, y: float) -> tuple[float, float]:
        across, up = region.view2d.view_to_region(x, y, clip=False)
        return across, up

    return picture_place(placement(scene, strip, subject.size, subject.frame), frame, to_region)


def horizon_of(shown: Shown, manager: Any, settings: Any) -> list[float] | None:
    """Heights of the horizon as it is chosen, left and right; None where it is not shown."""
    view, heights = manager.skyar_draft, shown.facts.horizon
    if heights is None or not view.horizon or view.hand != "PLACE":
        return None
    return heights if settings.find_horizon else moved_horizon(heights, settings.horizon)


def is_there(context: bpy.types.Context, shown: Shown) -> bool:
    """Whether the sequencer stands still at the frame of the draft."""
    scene = compat.sequencer_scene(context)
    same = scene is not None and (scene.name, scene.frame_current) == (shown.subject.scene, shown.subject.frame)
    return same and not there(context.screen).is_animation_playing


def _draw() -> None:
    context: Any = bpy.context  # its space is known to be a sequencer
    session = sessions.active()
    if session is None:
        return
    shown = session.shown
    if shown is None:
        if session.waiting:
            _write("Draft under way...")
        return
    if not is_there(context, shown) or context.space_data.display_mode != "IMAGE":
        return
    place = place_in(context.region, compat.sequencer_scene(context), shown.subject)
    if place is None:
        return
    view = draft_view(context)
    gpu.state.blend_set("NONE")
    if view.view == "MATTE":
        _picture(shown, "matte", place.quad())
    elif view.view == "SPLIT":
        _picture(shown, "original", place.quad(0, view.split), right=view.split)
        _picture(shown, "result", place.quad(view.split, 1), left=view.split)
        draw_lines([place.at(view.split, 0), place.at(view.split, 1)], _LINE_WIDTH, _LINE)
    else:
        _picture(shown, "result", place.quad())
    heights = horizon_of(shown, context.window_manager, compat.sequencer_scene(context).skyar)
    if heights is not None:
        draw_lines(horizon_ends(place, heights), _HORIZON_WIDTH, _HORIZON)
    if view.hand != "PLACE":
        brush.draw(place, shown.subject, view)
    told = ("Draft under way...",) if session.waiting else _HELP["PLACE" if view.hand == "PLACE" else "PAINT"]
    _write(*told)


def _picture(shown: Shown, name: str, corners: Corners, left: float = 0.0, right: float = 1.0) -> None:
    shader = gpu.shader.from_builtin("IMAGE")
    batch = batch_for_shader(
        shader,
        "TRIS",
        {"pos": corners, "texCoord": ((left, 0), (right, 0), (right, 1), (left, 1))},
        indices=((0, 1, 2), (0, 2, 3)),
    )
    shader.uniform_sampler("image", _texture(shown, name))
    batch.draw(shader)


def _texture(shown: Shown, name: str) -> Any:
    number = shown.facts.number
    found = _textures.get((number, name))
    if found is None:
        for old in [key for key in _textures if key[0] != number]:
            del _textures[old]
        pixels: Pixels = getattr(shown, name)
        types: Any = gpu.types  # fake-bpy-module does not know how these are made
        data = types.Buffer("FLOAT", len(pixels.values), pixels.values)
        found = types.GPUTexture((pixels.width, pixels.height), format=compat.SCREEN_TEXTURE, data=data)
        _textures[number, name] = found
    return found


def _write(*told: str) -> None:
    text = "  |  ".join(_TRANSLATED(each) for each in told)
    scale = there(bpy.context.preferences).system.ui_scale
    blf.size(0, _TEXT_SIZE * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 5, 0.0, 0.0, 0.0, 1.0)
    blf.color(0, 1.0, 1.0, 1.0, 1.0)
    blf.position(0, _MARGIN * scale, _MARGIN * scale, 0)
    blf.draw(0, text)
    blf.disable(0, blf.SHADOW)
