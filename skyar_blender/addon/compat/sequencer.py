# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips, their handles and their modifiers.

Names follow Blender 5: a strip's *content* is what its media gives before the handles cut it, the *handles* are its
visible ends on the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

from ..bases import PropertyFlag, there

#: Options of a path property that may begin with ``//``; Blender 4.5 and later ask for this to be said.
RELATIVE_PATH: frozenset[PropertyFlag] = (
    frozenset({"PATH_SUPPORTS_BLEND_RELATIVE"}) if bpy.app.version >= (4, 5, 0) else frozenset()
)

#: Whether movies are shown turned as their files say: in Blender 4.5 they are, in 4.2 they are not.
MOVIES_ARE_TURNED = bpy.app.version >= (4, 5, 0)

#: The video stream of a movie that is shown: in Blender 5.2 the first that is no cover image, before it the first.
SHOWN_STREAM = None if bpy.app.version >= (5, 2, 0) else 0
#: Blender 5.1 began to scale and turn the pictures of Scene strips in linear light, unlike those of movies.
SCALES_SCENES_IN_LINEAR_LIGHT = bpy.app.version >= (5, 1, 0)


def sequencer_scene(context: bpy.types.Context) -> Any:
    """The scene whose timeline the Video Sequencer shows; in 5.0 it may differ from the window's scene."""
    return getattr(context, "sequencer_scene", None) or context.scene


def strips_of(editor: Any) -> Any:
    """The strips of a sequence editor at its top level, with ``new_scene`` and ``remove``."""
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def all_strips(editor: Any) -> Any:
    """All strips of a sequence editor, those inside meta strips too."""
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


def siblings(editor: bpy.types.SequenceEditor, strip: bpy.types.Strip) -> Any:
    """The strips on the same level as ``strip``: those of its meta strip, or of the editor."""
    for other in all_strips(editor):
        if other.type == "META" and strip.name in strips_of(other):
            return strips_of(other)
    return strips_of(editor)


def handles(strip: Any) -> tuple[int, int]:
    """First frame on the timeline that a strip shows, and the first that it shows no more."""
    if hasattr(strip, "right_handle"):
        return int(strip.left_handle), int(strip.right_handle)
    return int(strip.frame_final_start), int(strip.frame_final_end)


def content_start(strip: bpy.types.Strip) -> float:
    """Timeline frame of the first source frame after the trim that is no handle (``animation_offset_start``)."""
    return float(strip.content_start if hasattr(strip, "content_start") else strip.frame_start)


def content_length(strip: Any) -> float:
    """Frames on the timeline between the start and the end of the content."""
    if hasattr(strip, "left_handle_offset"):
        return float(strip.duration + strip.left_handle_offset + strip.right_handle_offset)
    return float(strip.frame_final_duration + strip.frame_offset_start + strip.frame_offset_end)


def plays_at_its_rate(scene: bpy.types.Scene, strip: bpy.types.Strip) -> bool:
    """Whether a movie strip keeps the time of its movie (*Adjust Playback Rate*), not its frames.

    Python is not told this. But then the length of the content goes with the rate of the scene, here of a copy.
    """
    copy = scene.copy()
    try:
        twin = all_strips(copy.sequence_editor)[strip.name]
        before = content_length(twin)
        copy.render.fps, copy.render.fps_base = 4 * scene.render.fps, scene.render.fps_base
        return content_length(twin) > 2 * before
    finally:
        bpy.data.scenes.remove(copy)


#: Blender 5 keeps what it has read of a strip by the source frame rounded down, though it reads the nearest one: in a
#: strip that is slower than its movie an image once read stands for all frames between it and the next whole number.
KEEPS_BY_WHOLE_FRAMES = bpy.app.version >= (5, 0, 0)


def source_trim(strip: Any) -> tuple[int, int]:
    """Source frames cut off at the start and the end of the content."""
    if hasattr(strip, "content_trim_start"):
        return int(strip.content_trim_start), int(strip.content_trim_end)
    return int(strip.animation_offset_start), int(strip.animation_offset_end)


def move_strip_to(strip: Any, start: int, duration: int) -> None:
    """Let a Scene strip show its first ``duration`` frames from timeline frame ``start`` on."""
    # A hard cut left a trim behind, which would go on hiding frames.
    if hasattr(strip, "content_start"):
        strip.content_trim_start = strip.content_trim_end = 0
        strip.left_handle_offset = 0
        strip.content_start = start
        strip.duration = duration
    else:
        strip.animation_offset_start = strip.animation_offset_end = 0
        strip.frame_offset_start = 0
        strip.frame_start = start
        strip.frame_final_duration = duration


def show_alone(editor: bpy.types.SequenceEditor, name: str) -> None:
    """Mute all strips but the one called ``name``, which is shown as it is, whatever lies below it."""
    for strip in all_strips(editor):
        strip.mute = strip.name != name and not (strip.type == "META" and name in _names_within(strip))
        if strip.name == name:
            strip.blend_type = "REPLACE"
            strip.blend_alpha = 1.0
        for channel in strip.channels if strip.type == "META" else ():
            channel.mute = False
    for channel in editor.channels:
        channel.mute = False


def _names_within(meta: Any) -> set[str]:
    names: set[str] = set()
    for strip in strips_of(meta):
        names |= {strip.name} | (_names_within(strip) if strip.type == "META" else set())
    return names


def select_alone(
    editor: bpy.types.SequenceEditor, strip: bpy.types.Strip, also: Sequence[bpy.types.Strip] = ()
) -> None:
    """Make ``strip`` the active one, and with ``also`` the only one selected."""
    for other in all_strips(editor):
        other.select = other == strip or other in also
    editor.active_strip = strip


def connect(scene: bpy.types.Scene, strips: list[Any]) -> bool:
    """Connect strips, so that a click on one selects all; whether Blender can: from 4.3 on, for strips that it shows.

    The selection is left as it is.
    """
    editor = there(scene.sequence_editor)
    shown = strips_of(editor.meta_stack[-1] if editor.meta_stack else editor)
    within = all(strip.name in shown for strip in strips)
    if "connect" not in dir(bpy.ops.sequencer) or sequencer_scene(bpy.context) != scene or not within:
        return False
    selected = [strip.select for strip in shown]
    for strip in shown:
        strip.select = strip in strips
    try:
        bpy.ops.sequencer.connect(toggle=False)
    except RuntimeError:  # its poll fails: the sequencer is not there to be edited
        return False
    finally:
        for strip, was in zip(shown, selected, strict=True):
            strip.select = was
    return True


def effect_inputs(strip: bpy.types.Strip) -> list[Any]:
    """The strips that an effect strip takes its images from; none for other strips."""
    inputs = [getattr(strip, name, None) for name in ("input_1", "input_2")]
    return [entry for entry in inputs if entry is not None]


#: Blender 5.2 shows the inputs of a Compositor modifier's group as sliders; 5.0 and 5.1 read them as 0.
HAS_MODIFIER_INPUTS = bpy.app.version >= (5, 2, 0)


def compositor_modifiers(strip: bpy.types.Strip) -> list[Any]:
    """The Compositor modifiers of a strip that have a node group; sound strips have none."""
    found = [modifier for modifier in getattr(strip, "modifiers", ()) if modifier.type == "COMPOSITOR"]
    return [modifier for modifier in found if modifier.node_group is not None]


def modifier_inputs(modifier: Any) -> dict[str, Any]:
    """By name, what holds the ``value`` of each input of a Compositor modifier but the first, which is the strip."""
    items = [item for item in modifier.node_group.interface.items_tree if item.item_type == "SOCKET"]
    names = [(item.name, item.identifier) for item in items if item.in_out == "INPUT"]
    return {name: getattr(modifier.properties.inputs, identifier) for name, identifier in names[1:]}


def put_first(editor: bpy.types.SequenceEditor, strip: bpy.types.Strip, modifier: Any) -> None:
    """Let ``modifier`` of ``strip`` come before its other modifiers; only an operator for the active strip can."""
    active = editor.active_strip
    editor.active_strip = strip
    bpy.ops.sequencer.strip_modifier_move_to_index(modifier=modifier.name, index=0)
    editor.active_strip = active
