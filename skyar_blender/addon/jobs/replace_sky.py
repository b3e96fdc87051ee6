# SPDX-License-Identifier: GPL-3.0-or-later
"""One strip whose sky is to be replaced: checked and planned before the worker starts, shown when it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.option_lookup import with_options
from ...contract.clip import Clip
from ...contract.correction import Correction
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job, Settings, Sky
from ...contract.layout import OutputFolder
from .. import compat
from ..bases import there
from ..motion.given import MotionFile, motion_for
from ..output_folder import check_one_each, output_folder
from ..result.build import Result, build_result, make_group
from ..result.together import hold_together
from ..skies.sky_choice import choose
from ..strips.clip_of_strip import clip_of_strip, size_of_strip
from ..strips.marks import seen_marks
from . import opened, queued
from .corrections import PlannedCorrections, corrections_for
from .shot_result import result_to_reuse, stored_result, with_stored_look, without_new_mattes

#: Custom property of a strip: the mark of the latest job that it was given to.
_MARK_KEY = "skyar_job"


@dataclass(frozen=True)
class Chosen:
    """What the user chose, alike for all strips or results.

    Attributes:
        sky, sky_file, sky_world: the last one that is given counts; all empty is the sky that there is.
        options: values of a job's options by their names; what is not named has its default, or stays as it is.
        output: the folder as Blender writes it, or empty.
        camera, movie_clip: names, empty for those that go with a strip without saying.
    """

    sky: str = ""
    sky_file: str = ""
    sky_world: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    camera: str = ""
    movie_clip: str = ""


@dataclass(frozen=True)
class Replacement:
    """A planned job.

    Scene and strip are kept by name, as undo may replace all datablocks while the worker runs, and by a mark on the
    strip, as it may be renamed.

    Attributes:
        mark: the custom property of the strip.
        file: number of the file that it is in, see :mod:`.opened`.
    """

    scene: str
    strip: str
    job: Job
    corrections: PlannedCorrections = field(default_factory=lambda: PlannedCorrections([], []))
    motion: MotionFile = field(default_factory=MotionFile)
    mark: str = ""
    file: int = field(default_factory=lambda: opened.number)

    @property
    def file_is_open(self) -> bool:
        """Whether the file that it was started in is still open."""
        return self.file == opened.number

    def find_strip(self) -> tuple[Any, Any]:
        """Its scene and strip now; None and None where the strip is gone."""
        marked = [
            (scene, strip)
            for scene in bpy.data.scenes
            for strip in (compat.all_strips(scene.sequence_editor) if scene.sequence_editor else ())
            if self.mark and strip.get(_MARK_KEY) == self.mark
        ]
        named = [(scene, strip) for scene, strip in marked if (scene.name, strip.name) == (self.scene, self.strip)]
        if marked:
            return (named or marked)[0]  # copies have the mark too
        scene = bpy.data.scenes.get(self.scene)
        editor = None if scene is None else scene.sequence_editor
        strip = None if editor is None else compat.all_strips(editor).get(self.strip)
        return (None, None) if strip is None else (scene, strip)

    def gone(self) -> SkyarError | None:
        """Why there is no use in going on: the strip was deleted. None while it is there."""
        if not self.file_is_open or self.find_strip()[1] is not None:
            return None
        return SkyarError(
            ErrorCode.CANCELLED,
            f"The strip “{self.strip}” was deleted, so its job has ended.",
            "Nobody would see the result.",
            f"Undo that and run it again to go on: what is complete is kept in {self.job.output}.",
        )

    def prepare(self) -> None:
        """Put what the worker needs into the output folder.

        Raises:
            SkyarError: ``output_taken``, ``output_not_writable``.
        """
        self.corrections.put_into(self.job)
        self.motion.put_into(self.job)

    def get_ready(self) -> None:
        """Make what the result needs and nobody sees: the node group, which takes as long as all the rest."""
        make_group(OutputFolder(Path(self.job.output)))

    def show(self) -> Result:
        """Make the result in the .blend.

        Raises:
            SkyarError: ``unsupported`` when the strip has gone in the meantime; those of :func:`build_result`.
        """
        scene, strip = self.find_strip()
        if scene is None or strip is None or clip_of_strip(strip, scene, self.job.clip.projection) != self.job.clip:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"The strip “{self.strip}” is no longer as it was when the work began.",
                "It was removed in the meantime." if strip is None else "It shows other frames now.",
                f"The files are complete in {self.job.output}; run Replace Sky again: what still fits is used.",
            )
        result = build_result(scene, strip, self.job)
        compat.select_alone(scene.sequence_editor, there(result.strip), hold_together(scene, strip, result.strip))
        result.notes.extend(self.motion.notes)
        result.notes.extend(seen_marks(scene, strip))
        return result


def mark_strip(strip: Any) -> str:
    """Mark a strip as that of a job; the mark."""
    strip[_MARK_KEY] = uuid.uuid4().hex
    return str(strip[_MARK_KEY])


def job_of(
    clip: Clip,
    sky: str,
    motion: MotionFile,
    options: dict[str, Any],
    corrections: Sequence[Correction] = (),
) -> Job:
    """The job that replaces the sky of ``clip``; its output folder is still to be chosen.

    Raises:
        ValueError: a value out of range.
    """
    values = {"rain": None, **options, "motion_file": motion.path}
    if motion.path is not None:
        values["focal_length"] = None  # the camera has its own
    settings = Settings(corrections=list(corrections))
    return with_options(Job(clip=clip, output="planned", sky=Sky(source=sky), settings=settings), values)


def plan(scene: bpy.types.Scene, strips: list[Any], chosen: Chosen) -> list[Replacement]:
    """Check everything that can be checked before the work begins.

    Raises:
        SkyarError: the first thing that stands in the way, for any of the strips.
        ValueError: a value out of range.
    """
    widths = [size_of_strip(strip)[0] for strip in strips] if chosen.sky_world else [0]
    sky = choose(chosen.sky, chosen.sky_file, chosen.sky_world, max(widths))
    check_one_each(chosen.output, len(strips), "strips", "Replace Sky")
    replacements: list[Replacement] = []
    for strip in strips:
        size_of_strip(strip)
        clip = clip_of_strip(strip, scene)
        corrections = corrections_for(scene, strip)
        motion = motion_for(
            scene, strip, clip, chosen.options.get("motion", "SOLVE"), chosen.camera, chosen.movie_clip
        )
        job = job_of(clip, sky.source, motion, chosen.options, corrections.found)
        job = replace(job, until="preview" if job.settings.previews else "sky")
        found = stored_result(scene, strip, clip)
        if found is not None:
            job = with_stored_look(job, found[0])
        reused = result_to_reuse(scene, strip, job)
        if reused is not None:
            job = without_new_mattes(job, reused, chosen.options)
        others = [*queued.jobs(), *(each.job for each in replacements)]
        folder = output_folder(job, chosen.output, strip.name, Path(clip.path).stem, sky.name, others)
        planned = Replacement(
            scene.name, strip.name, replace(job, output=str(folder)), corrections, motion, mark_strip(strip)
        )
        replacements.append(planned)
    return replacements
