# SPDX-License-Identifier: GPL-3.0-or-later
"""All options of a job by their names, and a job with other values of them.

Each is declared in the part of a job that it belongs to: :mod:`skyar_blender.contract.option` says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..contract.job import Clip, Job, Look, Settings, Sky
from ..contract.option import Option, Verb, options_of
from .sky_library import usual_rain

#: The parts of a job, in the order in which their options are shown.
PARTS: dict[str, type] = {"clip": Clip, "sky": Sky, "look": Look, "settings": Settings, "job": Job}
OPTIONS: dict[str, Option] = {each.name: each for part, owner in PARTS.items() for each in options_of(owner, part)}


def options_for(verb: Verb) -> list[Option]:
    """What ``verb`` takes, in order."""
    return [each for each in OPTIONS.values() if verb in each.verbs]


def values_of(job: Job) -> dict[str, Any]:
    """The value of each option in ``job``; those of the sky only where it has one."""
    parts = {"clip": job.clip, "sky": job.sky, "look": job.settings.look, "settings": job.settings, "job": job}
    return {
        name: getattr(parts[each.part], each.field) for name, each in OPTIONS.items() if parts[each.part] is not None
    }


def defaults_for(verb: Verb) -> dict[str, Any]:
    """What ``verb`` takes where nothing is said, as far as that is not what the job has anyway."""
    return {each.name: each.verb_defaults[verb] for each in options_for(verb) if verb in each.verb_defaults}


def with_options(job: Job, values: Mapping[str, Any]) -> Job:
    """``job`` with other values of its options, by their names.

    None for an option that comes with the sky takes what the job's sky brings along.

    Raises:
        ValueError: a value out of range, or some that do not fit together.
    """
    parts: dict[str, dict[str, Any]] = {name: {} for name in PARTS}
    for name, value in values.items():
        known = OPTIONS[name]
        if value is None and known.from_sky:
            value = 0.0 if job.sky is None else usual_rain(job.sky.source)
        parts[known.part][known.field] = value
    # What is said holds for all frames.
    keyed = {name: each for name, each in (job.settings.look.keyed or {}).items() if name not in parts["look"]}
    look = replace(job.settings.look, keyed=keyed or None, **parts["look"])
    return replace(
        job,
        clip=replace(job.clip, **parts["clip"]),
        sky=None if job.sky is None else replace(job.sky, **parts["sky"]),
        settings=replace(job.settings, look=look, **parts["settings"]),
        **parts["job"],
    )
