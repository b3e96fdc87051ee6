# SPDX-License-Identifier: GPL-3.0-or-later
"""From a finished output folder to the result in the .blend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...contract.report import Report
from .. import compat
from ..nodes.tree import ShotLight, Sources, fill_tree, group_for
from ..strips import movie_file, picture_file
from ..strips.clip_of_strip import size_of_strip
from .compositor_modifier import note_lead
from .images import (
    area_source,
    footage_source,
    grain_source,
    matte_source,
    mirror_source,
    plate_source,
    rain_source,
    sized,
    sky_source,
    stored_path,
)
from .inputs import note_inputs
from .link import FOLDER_KEY, SKY_KEY, left_over_scene, link, result_of, uses_of
from .movie import PLAYS_KEY, has_own_nodes, place_movie
from .movie_or_nodes import all_nodes, as_wanted, movie_follows
from .report import report_in
from .scene import prepare_scene
from .strip import place_strip, shows_through


@dataclass(frozen=True)
class Result:
    """What :func:`build_result` made: the Scene strip, and what the user should know about it."""

    strip: bpy.types.Strip | None
    notes: list[str]


def build_result(scene: bpy.types.Scene, strip: bpy.types.Strip, job: Job) -> Result:
    """Show the result of ``job`` above ``strip`` of ``scene``.

    A result that the strip already has is brought up to date, with what the user set on its nodes.

    Raises:
        SkyarError: ``internal`` when the output folder does not hold what it should; ``unsupported`` when the
            engine and Blender see images of different size.
    """
    folder = OutputFolder(Path(job.output))
    size = size_of_strip(strip)
    _check_size(folder, strip, size)
    left, right = compat.handles(strip)
    frames = right - left

    all_nodes()  # which alone are brought up to date
    shown = result_of(scene, strip)
    result_scene = left_over_scene(strip) if shown is None else shown.scene
    if shown is not None and uses_of(result_scene) > 1:
        result_scene = None  # the others keep what they show
    fresh = result_scene is None
    own_nodes = not fresh and has_own_nodes(result_scene)
    result_scene = prepare_scene(result_scene, f"SkyAR {strip.name}", size, frames, scene)
    footage = footage_source(job.clip, strip, result_scene, folder.root)
    sources = Sources(
        footage,
        matte_source(folder.matte(1), frames, result_scene),
        sky_source(folder.sky(1), frames, result_scene),
        plate_source(folder.plate(1), frames, result_scene),
        grain_source(folder.grain(1), frames, result_scene),
        _grain_colours(folder),
        rain_source(folder.rain(1), frames, result_scene),
        mirror_source(folder.reflection(1), frames, result_scene),
        area_source(folder.area(1), frames, result_scene),
    )
    sources = sized(sources) if job.settings.quality == "draft" else sources
    fill_tree(result_scene, sources, _lights(folder), job.settings.look)
    result_scene[FOLDER_KEY] = stored_path(folder.root)
    result_scene[SKY_KEY] = job.sky.source if job.sky is not None else ""
    if fresh:
        link(strip, result_scene)
        note_inputs(result_scene)
    result = place_strip(shown, strip, result_scene, scene)
    note_lead(result, strip)
    # A folder that the run found may have a movie already, of this very look.
    place_movie(result_scene, folder.preview, frames, job.settings.look, fresh, own_nodes)
    if PLAYS_KEY not in result:
        result[PLAYS_KEY] = not bpy.app.background
    if not bpy.app.background:
        as_wanted()
        movie_follows(result)
    notes = _unseen_effects(scene, strip)
    if not strip.mute and shows_through(strip, scene, _has_alpha(job, strip, footage.image), size):
        strip.mute = True
        notes.append(f"“{strip.name}” is muted, because it would show through the result.")
    return Result(result, notes)


def make_group(folder: OutputFolder) -> None:
    """Have the node group in the .blend that the result in ``folder`` is shown by."""
    group_for(wet=any(path.is_file() for path in (folder.rain(1), folder.reflection(1))))


def _has_alpha(job: Job, strip: bpy.types.Strip, image: Any) -> bool:
    if job.clip.kind == "movie":
        return movie_file.has_alpha(strip, Path(job.clip.path))
    return picture_file.has_alpha(Path(bpy.path.abspath(image.filepath)))


def _unseen_effects(scene: bpy.types.Scene, strip: bpy.types.Strip) -> list[str]:
    names = [
        f"“{other.name}”"
        for other in compat.all_strips(scene.sequence_editor)
        if strip in compat.effect_inputs(other) and other.type != "SPEED"
    ]
    if not names:
        return []
    return [f"{', '.join(names)} still takes its picture from “{strip.name}”, without the new sky."]


def _report(folder: OutputFolder) -> Report:
    try:
        return report_in(folder)
    except (OSError, ValueError) as error:
        raise _unreadable(folder, f"{error}.") from error


def _unreadable(folder: OutputFolder, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.INTERNAL,
        f"The report of the result cannot be read: {folder.report}.",
        why,
        "Run Replace Sky again; what is complete is kept.",
    )


def _lights(folder: OutputFolder) -> list[ShotLight]:
    """The light of each shot, or of each frame where some are faded."""
    report = _report(folder)
    faded = [(frame.index, frame.light) for frame in report.frames if frame.light is not None]
    found = faded or [(shot.first_frame, shot) for shot in report.figures.light or ()]
    if not found:
        raise _unreadable(folder, "It tells nothing of the light.")
    return [
        ShotLight(1 + first, _colour(light.tint), light.stops, _colour(light.haze), light.exposure)
        for first, light in found
    ]


def _grain_colours(folder: OutputFolder) -> list[tuple[int, tuple[float, float, float]]]:
    """The colour of the grain, for each frame where some are faded."""
    report = _report(folder)
    colours = [(frame.index, frame.grain) for frame in report.frames if frame.grain is not None]
    if not colours and report.figures.grain is not None:
        colours = [(0, report.figures.grain.colour)]
    if not colours:
        raise _unreadable(folder, "It tells nothing of the grain.")
    return [(1 + first, _colour(colour)) for first, colour in colours]


def _colour(stored: list[float]) -> tuple[float, float, float]:
    red, green, blue = stored
    return red, green, blue


def _check_size(folder: OutputFolder, strip: bpy.types.Strip, size: tuple[int, int]) -> None:
    clip = _report(folder).clip
    if clip is None:
        raise _unreadable(folder, "It tells nothing of the clip.")
    seen = clip.width, clip.height
    if seen != size:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The strip “{strip.name}” shows a picture of {size[0]}x{size[1]}, but its file holds "
            f"{seen[0]}x{seen[1]}.",
            "The file asks to be turned, and this version of Blender does not do so.",
            "Use Blender 4.5 or later, or convert the file so that it is stored upright.",
        )
