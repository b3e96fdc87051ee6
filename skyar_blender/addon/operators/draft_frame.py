# SPDX-License-Identifier: GPL-3.0-or-later
"""Draft Frame: ``bpy.ops.sequencer.skyar_draft_frame``, and Clear Draft."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import shutil
import time
from pathlib import Path

import bpy

from ...contract.draft import LARGEST, SMALLEST
from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..bases import Returned
from ..draft import hand, overlay
from ..draft import session as sessions
from ..draft.chosen import chosen_in
from ..draft.geometry import display_size
from ..draft.subject import Subject, subject_of
from ..preferences import last_choices
from ..preferences.fetching import fetching
from ..preferences.preferences import engine_python
from ..redraw import redraw_sequencers
from ..translations.told import told_error
from .polls import needs
from .preview_regions import previews

#: Long side in pixels where no preview is open.
_USUAL_SIZE = 1280
_SECONDS_BETWEEN_POLLS = 0.05


class SEQUENCER_OT_skyar_draft_frame(bpy.types.Operator):
    """See the frame at the playhead under the chosen sky within seconds, before anything long is started. Drag it to
    turn and raise the sky"""

    bl_idname = "sequencer.skyar_draft_frame"
    bl_label = "Draft Frame"

    size: bpy.props.IntProperty(
        name="Size",
        description="Long side of the draft in pixels, at most; 0 is as large as it is shown",
        default=0,
        min=0,
        max=LARGEST,
        options={"SKIP_SAVE"},
    )
    filepath: bpy.props.StringProperty(
        name="File", description="Where to write the draft, a PNG; empty only shows it", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = compat.sequencer_scene(context)
        there = scene is not None and scene.sequence_editor is not None
        return needs(cls, there, "Add a movie or an image sequence to the Video Sequencer first")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        """Ask for it; it is drawn when it comes."""
        try:
            self._ask(context)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        last_choices.remember(compat.sequencer_scene(context).skyar)
        overlay.show()
        sessions.watch(chosen_in)
        hand.begin()
        return {"FINISHED"}

    def execute(self, context: bpy.types.Context) -> Returned:
        """Ask for it, and wait."""
        try:
            session = self._ask(context)
            while session.waiting:
                time.sleep(_SECONDS_BETWEEN_POLLS)
                session.poll()
            if session.error is not None:
                raise session.error
            if self.filepath and session.shown is not None:
                _copy(session.shown.facts.result, Path(bpy.path.abspath(self.filepath)))
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        return {"FINISHED"}

    def _ask(self, context: bpy.types.Context) -> sessions.Session:
        scene = compat.sequencer_scene(context)
        chosen = chosen_in(scene)
        subject = subject_of(scene, chosen)
        session = sessions.begin(engine_python(context), fetching(), redraw_sequencers)
        try:
            session.ask(subject, chosen, self.size or _shown_size(context, subject))
        except ValueError as error:  # the contract's ranges
            raise SkyarError(
                ErrorCode.BAD_JOB, "There is no draft with these choices.", f"{error}.", "Change them."
            ) from error
        return session


class SEQUENCER_OT_skyar_clear_draft(bpy.types.Operator):
    """Show the preview as it is again"""

    bl_idname = "sequencer.skyar_clear_draft"
    bl_label = "Clear Draft"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return needs(cls, sessions.active() is not None, "There is no draft")

    def execute(self, _context: bpy.types.Context) -> Returned:
        session = sessions.active()
        if session is not None:
            session.clear()
        overlay.hide()
        return {"FINISHED"}


def _shown_size(context: bpy.types.Context, subject: Subject) -> int:
    scene = compat.sequencer_scene(context)
    regions = previews(context) if context.window is not None and not bpy.app.background else ()
    places = [overlay.place_in(region, scene, subject) for region in regions]
    sizes = [display_size(place) for place in places if place is not None]
    return min(max([*sizes, SMALLEST]), LARGEST) if sizes else _USUAL_SIZE


def _copy(source: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The draft could not be written to {target}.",
            f"{error.strerror or error}.",
            "Choose a place that you may write to.",
        ) from error


CLASSES = (SEQUENCER_OT_skyar_draft_frame, SEQUENCER_OT_skyar_clear_draft)
