# SPDX-License-Identifier: GPL-3.0-or-later
"""What a draft is of: the strip under the playhead, and the job that Replace Sky would do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...contract.clip import Clip
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from .. import compat
from ..jobs.chosen_strips import FOOTAGE_TYPES
from ..jobs.replace_sky import Chosen, job_of
from ..jobs.shot_result import stored_result
from ..motion.given import MotionFile, motion_for
from ..result.link import original_of
from ..skies.sky_choice import Choice
from ..strips.clip_of_strip import clip_of_strip, size_of_strip
from ..strips.marks import mark_of


@dataclass(frozen=True)
class Subject:
    """A frame of a strip. Scene and strip are kept by name: undo replaces all datablocks.

    Attributes:
        frame: on the timeline.
        index: of the job, from 0.
        size: width and height of the strip's media.
        result: folder and job of the strip's result, whose matte and camera a draft may use.
    """

    scene: str
    strip: str
    frame: int
    index: int
    size: tuple[int, int]
    clip: Clip
    motion: MotionFile
    result: tuple[Path, dict[str, Any]] | None

    def job(self, sky: Choice, options: dict[str, Any], folder: Path) -> Job:
        """What would be made of it, less corrections; the motion of a given camera is written into ``folder``.

        Raises:
            ValueError: a value out of range.
            SkyarError: ``output_not_writable``.
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
        if self.result is not None:
            root, stored = self.result
            # The result's matte has the corrections in it.
            plain = {**stored, "settings": {**stored.get("settings", {}), "corrections": []}}
            if job.shares_matte_with(plain):
                job = replace(job, reuse=str(root))
        return job


def subject_of(scene: Any, chosen: Chosen) -> Subject:
    """The strip under the playhead: a selected one, else the uppermost. For a result stands what it was made from.

    Raises:
        SkyarError: ``unsupported`` where there is none; those of reading the strip and its camera.
    """
    strip = _strip_at(scene, scene.frame_current)
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
    )


def _strip_at(scene: Any, frame: int) -> Any:
    editor = scene.sequence_editor
    found = []
    for strip in compat.all_strips(editor) if editor else ():
        left, right = compat.handles(strip)
        footage = strip if strip.type in FOOTAGE_TYPES else original_of(scene, strip)
        if left <= frame < right and footage is not None and mark_of(footage) is None:
            start, end = compat.handles(footage)
            if start <= frame < end:
                found.append((strip.select, strip.channel, footage))
    if not found:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "There is nothing to draft.",
            f"No movie or image strip lies at frame {frame}.",
            "Move the playhead over one.",
        )
    return max(found, key=lambda each: each[:2])[2]
