# SPDX-License-Identifier: GPL-3.0-or-later
"""One strip whose sky is to be replaced: checked and planned before the worker starts, shown when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import DEFAULT_MATTE_METHOD, Job, LightMode, Look, MatteMethodName, Motion, Quality, Settings, Sky
from ..contract.sky_library import usual_rain
from . import compat
from .corrections import Corrections, corrections_for
from .motion.given import GivenMotion, motion_for
from .output_folder import check_one_each, output_folder
from .result.build import Result, build_result
from .sky_choice import choose
from .strips.clip_of_strip import clip_of_strip, size_of_strip
from .strips.marks import seen_marks


@dataclass(frozen=True)
class Wishes:
    """What the user chose, alike for all strips.

    ``rain`` None is as the sky brings it. ``camera`` and ``movie_clip`` are names, empty for those that go with a
    strip without saying. ``focal_length`` is not used where a camera that Blender knows has its own.
    """

    sky: str
    sky_file: str = ""
    sky_world: str = ""
    sky_rotation: float = 0.0
    sky_raised: float = 0.0
    sky_mirror: bool = False
    sky_fov: float = 90.0
    keep_ground: bool = False
    aim_sun: bool = False
    light_from: float | None = None
    sky_start: float = 0.0
    sky_speed: float = 1.0
    light: LightMode = "sky"
    rain: float | None = None
    reflections: float = 0.0
    quality: Quality = "normal"
    matte_method: MatteMethodName = DEFAULT_MATTE_METHOD
    matting_weights: str | None = None
    output: str = ""
    motion: Motion = "SOLVE"
    camera: str = ""
    movie_clip: str = ""
    focal_length: float | None = None
    horizon: float | None = None
    wind: float = 0.0


@dataclass(frozen=True)
class Replacement:
    """A planned job. Scene and strip are kept by name: while the worker runs, undo may replace all datablocks."""

    scene: str
    strip: str
    job: Job
    corrections: Corrections = field(default_factory=lambda: Corrections([], []))
    motion: GivenMotion = field(default_factory=GivenMotion)

    def prepare(self) -> None:
        """Put what the worker needs into the output folder.

        Raises:
            SkyarError: ``output_taken``, ``output_not_writable``.
        """
        self.corrections.put_into(self.job)
        self.motion.put_into(self.job)

    def show(self) -> Result:
        """Make the result in the .blend.

        Raises:
            SkyarError: ``unsupported`` when the strip has gone in the meantime; those of :func:`build_result`.
        """
        scene = bpy.data.scenes.get(self.scene)
        strips = compat.all_strips(scene.sequence_editor) if scene and scene.sequence_editor else {}
        strip = strips.get(self.strip)
        if strip is None or clip_of_strip(strip, scene) != self.job.clip:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"The strip “{self.strip}” is no longer as it was when the work began.",
                "It was renamed, removed or trimmed in the meantime."
                if strip is None
                else "It shows other frames now.",
                f"The files are complete in {self.job.output}; run Replace Sky again: what still fits is used.",
            )
        result = build_result(scene, strip, self.job)
        result.notes.extend(self.motion.notes)
        result.notes.extend(seen_marks(scene, strip))
        return result


def plan(scene: Any, strips: list[Any], wishes: Wishes) -> list[Replacement]:
    """Check everything that can be checked before the work begins.

    Raises:
        SkyarError: the first thing that stands in the way, for any of the strips.
    """
    sky = choose(wishes.sky, wishes.sky_file, wishes.sky_world)
    rain = usual_rain(sky.source) if wishes.rain is None else wishes.rain
    check_one_each(wishes.output, len(strips), "strips", "Replace Sky")
    replacements: list[Replacement] = []
    for strip in strips:
        size_of_strip(strip)
        clip = clip_of_strip(strip, scene)
        corrections = corrections_for(scene, strip)
        motion = motion_for(scene, strip, clip, wishes.motion, wishes.camera, wishes.movie_clip)
        job = Job(
            clip=clip,
            output="planned",
            sky=Sky(
                source=sky.source,
                rotation=wishes.sky_rotation,
                raised=wishes.sky_raised,
                mirror=wishes.sky_mirror,
                field_of_view=wishes.sky_fov,
                keep_ground=wishes.keep_ground,
                aim_sun=wishes.aim_sun,
                light_from=wishes.light_from,
                start=wishes.sky_start,
                speed=wishes.sky_speed,
            ),
            settings=Settings(
                quality=wishes.quality,
                matte_method=wishes.matte_method,
                matting_weights=wishes.matting_weights,
                motion=wishes.motion,
                motion_path=motion.path,
                focal_length=wishes.focal_length if motion.path is None else None,
                horizon=wishes.horizon,
                wind=wishes.wind,
                look=Look(light=wishes.light, rain=rain, reflections=wishes.reflections),
                corrections=corrections.found,
            ),
        )
        planned = [each.job for each in replacements]
        folder = output_folder(job, wishes.output, strip.name, Path(clip.path).stem, sky.name, planned)
        planned_job = replace(job, output=str(folder))
        replacements.append(Replacement(scene.name, strip.name, planned_job, corrections, motion))
    return replacements
