# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.json``: what was made, how fast, and how sure each frame is.

Frames are those of the job, from 0. A figure that no stage has told is None; so is, on reading, one that is not as it
should be: anybody may have changed the file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from . import events
from .documents import is_number, read_object

#: 2: light, grain, rain, reflections and sun are stages too, and every figure has a place.
REPORT_VERSION = 2


@dataclass(frozen=True, kw_only=True)
class StageRow:
    """Of ``frames`` (of a step that makes a fixed number of images: of these), what this run made and found.

    ``seconds`` by the clock; of steps that go on side by side (plate, sky, reflections, preview), those of all
    threads that worked on them.
    """

    frames: int = 0
    computed: int = 0
    reused: int = 0
    seconds: float = 0.0
    ms_per_frame: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ClipFigures:
    """Pixels as they are stored, the rate as a fraction, and frames of the job."""

    width: int
    height: int
    rate: str = ""
    frames: int = 0


@dataclass(frozen=True, kw_only=True)
class FrameRange:
    """Both included."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class WeakFrames(FrameRange):
    """Frames in doubt: the least confidence, why, and what helps."""

    confidence: float | None = None
    reason: str = ""
    suggestion: str = ""


@dataclass(frozen=True, kw_only=True)
class BarFigures:
    """Black bars from a frame on, in pixels."""

    first_frame: int
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, kw_only=True)
class SunFigures:
    """Degrees to the right of the middle of the first frame: of the shot's light and of the new sun (None: none).

    ``confidence`` 0..1; ``given``: said by the artist; ``turned``: degrees that the sky was turned for it.
    """

    light_from: float
    confidence: float = 0.0
    sure: bool = False
    given: bool = False
    new_sun_at: float | None = None
    turned: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LightOfFrame:
    """Linear R, G, B of tint and haze; ``stops`` by which the new sky is brighter.

    ``exposure``: by how many stops the frame is exposed above those around it.
    """

    tint: list[float]
    stops: float
    haze: list[float]
    exposure: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LightOfShot(LightOfFrame):
    """That of a shot from ``first_frame`` on; mean linear colours of both skies where they are seen."""

    first_frame: int
    old_sky: list[float] | None = None
    new_sky: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class GrainFigures:
    """``sigma``: deviations of R, G, B in display values; ``softness`` in pixels; ``colour``: linear deviations on
    the new sky."""

    colour: list[float]
    sigma: list[float] = field(default_factory=list)
    softness: float = 0.0


@dataclass(frozen=True, kw_only=True)
class RunFigures:
    """Of the run as a whole.

    ``working_size``: width and height at which it worked, where that is smaller than the clip; files of images have a
    pixel more on each side. ``reused``: name of the result that matte, motion and plate came from. ``on_device``: the
    steps that were computed on a GPU, the ``device``; all else was computed on the processor.
    """

    working_size: list[int] | None = None
    device: str | None = None
    on_device: list[str] | None = None
    reused: str | None = None
    peak_memory_mb: float | None = None
    damaged_frames: list[FrameRange] | None = None
    warnings: list[events.Warning] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SurveyFigures:
    """``graphics``: box of each, left, top, right, bottom in pixels; ``dissolves``: frames that show two shots."""

    bars: list[BarFigures] | None = None
    graphics: list[list[float]] | None = None
    dissolves: list[FrameRange] | None = None


@dataclass(frozen=True, kw_only=True)
class MatteFigures:
    """Means over the frames, all 0..1."""

    coverage_mean: float | None = None
    matte_flicker: float | None = None
    matte_confidence_mean: float | None = None
    matte_confidence_min: float | None = None
    matte_weak_ranges: list[WeakFrames] | None = None


@dataclass(frozen=True, kw_only=True)
class TrackFigures:
    """As :mod:`.track_file` has them; ``old_clouds_wind``: degrees per second to the right, per shot; so are
    ``focal_length_sources`` and ``same_place_as``, the first shot (from 0) that shows the same place."""

    confidence_mean: float | None = None
    confidence_min: float | None = None
    focal_length_mm: float | None = None
    focal_length_source: str | None = None
    focal_length_sources: list[str] | None = None
    same_place_as: list[int] | None = None
    lens_distortion: list[float] | None = None
    old_clouds_wind: list[float | None] | None = None
    weak_ranges: list[WeakFrames] | None = None


@dataclass(frozen=True, kw_only=True)
class SkyFigures:
    """What was measured of the new sky, how the camera stands to the horizon, and both suns."""

    sky: dict[str, Any] | None = None
    placement: dict[str, Any] | None = None
    sun: SunFigures | None = None


@dataclass(frozen=True, kw_only=True)
class LightFigures:
    light: list[LightOfShot] | None = None


@dataclass(frozen=True, kw_only=True)
class NoiseFigures:
    grain: GrainFigures | None = None


@dataclass(frozen=True, kw_only=True)
class Figures(RunFigures, SurveyFigures, MatteFigures, TrackFigures, SkyFigures, LightFigures, NoiseFigures):
    """All of the whole job."""


@dataclass(frozen=True, kw_only=True)
class FrameFigures:
    """Of one frame. ``fade``: 1 where it is seen whole; ``light`` and ``grain`` only where frames fade."""

    index: int = 0
    source_frame: int = 0
    coverage: float | None = None
    matte_flicker: float | None = None
    matte_confidence: float | None = None
    fade: float | None = None
    confidence: float | None = None
    source: str | None = None
    track_points: int | None = None
    track_residual_px: float | None = None
    light: LightOfFrame | None = None
    grain: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a run made, how fast, and how sure it is.

    ``seconds``: how long this run took in all; ``options``: the job's by their names, as :mod:`.options` has them;
    ``stages``: by their names, in the order of the work.
    """

    version: int = REPORT_VERSION
    complete: bool = False
    skyar: str = ""
    python: str = ""
    clip: ClipFigures | None = None
    seconds: float | None = None
    options: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, StageRow] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    frames: list[FrameFigures] = field(default_factory=list)

    def to_dict(self, reported: Collection[str]) -> dict[str, Any]:
        """Plain data; of each frame what was ``reported``, by the names of its fields."""
        data = asdict(self)
        kept = {"index", "source_frame", *reported}
        data["frames"] = [{name: value for name, value in each.items() if name in kept} for each in data["frames"]]
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """What is as it should be of ``data``."""
        read: Report = _read(cls, data)
        return read


def read_report(path: Path) -> Report:
    """The report in a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no JSON object.
    """
    return Report.from_dict(read_object(path))


class _UnfitError(ValueError):
    """A value is of another kind."""


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(cls: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _UnfitError
    found = {}
    for each in fields(cls):
        try:
            if each.name in value:
                found[each.name] = _as(_hints(cls)[each.name], value[each.name])
        except _UnfitError:
            if each.default is MISSING and each.default_factory is MISSING:
                raise
    try:
        return cls(**found)
    except TypeError as error:  # something that it cannot do without is missing
        raise _UnfitError from error


def _as(hint: Any, value: Any) -> Any:
    """``value`` as a field of type ``hint`` takes it."""
    kinds = get_args(hint)
    if NoneType in kinds:
        return None if value is None else _as(next(each for each in kinds if each is not NoneType), value)
    if is_dataclass(hint):
        return _read(hint, value)
    if get_origin(hint) is list and isinstance(value, list):
        return _items(kinds[0], value)
    if get_origin(hint) is dict and isinstance(value, dict):
        return value if kinds[1] is Any else {name: _as(kinds[1], each) for name, each in value.items()}
    if hint is float and is_number(value):
        return float(value)
    if hint in (int, str, bool) and type(value) is hint:
        return value
    raise _UnfitError


def _items(kind: Any, values: list[Any]) -> list[Any]:
    """Of a list of entries those that fit; a list of numbers fits as a whole or not at all."""
    if not is_dataclass(kind):
        return [_as(kind, each) for each in values]
    found = []
    for each in values:
        try:
            found.append(_read(kind, each))
        except _UnfitError:
            continue
    return found
