# SPDX-License-Identifier: GPL-3.0-or-later
"""Mouse and keys over a draft: ``bpy.ops.sequencer.skyar_draft_by_hand``, which Draft Frame starts."""

from __future__ import annotations

import math
from typing import Any

import bpy

from ...contract.correction import Truth
from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned, there
from ..draft import brush, hand, overlay
from ..draft import session as sessions
from ..draft.geometry import PicturePlace, Point, dragged, is_at_horizon
from ..properties.draft_properties import draft_view
from ..redraw import redraw_sequencers
from ..translations.told import told_error
from .preview_regions import at, covered, previews, within

#: Pixels to both sides of the line between before and after that take hold of it.
_REACH = 8
#: By how much a step of the wheel changes the field of view of an ordinary picture.
_STEP = 1.08
_FOV = (1.0, 360.0)
_RAISED = 60.0
_HORIZON = (-3.0, 4.0)
#: What a drag may change.
_PLACED = ("sky_rotation", "sky_raised", "sky_fov", "find_horizon", "horizon")
#: Keys that hold the sky until a click: moved as by a drag, turned alone, scaled.
_HOLDS = {"G": "sky", "R": "turn", "S": "scale"}
#: What makes the brush larger, and smaller.
_LARGER, _SMALLER = {"WHEELUPMOUSE", "RIGHT_BRACKET"}, {"WHEELDOWNMOUSE", "LEFT_BRACKET"}


class SEQUENCER_OT_skyar_draft_by_hand(bpy.types.Operator):
    """Place the sky on the draft: drag to turn and raise it, wheel for the field of view of an ordinary picture, drag
    the line of the horizon. Or paint what is sky and what is not"""

    bl_idname = "sequencer.skyar_draft_by_hand"
    bl_label = "Place the Sky by Hand"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        """Listen until the draft is cleared."""
        self._region: Any = None
        self._drag = ""
        hand.listening = True
        there(context.window_manager).modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        """What is not meant for the draft goes on to Blender."""
        session = sessions.active()
        if session is None:
            self.cancel(context)
            return {"FINISHED"}
        if self._drag:
            return self._go_on(context, event)
        region = next((each for each in previews(context) if within(each, event)), None)
        if region is not None and covered(region, event):
            region = None
        if event.type == "MOUSEMOVE":
            self._point_at(context, event, region)
        if region is None or event.value != "PRESS":
            return {"PASS_THROUGH"}
        painting = draft_view(context).hand != "PLACE"
        if event.type == "ESC" and not painting:
            session.clear()
            overlay.hide()
            self.cancel(context)
            return {"FINISHED"}
        shown = session.shown
        if shown is None or not overlay.is_there(context, shown):
            return {"PASS_THROUGH"}
        place = overlay.place_in(region, compat.sequencer_scene(context), shown.subject)
        point = at(region, event)
        if place is None or not place.holds(*point) or event.alt or event.ctrl:
            return {"PASS_THROUGH"}
        return self._pressed(context, event, region, place, point)

    def cancel(self, _context: bpy.types.Context) -> None:
        """The window was closed, or another file is opened."""
        hand.listening = False
        brush.current = brush.pointer = None

    def _point_at(self, context: bpy.types.Context, event: bpy.types.Event, region: Any) -> None:
        """Show the brush where the mouse is."""
        session = sessions.active()
        before, brush.pointer = brush.pointer, None
        if session is None or session.shown is None or draft_view(context).hand == "PLACE":
            return
        if region is not None and overlay.is_there(context, session.shown):
            place = overlay.place_in(region, compat.sequencer_scene(context), session.shown.subject)
            point = at(region, event)
            if place is not None and place.holds(*point):
                brush.pointer = place.uv(*point)
        if before is not None or brush.pointer is not None:
            redraw_sequencers()

    def _pressed(
        self,
        context: bpy.types.Context,
        event: bpy.types.Event,
        region: bpy.types.Region,
        place: PicturePlace,
        point: Point,
    ) -> Returned:
        view = draft_view(context)
        settings = compat.sequencer_scene(context).skyar
        session = sessions.active()
        assert session is not None and session.shown is not None
        painting = view.hand != "PLACE"
        heights = overlay.horizon_of(session.shown, context.window_manager, settings)
        self._held, self._degrees = False, session.shown.facts.degrees
        if event.type == "P" or (event.type == "ESC" and painting):
            view.hand = "PLACE" if painting else "SKY"
        elif event.type == "X" and painting:
            view.hand = "NOT_SKY" if view.hand == "SKY" else "SKY"
        elif event.type in _LARGER | _SMALLER and painting:
            view.brush_size = brush.resized(view.brush_size, event.type in _LARGER)
        elif event.type == "H":
            view.horizon = not view.horizon
        elif event.type in {"B", "M"}:
            wanted = "SPLIT" if event.type == "B" else "MATTE"
            view.view = "RESULT" if view.view == wanted else wanted
        elif event.type in {"WHEELUPMOUSE", "WHEELDOWNMOUSE"} and not session.shown.facts.panorama:
            step = _STEP if event.type == "WHEELUPMOUSE" else 1 / _STEP
            low, high = _FOV
            settings.sky_fov = math.radians(min(max(math.degrees(settings.sky_fov) * step, low), high))
        elif event.type == "LEFTMOUSE":
            found = place.uv(*point)
            on_line = found is not None and abs(found[0] - view.split) * place.width <= _REACH
            self._region, self._place, self._from = region, place, point
            if view.view == "SPLIT" and on_line:
                self._drag = "split"
            elif painting:
                self._drag = "brush"
                truth: Truth = "sky" if view.hand == "SKY" else "not_sky"
                source = session.shown.subject.source
                brush.current = brush.Painting(place, source, truth, view.brush_size, point)
            elif heights is not None and is_at_horizon(place, heights, point, _REACH):
                self._drag, self._heights = "horizon", heights
            else:
                self._drag = "sky"
            self._hold(settings)
        elif event.type in _HOLDS and not painting:
            self._region, self._place, self._from = region, place, point
            self._drag = _HOLDS[event.type]
            if self._drag == "scale" and session.shown.facts.panorama:
                self._drag = ""
                return {"PASS_THROUGH"}
            self._hold(settings)
            self._held = True
        else:
            return {"PASS_THROUGH"}
        redraw_sequencers()
        return {"RUNNING_MODAL"}

    def _go_on(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        settings = compat.sequencer_scene(context).skyar
        point = at(self._region, event)
        if event.type == "MOUSEMOVE" and self._drag == "split":
            found = self._place.uv(*point)
            if found is not None:
                draft_view(context).split = min(max(found[0], 0.0), 1.0)
            redraw_sequencers()
        elif self._drag == "brush":
            self._paint(event, point)
        elif event.type == "MOUSEMOVE":
            self._place_sky(settings, point)
            redraw_sequencers()
        elif event.type in {"ESC", "RIGHTMOUSE"} and self._drag != "split":
            for name, value in self._before.items():
                setattr(settings, name, value)
            self._drag = ""
            redraw_sequencers()
        elif event.type in {"LEFTMOUSE", "RET"} and event.value == ("PRESS" if self._held else "RELEASE"):
            if self._drag != "split":
                bpy.ops.ed.undo_push(message="Place the Sky")
            self._drag = ""
        return {"RUNNING_MODAL"}

    def _hold(self, settings: Any) -> None:
        """Remember what a drag may change, so that it can be given up."""
        self._before = {name: getattr(settings, name) for name in _PLACED}

    def _place_sky(self, settings: Any, point: Point) -> None:
        """What the mouse at ``point`` makes of the sky's place."""
        turned, raised = dragged(self._place, self._from, point, self._degrees)
        if self._drag == "horizon":
            before, now = self._place.uv(*self._from), self._place.uv(*point)
            if before is not None and now is not None:
                low, high = _HORIZON
                middle = sum(self._heights) / 2 + before[1] - now[1]
                settings.find_horizon, settings.horizon = False, min(max(middle, low), high)
            return
        if self._drag == "scale":
            low, high = _FOV
            wider = math.degrees(self._before["sky_fov"]) * 2 ** (2 * turned / self._degrees)
            settings.sky_fov = math.radians(min(max(wider, low), high))
            return
        rotation, limit = self._before["sky_rotation"], math.radians(_RAISED)
        settings.sky_rotation = (rotation + math.radians(turned) + math.pi) % (2 * math.pi) - math.pi
        if self._drag == "sky":
            settings.sky_raised = min(max(self._before["sky_raised"] + math.radians(raised), -limit), limit)

    def _paint(self, event: bpy.types.Event, point: Point) -> None:
        session = sessions.active()
        if brush.current is None or session is None or session.shown is None:
            self._drag = ""
        elif event.type == "MOUSEMOVE":
            brush.current.go(point)
            brush.pointer = self._place.uv(*point)
        elif event.type == "ESC":
            brush.current, self._drag = None, ""
        elif event.type == "LEFTMOUSE" and event.value == "RELEASE":
            stroke, brush.current, self._drag = brush.current.stroke, None, ""
            try:
                session.shown.subject.paint(stroke)
                bpy.ops.ed.undo_push(message="Sky Brush")
            except SkyarError as error:
                self.report({"ERROR"}, told_error(error))
        redraw_sequencers()


CLASSES = (SEQUENCER_OT_skyar_draft_by_hand,)
