# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace Sky: ``bpy.ops.sequencer.skyar_replace_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import DEFAULT_MATTE_METHOD
from .. import compat, job_runner, output_folder, sky_choice
from ..motion import choices
from ..preferences import engine_python, matting_weights
from ..replacement import Wishes, plan
from ..strips.choose import chosen_strips

QUALITIES = (
    ("draft", "Draft", "A quick look"),
    ("normal", "Normal", "For most shots"),
    ("high", "High", "Finer edges and motion, slower"),
)
METHODS = (
    ("network", "Network (default)", "A trained network, helped by the clip's own colours where it is in doubt"),
    ("adaptive", "Adaptive (no network)", "Learns from the clip alone; needs neither weights nor their runtime"),
)
_SECONDS_BETWEEN_POLLS = 0.1
_MORE = ("camera", "movie_clip", "focal_length", "find_horizon", "horizon", "wind")


class SEQUENCER_OT_skyar_replace_sky(bpy.types.Operator):
    """Give the selected movie or image strips a new sky that moves with the camera"""

    bl_idname = "sequencer.skyar_replace_sky"
    bl_label = "Replace Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: bpy.props.StringProperty(name="Sky", description="Name of a sky", default="sunset", search=sky_choice.search)
    sky_file: bpy.props.StringProperty(
        name="Picture",
        description="A panorama or a picture of your own; counts in place of Sky",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"} | compat.RELATIVE_PATH,
    )
    sky_rotation: bpy.props.FloatProperty(
        name="Turn",
        description="How far the sky is turned to the right",
        subtype="ANGLE",
        soft_min=-3.14159265,
        soft_max=3.14159265,
    )
    quality: bpy.props.EnumProperty(
        name="Quality", description="Size at which sky and motion are analysed", items=QUALITIES, default="normal"
    )
    matte_method: bpy.props.EnumProperty(
        name="Method", description="How the sky is found", items=METHODS, default=DEFAULT_MATTE_METHOD
    )
    motion: bpy.props.EnumProperty(
        name="Motion",
        description="Where the motion of the camera comes from",
        items=choices.MOTIONS,
        default="SOLVE",
    )
    camera: bpy.props.StringProperty(
        name="Camera",
        description="Name of the camera that moves as the real one did; empty takes that of the scene",
        search=choices.search_cameras,
        options={"SKIP_SAVE"},
    )
    movie_clip: bpy.props.StringProperty(
        name="Movie Clip",
        description="Name of the movie clip whose camera was solved; empty takes that of the strip's file",
        search=choices.search_clips,
        options={"SKIP_SAVE"},
    )
    output: bpy.props.StringProperty(
        name="Output",
        description="Folder for the files of the result; empty takes a new one as set in the preferences",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"} | compat.RELATIVE_PATH,
    )
    focal_length: bpy.props.FloatProperty(
        name="Focal Length",
        description="Of the camera, in millimetres for a sensor 36 mm wide; 0 if it is not known. Not used where "
        "the motion comes from a camera that has its own",
        default=0.0,
        min=0.0,
        max=2000.0,
    )
    find_horizon: bpy.props.BoolProperty(
        name="Find Horizon", description="Find the height of the horizon in the first frame", default=True
    )
    horizon: bpy.props.FloatProperty(
        name="Horizon",
        description="Height of the horizon in the first frame: 0 is the lower edge of the picture, 1 the upper",
        default=0.5,
        min=-3.0,
        max=4.0,
        soft_min=0.0,
        soft_max=1.0,
    )
    wind: bpy.props.FloatProperty(
        name="Wind",
        description="Degrees per second by which the new sky drifts to the right; the report tells that of the old",
        default=0.0,
        min=-90.0,
        max=90.0,
        soft_min=-3.0,
        soft_max=3.0,
    )
    ask: bpy.props.BoolProperty(
        name="Ask", description="Show these choices first", default=True, options={"HIDDEN", "SKIP_SAVE"}
    )

    _asking = False

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if compat.sequencer_scene(context).sequence_editor is None:
            cls.poll_message_set("Add a movie or an image sequence to the Video Sequencer first")
            return False
        if job_runner.busy():
            cls.poll_message_set("Replace Sky is at work already")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if self.ask:
            self._asking = True
            return context.window_manager.invoke_props_dialog(self, width=420)
        try:
            self._run = self._start(context)
        except SkyarError as error:
            return self._fail(error)
        manager = context.window_manager
        self._timer = manager.event_timer_add(_SECONDS_BETWEEN_POLLS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        if self._asking:
            # From the dialog: an operator may go modal from `invoke` alone, and this step is none to undo.
            bpy.ops.sequencer.skyar_replace_sky("INVOKE_DEFAULT", **self._choices(), ask=False)
            return {"CANCELLED"}
        try:
            run = self._start(context)
            printer = _Printer(run)
            run.wait(printer)
        except SkyarError as error:
            return self._fail(error)
        return self._finish(context, run)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        if event.type == "ESC" and event.value == "PRESS":
            self._run.cancel()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            for _event in self._run.poll():
                pass
        except SkyarError as error:
            self._leave(context)
            result = self._fail(error)
            # What is in the .blend by now must be one step to undo.
            return {"FINISHED"} if self._run.shown else result
        except Exception:
            self.cancel(context)
            raise
        if self._run.running:
            context.workspace.status_text_set(status_text(self._run) + "  |  Esc: Cancel")
            _redraw(context)
            return {"PASS_THROUGH"}
        self._leave(context)
        return self._finish(context, self._run)

    def cancel(self, context: bpy.types.Context) -> None:
        """The window was closed, or another file is opened."""
        if not self._asking:
            self._run.stop()
            self._leave(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "sky")
        layout.prop(self, "sky_file")
        layout.prop(self, "sky_rotation")
        layout.separator()
        layout.prop(self, "quality")
        layout.prop(self, "matte_method")
        layout.prop(self, "output")
        layout.separator()
        choices.draw(layout, self)
        row = layout.row()
        row.enabled = self.motion in ("SOLVE", "STATIC")
        row.prop(self, "focal_length")
        layout.prop(self, "find_horizon")
        row = layout.row()
        row.enabled = not self.find_horizon
        row.prop(self, "horizon")
        layout.prop(self, "wind")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def _start(self, context: bpy.types.Context) -> job_runner.Run:
        if job_runner.busy():
            raise job_runner.busy_error()
        scene = compat.sequencer_scene(context)
        wishes = Wishes(
            sky=self.sky,
            sky_file=self.sky_file,
            sky_rotation=self.sky_rotation * 180.0 / 3.141592653589793,
            quality=self.quality,
            matte_method=self.matte_method,
            matting_weights=matting_weights(context) if self.matte_method == "network" else None,
            output=self.output,
            motion=self.motion,
            camera=self.camera,
            movie_clip=self.movie_clip,
            focal_length=self.focal_length or None,
            horizon=None if self.find_horizon else self.horizon,
            wind=self.wind,
        )
        run = job_runner.Run(engine_python(context), _plan(scene, wishes))
        run.start()
        return run

    def _choices(self) -> dict[str, object]:
        names = ("sky", "sky_file", "sky_rotation", "quality", "matte_method", "output", "motion")
        return {name: getattr(self, name) for name in (*names, *_MORE)}

    def _finish(self, context: bpy.types.Context, run: job_runner.Run) -> set[str]:
        for warning in run.warnings:
            self.report({"WARNING"}, " ".join(filter(None, (warning.what, warning.why, warning.todo))))
        if not output_folder.is_saved() and not self.output:
            self.report(
                {"WARNING"},
                f"The .blend was never saved, so the files of the result are in {run.current.job.output}. "
                "Save it and run Replace Sky again to have them beside it.",
            )
        for note in run.notes:
            self.report({"INFO"}, note)
        names = ", ".join(f"“{replacement.strip}”" for replacement in run.replacements)
        self.report({"INFO"}, f"{names}: the new sky is on the strip above.")
        _redraw(context)
        return {"FINISHED"}

    def _fail(self, error: SkyarError) -> set[str]:
        self.report({"WARNING" if error.code is ErrorCode.CANCELLED else "ERROR"}, str(error))
        return {"CANCELLED"}

    def _leave(self, context: bpy.types.Context) -> None:
        context.window_manager.event_timer_remove(self._timer)
        if context.workspace is not None:
            context.workspace.status_text_set(None)
        _redraw(context)


def _plan(scene: bpy.types.Scene, wishes: Wishes):
    try:
        return plan(scene, chosen_strips(scene), wishes)
    except ValueError as error:  # the contract's ranges
        raise SkyarError(
            ErrorCode.BAD_JOB, "Replace Sky cannot run with these choices.", f"{error}.", "Change them."
        ) from error


def status_text(run: job_runner.Run) -> str:
    """Strip, stage, how far, and how long still, on one line."""
    text = f"Replace Sky: {run.current.strip}"
    if len(run.replacements) > 1:
        text += f" ({run.shown + 1} of {len(run.replacements)})"
    now = run.progress
    if now is None:
        return text + ", starting"
    text += f", {now.stage} {now.frame} of {now.total}, {round(100 * run.fraction)} %"
    if now.seconds_left is not None:
        text += f", {duration_text(now.seconds_left)} left"
    return text


def duration_text(seconds: float) -> str:
    """``seconds`` as minutes and seconds."""
    minutes, seconds = divmod(max(0, round(seconds)), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


class _Printer:
    """Prints the events of a run; of progress, one line per stage and tenth of the way."""

    def __init__(self, run: job_runner.Run) -> None:
        self._run = run
        self._said: tuple[str, str, int] | None = None

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            key = (self._run.current.strip, event.stage, 10 * event.frame // max(1, event.total))
            if key != self._said:
                self._said = key
                self._run.progress = event
                print(status_text(self._run), flush=True)
        elif isinstance(event, events.Started):
            print(f"Replace Sky: {self._run.current.strip}, files in {event.output}", flush=True)
        elif isinstance(event, events.Warning):
            print(f"Warning: {event.what} {event.why} {event.todo}".rstrip(), flush=True)


def _redraw(context: bpy.types.Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


CLASSES = (SEQUENCER_OT_skyar_replace_sky,)
