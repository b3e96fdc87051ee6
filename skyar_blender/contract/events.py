# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker says while it works: one JSON object per line on its standard output.

Each line carries ``"event"`` (the name below, in lower case) and the fields of the class.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import ErrorCode, SkyarError


@dataclass(frozen=True, kw_only=True)
class Starting:
    """The worker is there; it loads what it works with. The first thing that is said."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """The job was read and is valid."""

    version: int
    output: str
    pid: int
    frames: int
    resumed: bool
    engine: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """``frame`` of ``total`` is done in ``stage``; ``fps`` and ``seconds_left`` are measured, or None at first.

    ``seconds_left`` is for the whole job as far as it can be estimated, ``fraction`` (0..1) likewise.
    """

    stage: str
    frame: int
    total: int
    fps: float | None = None
    seconds_left: float | None = None
    fraction: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Alive:
    """The worker is neither stopped nor waiting for a disk; said every few seconds, and of no other meaning."""


@dataclass(frozen=True, kw_only=True)
class Warning:  # noqa: A001  (the field's name; this module is always used qualified)
    """Something the person should know; the job goes on."""

    code: str
    what: str
    why: str = ""
    todo: str = ""


@dataclass(frozen=True, kw_only=True)
class Error:
    """The job ended without a complete result."""

    code: str
    what: str
    why: str
    todo: str

    @classmethod
    def of(cls, error: SkyarError) -> Error:
        return cls(code=str(error.code), what=error.what, why=error.why, todo=error.todo)

    def to_exception(self) -> SkyarError:
        return SkyarError(ErrorCode(self.code), self.what, self.why, self.todo)


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A finished file or numbered sequence (``%06d`` in ``path``), absolute, with forward slashes."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """The job is complete; ``figures`` are the totals that ``report.json`` holds as well."""

    output: str
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """The process that makes drafts has begun with request ``number``. An error that follows is of this one."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """Request ``number`` is done, in ``seconds``; the pictures are PNG of ``width`` x ``height`` pixels.

    ``result`` has the new sky, ``original`` none, and ``matte`` shows what was found (sky, ground, unsure); absolute,
    with forward slashes. ``degrees`` is what the camera sees across, ``panorama`` whether the sky goes all around by
    itself. ``horizon`` is how high the horizon lies at the picture's left and right edge, 0 = its lower edge, 1 = its
    upper; None where there is none ahead. ``notes`` are what a person should know of this draft.
    """

    number: int
    result: str
    original: str
    matte: str
    width: int
    height: int
    seconds: float
    degrees: float
    panorama: bool
    horizon: list[float] | None = None
    notes: list[str] = field(default_factory=list)


Event = Starting | Started | Progress | Alive | Warning | Error | Artifact | Done | Drafting | Drafted
_CLASSES: dict[str, type[Any]] = {
    cls.__name__.lower(): cls
    for cls in (Starting, Started, Progress, Alive, Warning, Error, Artifact, Done, Drafting, Drafted)
}


def to_line(event: Event) -> str:
    """One line of ASCII JSON, without the newline."""
    return json.dumps({"event": type(event).__name__.lower(), **asdict(event)}, allow_nan=False)


def from_line(line: str) -> Event:
    """Read a line made by :func:`to_line`; unknown fields are ignored, so that an older reader still works.

    Raises:
        ValueError: the line is not an event.
    """
    try:
        data = json.loads(line)
        cls = _CLASSES[data.pop("event")]
        known = {f.name for f in fields(cls)}
        event: Event = cls(**{key: value for key, value in data.items() if key in known})
        return event
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"not an event: {line[:200]!r}") from error
