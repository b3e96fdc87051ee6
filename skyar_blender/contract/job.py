# SPDX-License-Identifier: GPL-3.0-or-later
"""The job: all that a worker needs to know, as one versioned JSON document.

Plain dataclasses, so that Blender's Python can write a job without any package and the worker can check one
strictly (:mod:`skyar_blender.worker.job_file`). Ranges are checked on construction in both places.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any, Literal

from .correction import Correction
from .documents import check_inside, check_plain_name
from .trial import Trial
from .wandb import Wandb
from .weights_name import is_weights_name, weights_name

JOB_VERSION = 1

Quality = Literal["draft", "normal", "high"]
Device = Literal["auto", "cpu", "cuda", "rocm", "mps"]
Motion = Literal["SOLVE", "SCENE_CAMERA", "CLIP_TRACKING", "STATIC"]
ClipKind = Literal["movie", "sequence"]
SkyKind = Literal["auto", "panorama", "flat"]
MatteMethodName = Literal["network", "adaptive"]
LightMode = Literal["sky", "horizon", "manual", "off"]
Stage = Literal["matte", "track", "plate", "sky", "preview"]

#: Motions that are read from a file.
GIVEN_MOTIONS: tuple[Motion, ...] = ("SCENE_CAMERA", "CLIP_TRACKING")
#: How the sky is found unless the job says otherwise.
DEFAULT_MATTE_METHOD: MatteMethodName = "network"

#: Of a job, what its pictures do not depend on.
_NOT_MAKING = ("output", "device", "until", "reuse", "wandb", "trial")
_PREVIEWS = ("previews", "preview_size")

#: What a worker does, in this order.
STAGES: tuple[Stage, ...] = ("matte", "track", "plate", "sky", "preview")


_RATE = re.compile(r"\d{1,9}(?:\.\d{1,9})?(?:/(\d{1,9}))?", re.ASCII)


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"`{name}` is {value}, but must lie between {low} and {high}")


@dataclass(frozen=True, kw_only=True)
class Clip:
    """The footage.

    Attributes:
        path: a movie file, or the folder of an image sequence; absolute.
        kind: ``movie`` or ``sequence``.
        files: names of the pictures inside ``path``, in order; only for a sequence.
        stream: which of a movie's video streams, from 0; None is the first that is not a cover picture. Blender takes
            the first of all.
        rate: frames per second of the result as a fraction ("30000/1001"); None takes the movie's own (24 for a
            sequence).
        first: first source frame used, from 0. Source frames are numbered by the movie's own clock, whatever ``rate``
            is: source frame k is the latest picture begun k frames of the movie's own rate after its start.
        colour_space: Blender's name of the colour space that a movie is shown in; None is the file's own.
        last: last source frame used, inclusive; None is the last of the clip.
        order: the source frame shown by each frame of the job, where it is not ``first .. last`` one by one
            (reversed, slowed down, another rate). ``first`` and ``last`` are ignored then.
    """

    path: str
    kind: ClipKind = "movie"
    files: list[str] = field(default_factory=list)
    stream: int | None = None
    rate: str | None = None
    first: int = 0
    last: int | None = None
    order: list[int] | None = None
    colour_space: str | None = None

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("`clip.path` is empty")
        if self.kind == "sequence" and not self.files:
            raise ValueError("`clip.files` names no picture")
        if self.stream is not None:
            _check_range("clip.stream", self.stream, 0, 1000)
        check_inside(self.path, "`clip.path`")
        for name in self.files:
            check_plain_name(name, "`clip.files`")
        if self.first < 0 or (self.last is not None and self.last < self.first):
            raise ValueError(f"`clip.first` is {self.first} and `clip.last` {self.last}: no frame lies between")
        if self.order is not None and (not self.order or min(self.order) < 0):
            raise ValueError("`clip.order` must name at least one frame, none below 0")
        if self.rate is not None:
            # The form first: a fraction of "1e99999999" would have as many digits.
            written = _RATE.fullmatch(self.rate)
            if not written or not (int(written[1] or 1) and 0 < Fraction(self.rate) <= 1000):
                raise ValueError(f"`clip.rate` is {self.rate!r}, but must be a rate such as 25 or 30000/1001")


@dataclass(frozen=True, kw_only=True)
class Sky:
    """The new sky.

    Attributes:
        source: name of a shipped sky, or the absolute path of a picture.
        kind: ``panorama`` (equirectangular), ``flat``, or ``auto`` (twice as wide as high: a panorama).
        rotation: degrees that the sky turns to the right about the vertical.
        raised: degrees that its horizon is raised; the zenith stays.
        exposure: stops, applied before anything else (to calm or lift a picture of the user's own).
        field_of_view: degrees that a flat picture fills across its width.
        mirror: swap left and right.
        keep_ground: leave the ground in a flat picture of the user's own, which is otherwise found and cut off.
        aim_sun: turn the sky so that its sun stands where the shot's light comes from, ``rotation`` besides.
        light_from: degrees to the right of the middle of the first frame that the shot's light comes from; None finds
            out.
        start: seconds into a sky that moves, at the clip's first frame.
        speed: how many times as fast as its own a sky moves; 0 stands still.
    """

    source: str
    kind: SkyKind = "auto"
    rotation: float = 0.0
    raised: float = 0.0
    exposure: float = 0.0
    field_of_view: float = 90.0
    mirror: bool = False
    keep_ground: bool = False
    aim_sun: bool = False
    light_from: float | None = None
    start: float = 0.0
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("`sky.source` is empty")
        _check_range("sky.rotation", self.rotation, -3600, 3600)
        _check_range("sky.raised", self.raised, -60, 60)
        _check_range("sky.exposure", self.exposure, -20, 20)
        _check_range("sky.field_of_view", self.field_of_view, 1, 360)
        if self.light_from is not None:
            _check_range("sky.light_from", self.light_from, -3600, 3600)
        _check_range("sky.start", self.start, -86400, 86400)
        _check_range("sky.speed", self.speed, -100, 100)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Compositing controls, as the inputs of the node group "SkyAR Composite".

    Attributes:
        sky_exposure: stops on the new sky.
        sky_blur: pixels of softening of the new sky.
        light: what of both skies is compared for the light on the foreground: ``sky``, all of it that is seen,
            ``horizon``, its lowest part, ``manual``, nothing but ``tint`` and ``light_change``, or ``off``.
        tint: linear R, G, B, each 0.25 .. 4, of the light where ``light`` is ``manual``.
        light_change: stops by which the light grows where ``light`` is ``manual``, -4 .. 4.
        recolour: 0..1, how far the foreground takes the tint of the new sky.
        relight: 0..1, how far the foreground becomes as much brighter or darker as the sky does.
        light_falloff: 0..1, how much weaker both are where little of the sky is seen.
        foreground_exposure: stops on all that is not sky.
        matte_shift: pixels; positive grows the sky, negative shrinks it.
        matte_feather: pixels of softening of the matte.
        clean_edges: 0..1, how much of the old sky's colour is taken out of soft edges.
        light_wrap: 0..1, light of the new sky spilling over the rim of the foreground.
        grain: how much of the old sky's grain the new one gets; 1 is all of it, 0 none.
        haze: 0..1, how much of the new horizon's colour lies over what is far away.
        rain: 0..1, how much rain falls before all; the pictures of its streaks are made where it is above 0.
        reflections: 0..1, how far water that mirrored the old sky mirrors the new one; what is a mirror is found
            where it is above 0.
        mix: 0..1; at 0 the picture is the original.
    """

    sky_exposure: float = 0.0
    sky_blur: float = 0.0
    light: LightMode = "sky"
    tint: list[float] = field(default_factory=lambda: [1.0, 1.0, 1.0])
    light_change: float = 0.0
    recolour: float = 0.8
    relight: float = 0.9
    light_falloff: float = 0.15
    foreground_exposure: float = 0.0
    matte_shift: float = 0.0
    matte_feather: float = 0.0
    clean_edges: float = 1.0
    light_wrap: float = 0.1
    grain: float = 1.0
    haze: float = 0.0
    rain: float = 0.0
    reflections: float = 0.0
    mix: float = 1.0

    def __post_init__(self) -> None:
        _check_range("look.sky_exposure", self.sky_exposure, -10, 10)
        if len(self.tint) != 3:
            raise ValueError(f"`look.tint` has {len(self.tint)} values, but must have three: red, green, blue")
        for value in self.tint:
            _check_range("look.tint", value, 0.25, 4)
        _check_range("look.light_change", self.light_change, -4, 4)
        _check_range("look.foreground_exposure", self.foreground_exposure, -10, 10)
        for name in (
            "recolour",
            "relight",
            "light_falloff",
            "clean_edges",
            "light_wrap",
            "haze",
            "rain",
            "reflections",
            "mix",
        ):
            _check_range(f"look.{name}", getattr(self, name), 0, 1)
        _check_range("look.matte_shift", self.matte_shift, -50, 50)
        _check_range("look.matte_feather", self.matte_feather, 0, 50)
        _check_range("look.sky_blur", self.sky_blur, 0, 50)
        _check_range("look.grain", self.grain, 0, 4)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the work is done.

    Attributes:
        quality: size at which sky and motion are analysed; outputs are always the size of the clip.
        matte_method: ``network``, or ``adaptive``, which needs none and learns from the clip alone.
        matting_weights: a file with weights for the network, or a name as :mod:`.weights_name` has it; None takes
            those that come with SkyAR.
        motion: ``SOLVE`` follows the camera; ``STATIC`` is a locked-off tripod; ``SCENE_CAMERA`` is an animated
            camera and ``CLIP_TRACKING`` a solve made elsewhere, both given in ``motion_path``.
        motion_path: a file as :mod:`.motion_file` has it; absolute, or relative to the job's output folder.
        focal_length: millimetres on a 36 mm wide sensor (long side of the picture); None takes the default.
        horizon: height of the horizon in the first frame, 0 = lowest row, 1 = highest; None finds it, or takes that
            of a camera whose world is upright.
        wind: degrees per second by which the new sky drifts to the right, about the vertical.
        look: compositing controls for the previews.
        previews: whether ``preview.mp4`` and ``compare.mp4`` are made.
        preview_size: their long side in pixels at most; None is that of the clip.
        corrections: places that the artist has marked as surely sky or surely not.
    """

    quality: Quality = "normal"
    matte_method: MatteMethodName = DEFAULT_MATTE_METHOD
    matting_weights: str | None = None
    motion: Motion = "SOLVE"
    motion_path: str | None = None
    focal_length: float | None = None
    horizon: float | None = None
    wind: float = 0.0
    look: Look = field(default_factory=Look)
    previews: bool = True
    preview_size: int | None = None
    corrections: list[Correction] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.focal_length is not None:
            _check_range("settings.focal_length", self.focal_length, 4, 2000)
        if (self.motion in GIVEN_MOTIONS) != bool(self.motion_path):
            wanted = "needs a file in" if self.motion in GIVEN_MOTIONS else "takes no file from"
            raise ValueError(f"motion {self.motion} {wanted} `settings.motion_path`")
        if self.motion_path is not None:
            check_inside(self.motion_path, "`settings.motion_path`")
        if self.focal_length is not None and self.motion_path:
            raise ValueError("`settings.focal_length` is given, but the camera's motion has its own focal length")
        if self.horizon is not None:
            _check_range("settings.horizon", self.horizon, -3, 4)
        if self.preview_size is not None:
            _check_range("settings.preview_size", self.preview_size, 16, 65536)
        _check_range("settings.wind", self.wind, -90, 90)
        if self.matting_weights is not None and self.matte_method != "network":
            raise ValueError(
                f"`settings.matting_weights` is given, but the method “{self.matte_method}” has no network"
            )
        if self.matting_weights is not None and is_weights_name(self.matting_weights):
            weights_name(self.matting_weights)


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
    device: Device = "auto"
    until: Stage = "preview"
    reuse: str | None = None
    wandb: Wandb | None = None
    trial: Trial | None = None
    version: int = JOB_VERSION

    def __post_init__(self) -> None:
        if not self.output:
            raise ValueError("`output` is empty")
        if self.sky is None and self.until in ("sky", "preview"):
            raise ValueError("`sky` is missing; without one, `until` must be `matte` or `track`")

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this job goes through."""
        return STAGES[: STAGES.index(self.until) + 1]

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
        return _alike(self.to_dict(), stored, _NOT_MAKING, _PREVIEWS)

    def shares_matte_with(self, stored: dict[str, Any]) -> bool:
        """Whether the job in ``stored`` has the same matte, motion and clean plate: all but the sky and the look."""
        return _alike(self.to_dict(), stored, (*_NOT_MAKING, "sky"), ("horizon", "wind", "look", *_PREVIEWS))


def _alike(own: dict[str, Any], stored: dict[str, Any], ignored: tuple[str, ...], settings: tuple[str, ...]) -> bool:
    """Whether two jobs are equal but for what is named, of the job and of its settings."""
    first, second = _without(own, ignored), _without(_completed(own, stored), ignored)
    for each in (first, second):
        chosen = each.get("settings")
        each["settings"] = _without(chosen, settings) if isinstance(chosen, dict) else chosen
    return first == second


def _completed(own: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """``stored`` with what a version of SkyAR that did not know it would have done without a word.

    A video stream was not chosen at all then, so any is the same.
    """
    defaults = {
        "clip": asdict(Clip(path="/")),
        "sky": asdict(Sky(source="/")),
        "settings": asdict(Settings()),
        "look": asdict(Look()),
    }

    def filled(name: str, part: Any) -> Any:
        if not isinstance(part, dict) or name not in defaults:
            return part
        known = defaults[name] | part
        return {key: filled(key, value) for key, value in known.items()}

    complete = {key: filled(key, value) for key, value in stored.items()}
    clip = stored.get("clip")
    if isinstance(clip, dict) and "stream" not in clip:
        complete["clip"]["stream"] = own["clip"]["stream"]
    return complete


def _without(stored: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in stored.items() if key not in names}
