# SPDX-License-Identifier: GPL-3.0-or-later
"""The job: all that a worker needs to know, as one versioned JSON document.

Plain dataclasses, so that Blender's Python can write a job without any package and the worker can check one
strictly (:mod:`skyar_blender.worker.job.job_file`). Ranges are checked on construction in both places.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from .clip import Clip, ClipKind
from .correction import Correction
from .look import LightMode, Look
from .option import VERBS, Affects, check_options, option, options_of
from .settings import DEFAULT_MATTE_METHOD, GIVEN_MOTIONS, MatteMethodName, Motion, Quality, Settings
from .sky import Sky, SkyKind
from .trial import Trial
from .wandb import Wandb

__all__ = [
    "DEFAULT_MATTE_METHOD",
    "GIVEN_MOTIONS",
    "JOB_VERSION",
    "STAGES",
    "Clip",
    "ClipKind",
    "Device",
    "Job",
    "LightMode",
    "Look",
    "MatteMethodName",
    "Motion",
    "Quality",
    "Settings",
    "Sky",
    "SkyKind",
    "Stage",
    "Step",
]

JOB_VERSION = 1

Device = Literal["auto", "cpu", "cuda", "rocm", "mps"]
Stage = Literal["matte", "track", "plate", "sky", "preview"]

#: A part of the work that has progress and seconds of its own.
Step = Literal[
    "matte", "track", "second_look", "plate", "sun", "sky", "light", "grain", "rain", "reflections", "preview"
]

#: What a worker does, in this order.
STAGES: tuple[Stage, ...] = ("matte", "track", "plate", "sky", "preview")
_STEPS: dict[Stage, tuple[Step, ...]] = {
    "matte": ("matte",),
    "track": ("track", "second_look"),
    "plate": ("plate",),
    "sky": ("sun", "sky", "light", "grain", "rain", "reflections"),
    "preview": ("preview",),
}


@dataclass(frozen=True, kw_only=True)
class Job:
    """One replacement: a clip, a sky, how, and where the result goes (an absolute folder).

    ``until`` is the last stage that is wanted; a job that ends before ``sky`` needs no sky. ``reuse`` is the absolute
    folder of a finished result of the same clip, whose matte, motion and clean plate are taken. ``wandb`` says how
    the run is logged to Weights & Biases; None does not. ``trial`` shows several results together at the end.
    """

    clip: Clip
    output: str
    sky: Sky | None = None
    settings: Settings = field(default_factory=Settings)
    device: Device = option(
        "auto",
        label="Device",
        help="Where mattes, views of the sky and previews are computed",
        group="Engine",
        affects="nothing",
        verbs=VERBS,
        shown="nowhere",
        choices={
            "auto": ("Automatic", "A GPU where there is one that can be used"),
            "cpu": ("Processor", "The processor"),
            "cuda": ("CUDA", "A GPU of NVIDIA"),
            "rocm": ("ROCm", "A GPU of AMD"),
            "mps": ("Metal", "A GPU of Apple"),
        },
    )
    until: Stage = "preview"
    reuse: str | None = None
    wandb: Wandb | None = None
    trial: Trial | None = None
    version: int = JOB_VERSION

    def __post_init__(self) -> None:
        if not self.output:
            raise ValueError("`output` is empty")
        check_options(self, "job")
        if self.sky is None and self.until in ("sky", "preview"):
            raise ValueError("`sky` is missing; without one, `until` must be `matte` or `track`")

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this job goes through."""
        return STAGES[: STAGES.index(self.until) + 1]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of these stages, in order; rain and reflections only where they are wanted."""
        look = self.settings.look
        unwanted = {name for name, amount in (("rain", look.rain), ("reflections", look.reflections)) if amount == 0}
        return tuple(step for stage in self.stages for step in _STEPS[stage] if step not in unwanted)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return asdict(self)

    def to_json(self) -> str:
        """The text of ``job.json``: ASCII, indented."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"

    def makes_same_as(self, stored: dict[str, Any]) -> bool:
        """Whether the job in ``stored`` (from a ``job.json``) makes the same files as this one.

        Where the folder is, on which device it runs, where it stops, what it may reuse and whether there are previews
        beside all the rest do not matter for that, nor does what is logged.
        """
        return self.affected_by(stored) <= {"previews", "nothing"}

    def shares_matte_with(self, stored: dict[str, Any]) -> bool:
        """Whether the job in ``stored`` has the same matte, motion and clean plate: all but the sky and the look."""
        return not self.affected_by(stored) & {"clip", "matte", "track", "plate"}

    def affected_by(self, stored: dict[str, Any]) -> set[Affects]:
        """What is made in another way than by the job in ``stored``, as options with another value declare it."""
        return set(self.differences(stored).values())

    def differences(self, stored: dict[str, Any]) -> dict[str, Affects]:
        """Names of all that has another value in the job in ``stored``, and what it affects.

        What ``stored`` lacks has its default: the version of SkyAR that wrote it did not know it.
        """
        own = self.to_dict()
        sky, other_sky = own.pop("sky"), stored.get("sky")
        settings, other_settings = own.pop("settings"), _completed_settings(stored.get("settings", {}))
        look, other_look = settings.pop("look"), {} if other_settings is None else other_settings.pop("look", {})
        found = _differing(Clip, "clip", own.pop("clip"), _completed_clip(self.clip, stored.get("clip")))
        if sky is not None or other_sky is not None:
            found |= _differing(Sky, "sky", sky, other_sky)
        found |= _differing(Settings, "settings", settings, other_settings)
        found |= _differing(Look, "look", look, other_look)
        return found | _differing(Job, "job", own, {key: value for key, value in stored.items() if key in own})


#: What the fields of each part affect that are no options.
_OTHER_FIELDS: dict[str, Affects] = {
    "clip": "clip",
    "sky": "sky",
    "look": "look",
    "settings": "matte",
    "job": "nothing",
}


#: Fields that differ as options do, though they are none.
_LIKE_OPTIONS = ("look.keyed",)


def _differing(owner: type, part: str, own: Any, stored: Any) -> dict[str, Affects]:
    """What has not the same value in both, with what it affects; names that only a later version knows count too."""
    if not isinstance(own, dict) or not isinstance(stored, dict):
        return {part: _OTHER_FIELDS[part]}
    options = {each.field: each for each in options_of(owner, part)}
    found: dict[str, Affects] = {}
    for field_name in own | stored:
        known = options.get(field_name)
        default = known.default if known is not None else None
        if own.get(field_name, default) != stored.get(field_name, default):
            name = known.name if known is not None else f"{part}.{field_name}"
            name = field_name if name in _LIKE_OPTIONS else name
            found[name] = known.affects if known is not None else _OTHER_FIELDS[part]
    return found


def _completed_clip(own: Clip, stored: Any) -> Any:
    """A stored clip; what versions did not know of they did not choose, so that any is the same.

    So is stream 0 where none is named: it is the first film, or, as a cover image, was refused.
    """
    if not isinstance(stored, dict):
        return None
    usual: dict[str, Any] = {"kind": "movie", "files": [], "stream": own.stream, "turned": own.turned}
    found = usual | stored
    if not found["stream"] and not own.stream:
        found["stream"] = own.stream
    return found


def _completed_settings(stored: Any) -> dict[str, Any] | None:
    """Stored settings with what versions lacked that knew no corrections, or less of them."""
    if not isinstance(stored, dict):
        return None
    corrections = stored.get("corrections", [])
    unknown = asdict(Correction(path="/", truth="sky"))
    if isinstance(corrections, list):
        corrections = [unknown | each if isinstance(each, dict) else each for each in corrections]
    return {**stored, "corrections": corrections}
