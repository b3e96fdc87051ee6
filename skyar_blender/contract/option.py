# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared of an option of a job, once: its range, its words, who takes it and what it affects.

An option is a field of :class:`.clip.Clip`, :class:`.sky.Sky`, :class:`.look.Look`, :class:`.settings.Settings` or
:class:`.job.Job` that is declared by :func:`option`. The checks, the command line, Blender's properties and dialogs,
the comparison of jobs, the JSON schema and the table in the documentation all come from there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

#: What a person asks for: subcommands of ``skyar``; the first three are operators in Blender too.
Verb = Literal["replace", "change-sky", "try", "draft", "matte", "track"]
#: The first thing that is made anew with another value, and with it what comes later; with another ``clip`` nothing
#: stays.
Affects = Literal["clip", "matte", "track", "plate", "sky", "light", "look", "previews", "nothing"]
#: Where an artist meets it in Blender: a row of the sidebar and of the dialogs, of the dialogs alone, a slider of
#: the result, the strip itself, or the preferences.
Shown = Literal["sidebar", "dialog", "sliders", "strip", "preferences", "nowhere"]
Group = Literal["Clip", "Sky", "Light", "Rain and Water", "Edge", "Result", "Matte", "Camera", "Previews", "Engine"]
Kind = Literal["number", "integer", "switch", "choice", "text", "colour"]

SKIES: tuple[Verb, ...] = ("replace", "change-sky", "try", "draft")
CLIPS: tuple[Verb, ...] = ("replace", "try", "draft", "matte", "track")
VERBS: tuple[Verb, ...] = get_args(Verb)

_KEY = "option"
_KINDS: dict[Any, Kind] = {float: "number", int: "integer", bool: "switch", str: "text"}


@dataclass(frozen=True, kw_only=True)
class Automatic:
    """Of an option that is found unless it is given: None in a job, ``auto`` on the command line.

    In Blender the switch ``name`` says that it is to be found; ``start`` is the value that is there before one is
    given.
    """

    name: str
    label: str
    help: str
    start: float


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option.

    Attributes:
        label: its name in Blender.
        help: a sentence without a full stop; in Blender and on the command line.
        group: the title that it stands under.
        affects: see :data:`Affects`.
        name: on the command line (with dashes) and in Blender's scripts; empty is the name of the field.
        verbs: what takes it.
        shown: see :data:`Shown`.
        low, high: its range, both included.
        soft: range of the slider, where that is narrower.
        unit: of its number, in a word or two.
        choices: per value its label and help.
        automatic: see :class:`Automatic`.
        from_sky: it comes with the new sky where nothing is said (:func:`.sky_library.usual_rain`).
        is_file: its text is a path (or an address); the command line makes a relative one absolute.
        needs: another option, and the values of it with which this one counts.
        verb_defaults: for a verb that has a default of its own.
        remembered: Blender keeps what was chosen for the next time.
        part, field, kind, default, optional: filled in by :func:`options_of`; ``part`` is ``sky``, say.
    """

    label: str
    help: str
    group: Group
    affects: Affects
    name: str = ""
    verbs: tuple[Verb, ...] = ()
    shown: Shown = "dialog"
    low: float | None = None
    high: float | None = None
    soft: tuple[float, float] | None = None
    unit: str = ""
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    automatic: Automatic | None = None
    from_sky: bool = False
    is_file: bool = False
    needs: tuple[str, tuple[str, ...]] | None = None
    verb_defaults: Mapping[Verb, Any] = field(default_factory=dict)
    remembered: bool = True
    part: str = ""
    field: str = ""
    kind: Kind = "text"
    default: Any = None
    optional: bool = False

    def check(self, value: Any) -> None:
        """Raise ValueError where ``value`` is out of range or no choice."""
        where = self.field if self.part == "job" else f"{self.part}.{self.field}"
        if value is None and self.optional:
            return
        if self.kind == "choice" and value not in self.choices:
            raise ValueError(f"`{where}` is {value!r}, but must be one of {', '.join(self.choices)}")
        if self.kind == "colour" and len(value) != 3:
            raise ValueError(f"`{where}` has {len(value)} values, but must have three: red, green, blue")
        if self.low is not None and self.high is not None:
            for number in value if self.kind == "colour" else (value,):
                check_range(where, number, self.low, self.high)


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless ``value`` is finite and from ``low`` to ``high``."""
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"`{name}` is {value}, but must lie between {low:g} and {high:g}")


def option(default: Any = MISSING, **declared: Any) -> Any:
    """A field of a dataclass that is an option; ``declared`` as :class:`Option` has it."""
    metadata = {_KEY: Option(**declared)}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@cache
def options_of(owner: Any, part: str) -> tuple[Option, ...]:
    """The options of a dataclass, complete, in their order; ``part`` is its name in a job."""
    hints = get_type_hints(owner)
    return tuple(_complete(each, hints[each.name], part) for each in fields(owner) if _KEY in each.metadata)


def check_options(owner: Any, part: str) -> None:
    """Raise ValueError where a value of a dataclass is not as its option is declared."""
    for each in options_of(owner.__class__, part):
        each.check(getattr(owner, each.field))


def _complete(declared: Field[Any], hint: Any, part: str) -> Option:
    given: Option = declared.metadata[_KEY]
    parts = [each for each in get_args(hint) if each is not NoneType] if NoneType in get_args(hint) else [hint]
    kind: Kind
    if get_origin(parts[0]) is Literal:
        kind = "choice"
        if set(given.choices) != set(get_args(parts[0])):
            raise TypeError(f"{part}.{declared.name} declares other choices than its type")
    else:
        kind = "colour" if get_origin(parts[0]) is list else _KINDS[parts[0]]
    if declared.default_factory is not MISSING:
        default = declared.default_factory()
    else:
        default = None if declared.default is MISSING else declared.default
    return replace(
        given,
        name=given.name or declared.name,
        part=part,
        field=declared.name,
        kind=kind,
        default=default,
        optional=NoneType in get_args(hint),
    )
