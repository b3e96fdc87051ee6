# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab "SkyAR" in the sidebar of the Video Sequencer."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..bases import Drawn, PanelBase
from ..jobs import runner
from ..jobs.foretold import foretell
from ..jobs.progress_words import left_text, step_text
from ..motion import choices
from ..nodes.tree import group_node
from ..operators.add_tracked_camera import SEQUENCER_OT_skyar_add_tracked_camera
from ..operators.apply_as_modifier import SEQUENCER_OT_skyar_apply_as_modifier
from ..operators.bake import SEQUENCER_OT_skyar_bake
from ..operators.cancel import SEQUENCER_OT_skyar_cancel, SEQUENCER_OT_skyar_wait
from ..operators.change_sky import SEQUENCER_OT_skyar_change_sky
from ..operators.draft_frame import SEQUENCER_OT_skyar_draft_frame
from ..operators.play import SEQUENCER_OT_skyar_play
from ..operators.replace_sky import SEQUENCER_OT_skyar_replace_sky
from ..operators.shot_dialog import draw_foretold
from ..operators.try_skies import SEQUENCER_OT_skyar_try_skies
from ..preferences.preferences import engine_is_there, preferences
from ..properties import option_properties
from ..result import link
from ..result.compositor_modifier import modifier_of
from ..result.link import FOLDER_KEY, folder_of
from ..result.movie import is_stale, shows_movie
from ..result.on_disk import size_of
from ..result.report import report_of
from ..translations.say import duration, say, size
from .sliders import draw_sliders


class Tab(Drawn, PanelBase):
    """A panel of the add-on."""

    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "SkyAR"


class SEQUENCER_PT_skyar_replace(Tab, bpy.types.Panel):
    """Choose a sky, start, watch, cancel."""

    bl_label = "Replace Sky"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return compat.sequencer_scene(context) is not None and engine_is_there(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        if runner.busy() and runner.current is not None:
            _draw_progress(layout, runner.current)
        settings = compat.sequencer_scene(context).skyar
        column = layout.column()
        column.prop(settings, "sky")
        column.prop(settings, "sky_file")
        column.prop(settings, "sky_world")
        option_properties.draw_sidebar(
            column,
            settings,
            "replace",
            ("Matte", "Camera"),
            {"motion": lambda layout: choices.draw_given(layout, settings)},
        )
        row = layout.row(align=True)
        row.scale_y = 1.4
        row.operator_context = "INVOKE_DEFAULT"
        row.operator(SEQUENCER_OT_skyar_draft_frame.bl_idname, icon="RESTRICT_RENDER_OFF")
        self._button(row, settings, ask=False, icon="WORLD")
        _draw_foretold(layout, context, settings)
        row = layout.row()
        self._button(row, settings, ask=True, text="More Options...")
        row = layout.row()
        row.operator_context = "INVOKE_DEFAULT"
        attempt = row.operator(SEQUENCER_OT_skyar_try_skies.bl_idname, text="Try Skies...", icon="IMGDISPLAY")
        option_properties.hand_over(settings, attempt, "try")
        _hand_over_names(settings, attempt, ("camera", "movie_clip"))

    def _button(self, row: bpy.types.UILayout, settings: Any, ask: bool, **look: Any) -> None:
        row.operator_context = "INVOKE_DEFAULT"
        start = row.operator(SEQUENCER_OT_skyar_replace_sky.bl_idname, **look)
        start.sky, start.sky_file = settings.sky, settings.sky_file
        option_properties.hand_over(settings, start, "replace")
        _hand_over_names(settings, start, ("camera", "movie_clip", "sky_world"))
        start.ask = ask


def _draw_foretold(layout: bpy.types.UILayout, context: bpy.types.Context, settings: Any) -> None:
    """What Replace Sky would take now."""
    sky = "" if settings.sky_file or settings.sky_world else settings.sky
    options = option_properties.sidebar_options(settings, "replace")
    draw_foretold(layout, foretell(compat.sequencer_scene(context), sky, options))


def _hand_over_names(settings: Any, operator: Any, names: tuple[str, ...]) -> None:
    for name in names:
        chosen = getattr(settings, name)
        setattr(operator, name, chosen.name if chosen is not None else "")


class SEQUENCER_PT_skyar_result(Tab, bpy.types.Panel):
    """The sliders of the node group of the active strip's result."""

    bl_label = "Result"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_result(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        scene = active_result(context)
        node = group_node(scene)
        if node is None:
            layout.label(text="The node group “SkyAR Composite” was removed.", icon="ERROR")
            return
        modifier = _shown_modifier(context)
        if modifier is None:
            _draw_shown(layout, link.active_result(compat.sequencer_scene(context)))
        if modifier is not None:
            draw_sliders(layout, {name: (at, "value") for name, at in compat.modifier_inputs(modifier).items()})
        else:
            draw_sliders(layout, {each.name: (each, "default_value") for each in node.inputs if not each.is_linked})
        row = layout.row()
        row.operator_context = "INVOKE_DEFAULT"  # the dialog first
        row.operator(SEQUENCER_OT_skyar_change_sky.bl_idname, icon="WORLD", text="Change Sky...")
        layout.operator(SEQUENCER_OT_skyar_apply_as_modifier.bl_idname, icon="MODIFIER")
        layout.operator(SEQUENCER_OT_skyar_add_tracked_camera.bl_idname, icon="CAMERA_DATA")
        column = layout.column()
        column.enabled = False
        column.label(text=f"{scene.name}: {scene.get(FOLDER_KEY, '')}", icon="FILE_FOLDER")
        if made := _how_it_was_made(scene):
            column.label(text=made, icon="BLANK1", translate=False)


def _how_it_was_made(scene: bpy.types.Scene) -> str:
    """What a result takes on the disk, and how long its latest run took, as far as that is known."""
    taken, report = size_of(folder_of(scene)), report_of(scene)
    words = [] if taken is None else [say("{size} on disk", size=size(taken))]
    if report is not None and report.seconds is not None:
        words.append(say("latest run: {time}", time=duration(report.seconds)))
    return ", ".join(words)


def _draw_shown(layout: Any, result: Any) -> None:
    """Movie or nodes: what the sequencer shows of a result."""
    row = layout.row(align=True)
    for show, text, shown in (("MOVIE", "Movie", shows_movie(result)), ("NODES", "Nodes", not shows_movie(result))):
        row.operator(SEQUENCER_OT_skyar_play.bl_idname, text=text, depress=shown).show = show
    chosen = preferences()
    if chosen is not None:
        row.prop(chosen, "automatic_bake", text="", icon="FILE_REFRESH")
    row = layout.row()
    row.operator_context = "INVOKE_DEFAULT"
    if is_stale(result.scene):
        row.operator(SEQUENCER_OT_skyar_bake.bl_idname, text="Bake: a movie of these settings", icon="FILE_MOVIE")


def active_result(context: bpy.types.Context) -> Any:
    """The result scene of the active strip, or of the strip that it shows; or None."""
    result = link.active_result(compat.sequencer_scene(context))
    return result.scene if result is not None else None


def _shown_modifier(context: bpy.types.Context) -> Any:
    """The modifier that shows the active strip's result while the result itself is muted; or None."""
    scene = compat.sequencer_scene(context)
    result = link.active_result(scene)
    original = link.original_of(scene, result) if result.mute else None
    return modifier_of(original) if original is not None else None


def _draw_progress(layout: bpy.types.UILayout, run: runner.JobQueue) -> None:
    now = run.progress
    layout.label(text=f"{say(run.title)}: {run.current.strip}", translate=False)
    layout.progress(factor=run.fraction, text=step_text(now), translate=False)
    if left := left_text(now):
        layout.label(text=left, translate=False)
    if run.silent_for is None:
        layout.operator(SEQUENCER_OT_skyar_cancel.bl_idname, icon="X").place = -1
    else:
        _draw_silent(layout, run)
    for place, other in enumerate(runner.waiting):
        row = layout.row()
        text = say("Next: {title}, {strip}", title=say(other.title), strip=other.current.strip)
        row.label(text=text, icon="SORTTIME", translate=False)
        row.operator(SEQUENCER_OT_skyar_cancel.bl_idname, text="", icon="X").place = place
    layout.separator()


def _draw_silent(layout: Any, run: runner.JobQueue) -> None:
    assert run.silent_for is not None
    column = layout.column(align=True)
    column.alert = True
    text = say("No answer for {time}:", time=duration(run.silent_for))
    column.label(text=text, icon="ERROR", translate=False)
    column.label(text="stopped, or a disk does not answer.")
    row = layout.row(align=True)
    row.operator(SEQUENCER_OT_skyar_wait.bl_idname, icon="TIME")
    row.operator(SEQUENCER_OT_skyar_cancel.bl_idname, icon="X", text="Cancel").place = -1


# What is on the shot comes before what may be done with it: the skies fill screens.
CLASSES = (SEQUENCER_PT_skyar_result, SEQUENCER_PT_skyar_replace)
