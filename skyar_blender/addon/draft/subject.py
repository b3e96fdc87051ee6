# SPDX-License-Identifier: GPL-3.0-or-later
"""What a draft is of: the strip under the playhead, and the job that Replace Sky would do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.strokes import Stroke
from ...contract.clip import Clip
from ...contract.correction import Correction
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from .. import compat
from ..jobs.chosen_strips import FOOTAGE_TYPES
from ..jobs.corrections import stroke_corrections, strokes_in
from ..jobs.replace_sky import Chosen, job_of
from ..jobs.shot_result import stored_result
from ..motion.given import MotionFile, motion_for
from ..result.link import original_of
from ..skies.sky_choice import Choice
from ..strips.clip_of_strip import clip_of_strip, size_of_strip
from ..strips.marks import mark_of
from ..strips.strokes import add, read, shown_sources, text_of


@dataclass(frozen=True)
class Subject:
    """A frame of a strip. Scene and strip are kept by name: undo replaces all datablocks.

    Attributes:
        frame: on the timeline.
        index: of the job, from 0.
        size: width and height of the strip's media.
        result: folder and job of the strip's result, whose matte and camera a draft may use.
        strokes: of the Sky Brush, as the strip keeps them.
    """

    scene: str
    strip: str
    frame: int
    index: int
    size: tuple[int, int]
    clip: Clip
    motion: MotionFile
    result: tuple[Path, dict[str, Any]] | None
    strokes: str = ""

    def as_now(self) -> Subject:
        """The same with the strokes that its strip has now; as it is where the strip has gone."""
        strip = self._strip()
        return self if strip is None else replace(self, strokes=text_of(strip))

    @property
    def source(self) -> int:
        """Number of the source frame, from 0."""
        return shown_sources(self.clip)[self.index]

    def paint(self, stroke: Stroke) -> None:
        """Keep a stroke with the strip; nothing where the strip has gone. Raises SkyarError: ``unsupported``."""
        strip = self._strip()
        if strip is not None:
            add(strip, stroke)

    def _strip(self) -> Any:
        scene = bpy.data.scenes.get(self.scene)
        editor = scene.sequence_editor if scene is not None else None
        return compat.all_strips(editor).get(self.strip) if editor else None

    def job(self, sky: Choice, options: dict[str, Any], folder: Path) -> Job:
        """What would be made of it; the motion of a given camera and strokes are written into ``folder``.

        Marked strips count as far as they are in the strip's result: they take long to render.

        Raises:
            ValueError: a value out of range.
            SkyarError: ``output_not_writable``; ``unsupported`` where the strokes cannot be read.
        """
        motion = self.motion
        if motion.path is not None:
            file = folder / Path(motion.path).name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                file.write_text(motion.text, encoding="utf-8")
            except OSError as error:
                raise SkyarError(
                    ErrorCode.OUTPUT_NOT_WRITABLE,
                    f"The motion of the camera could not be written to {folder}.",
                    f"{error.strerror or error}.",
                    "Make room there, or choose another Temporary Files folder in Blender's preferences.",
                ) from error
            motion = replace(motion, path=str(file))
        job = replace(job_of(self.clip, sky.source, motion, options), output=str(folder))
        painted = stroke_corrections(read(self.strokes, self.strip), self.clip, self.size)
        painted.write(folder)
        corrections = painted.found
        if self.result is not None:
            root, stored = self.result
            settings = stored.get("settings", {})
            if job.shares_matte_with({**stored, "settings": {**settings, "corrections": []}}):
                job = replace(job, reuse=str(root))
                given = settings.get("corrections", [])
                masks = [each for each in given if each not in strokes_in(given)]
                corrections = [_absolute(each, root) for each in masks] + corrections
        return replace(job, settings=replace(job.settings, corrections=corrections))


def _absolute(stored: dict[str, Any], root: Path) -> Correction:
    """A stored correction, its images named by their whole path; ``root`` is the folder of its job."""
    return Correction(**{**stored, "path": str(root / stored["path"])})


def subject_of(scene: bpy.types.Scene, chosen: Chosen) -> Subject:
    """The strip under the playhead: a selected one, else the uppermost. For a result stands what it was made from.

    Raises:
        SkyarError: ``unsupported`` where there is none; those of reading the strip and its camera.
    """
    strip = footage_at(scene, scene.frame_current)
    if strip is None:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "There is nothing to draft.",
            f"No movie or image strip lies at frame {scene.frame_current}.",
            "Move the playhead over one.",
        )
    clip = clip_of_strip(strip, scene)
    motion = motion_for(scene, strip, clip, chosen.options.get("motion", "SOLVE"), chosen.camera, chosen.movie_clip)
    index = scene.frame_current - compat.handles(strip)[0]
    return Subject(
        scene.name,
        strip.name,
        scene.frame_current,
        index,
        size_of_strip(strip),
        clip,
        motion,
        stored_result(scene, strip, clip),
        text_of(strip),
    )


def footage_at(scene: Any, frame: int) -> Any:
    """The strip that a draft at ``frame`` is of: a selected one, else the uppermost; None where there is none."""
    editor = scene.sequence_editor
    found = []
    for strip in compat.all_strips(editor) if editor else ():
        left, right = compat.handles(strip)
        footage = strip if strip.type in FOOTAGE_TYPES else original_of(scene, strip)
        if left <= frame < right and footage is not None and mark_of(footage) is None:
            start, end = compat.handles(footage)
            if start <= frame < end:
                found.append((strip.select, strip.channel, footage))
    return max(found, key=lambda each: each[:2])[2] if found else None
