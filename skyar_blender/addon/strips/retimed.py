# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips whose speed was changed: which frames they show is read off Blender's own sequencer.

Python is not told how retiming keys map time. So a copy of the strip gets a movie, or images, that carry their
numbers, and is rendered in tiny images.
"""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..opened_image import opened_image
from .alone import alone, render_frame
from .numbered_movie import HEIGHT, MOST, WIDTH, number_in, write_numbered, write_numbered_images


def is_retimed(strip: bpy.types.Strip, scene: bpy.types.Scene) -> bool:
    """Whether retiming keys or a Speed effect change the speed of ``strip``."""
    return len(getattr(strip, "retiming_keys", ())) > 0 or bool(speed_effects(strip, scene))


def speed_effects(strip: Any, scene: bpy.types.Scene) -> list[Any]:
    """The Speed effects that ``strip`` is seen through, from the lowest to the highest."""
    found: list[Any] = []
    below = strip
    while below is not None:
        inputs = below
        below = next(
            (
                other
                for other in compat.all_strips(scene.sequence_editor)
                if other.type == "SPEED" and inputs in compat.effect_inputs(other)
            ),
            None,
        )
        found += [below] if below is not None else []
    return found


def shown_frames(strip: bpy.types.Strip, scene: bpy.types.Scene, media_frames: int) -> list[int]:
    """Numbers, from 0, of the frames of its file or list of images that ``strip`` shows between its handles.

    Raises:
        SkyarError: ``unsupported`` where that is not one frame at a time, or there are too many.
    """
    if media_frames > MOST:
        raise _refusal(strip, "Only up to 65,536 frames can it be read which ones are shown then.")
    effects = speed_effects(strip, scene)
    mixing = next((each for each in effects if each.use_frame_interpolate), None)
    if mixing is not None:
        raise _refusal(strip, f"The effect strip “{mixing.name}” mixes several of its frames into one picture.")
    left, right = compat.handles(strip)
    with tempfile.TemporaryDirectory(prefix="numbers-", dir=bpy.app.tempdir) as folder:
        image = Path(folder) / "number.png"
        with alone(scene, effects[-1] if effects else strip) as copy:
            _show_numbers(compat.all_strips(copy.sequence_editor), strip, effects, Path(folder), media_frames)
            copy.render.resolution_x, copy.render.resolution_y = WIDTH, HEIGHT
            found = [_number(copy, frame, image) for frame in range(left, right)]
    unread = next((place for place, number in enumerate(found) if number is None or number >= media_frames), None)
    if unread is not None:
        raise _refusal(strip, f"What it shows at frame {left + unread} is not one frame of its file.")
    return [number for number in found if number is not None]


def _show_numbers(strips: Any, strip: Any, effects: list[Any], folder: Path, count: int) -> None:
    """Let the copy of ``strip`` show ``count`` numbers as they are, whatever is done to its image."""
    twin = strips[strip.name]
    if twin.type == "MOVIE":
        movie = folder / "numbers.avi"
        rate = Fraction(strip.fps).limit_denominator(1001) if strip.fps > 0 else Fraction(24)
        write_numbered(movie, count, rate)
        twin.filepath = str(movie)
    else:
        names = write_numbered_images(folder, count)
        twin.directory = str(folder)
        for element, name in zip(twin.elements, names, strict=True):
            element.filename = name
    twin.use_flip_x = twin.use_flip_y = twin.use_deinterlace = False
    twin.colorspace_settings.name = "sRGB"
    for each in (twin, *(strips[effect.name] for effect in effects)):
        each.mute = False
        each.color_saturation = each.color_multiply = each.blend_alpha = 1.0
        transform, crop = each.transform, each.crop
        transform.offset_x = transform.offset_y = transform.rotation = 0.0
        transform.scale_x = transform.scale_y = 1.0
        crop.min_x = crop.max_x = crop.min_y = crop.max_y = 0
        for modifier in each.modifiers:
            modifier.mute = True


def _number(copy: Any, frame: int, path: Path) -> int | None:
    try:
        render_frame(copy, frame, path)
        with opened_image(path) as image:
            image.colorspace_settings.name = "Non-Color"
            return number_in(image.pixels[:]) if tuple(image.size) == (WIDTH, HEIGHT) else None
    except RuntimeError:
        return None


def _refusal(strip: bpy.types.Strip, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.UNSUPPORTED,
        f"The speed of the strip “{strip.name}” was changed.",
        why,
        "Render the strip to a movie and replace the sky of that, or replace the sky first, at its original speed, "
        "and retime the result.",
    )
