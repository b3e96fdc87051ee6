# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a job on the command line, from their declaration (:mod:`skyar_blender.contract.option`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

from ...common.option_lookup import OPTIONS, defaults_for, options_for, with_options
from ...contract.job import Job
from ...contract.option import Option, Verb
from ...contract.weights_name import is_weights_name

#: What gives an option back that SkyAR finds by itself.
AUTOMATIC = "auto"

Command = Callable[..., None]


def takes_options_of(verb: Verb) -> Callable[[Command], Command]:
    """A decorator for a command that takes all options of ``verb`` as ``**chosen``: by their names, what was given.

    Values are those of a job: None where SkyAR is to find them. A path is absolute.
    """

    def decorate(command: Command) -> Command:
        declared = options_for(verb)
        own = [each for each in inspect.signature(command).parameters.values() if each.kind is not each.VAR_KEYWORD]
        hints = get_type_hints(command, include_extras=True)
        hints |= {each.name: _annotation(each, verb) for each in declared}

        @wraps(command)
        def run(**given: Any) -> None:
            requested = {each.name: given.pop(each.name) for each in declared}
            chosen = {name: _in_job(OPTIONS[name], value) for name, value in requested.items() if value is not None}
            command(**given, **chosen)

        run.__annotations__ = {name: hint for name, hint in hints.items() if name != "chosen"}
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
                for name, default in [(each.name, each.default) for each in own]
                + [(each.name, None) for each in declared]
            ]
        )
        return run

    return decorate


def help_of(name: str) -> str:
    """The sentence that tells what an option is."""
    return _help(OPTIONS[name])


def absolute_path(text: str | None) -> str | None:
    """A path is made absolute, an address of weights stays as it is."""
    return text if text is None or is_weights_name(text) else str(Path(text).expanduser().absolute())


def with_chosen(verb: Verb, job: Job, chosen: Mapping[str, Any]) -> Job:
    """A new ``job`` with the defaults of ``verb`` and what was requested.

    Raises:
        ValueError: values that do not fit together.
    """
    usual = {each.name: None for each in options_for(verb) if each.from_sky}
    values = {**usual, **defaults_for(verb), **chosen}
    if values.get("motion_file") is not None:
        values.setdefault("motion", "SCENE_CAMERA")
    return with_options(job, values)


def _annotation(option: Option, verb: Verb) -> Any:
    """How Typer is to take an option: None where nothing is requested."""
    flag = "--" + option.name.replace("_", "-")
    declared: dict[str, Any] = {"help": _help(option), "rich_help_panel": option.group}
    declared["show_default"] = _shown_default(option, verb) or False
    taken: Any = str
    if option.kind == "switch":
        return Annotated[bool | None, typer.Option(f"{flag}/--no-{flag[2:]}", **declared)]
    if option.kind == "colour":
        declared |= {"parser": _colour, "metavar": "R,G,B"}
    elif option.automatic is not None or option.from_sky:
        declared |= {"parser": _or_automatic(option), "metavar": f"NUMBER|{AUTOMATIC}"}
    elif option.kind == "choice":
        taken = Literal[tuple(option.choices)]
    elif option.kind in ("number", "integer"):
        taken = float if option.kind == "number" else int
        declared |= {"min": option.low, "max": option.high}
    elif option.is_file:
        declared["metavar"] = "PATH"
    return Annotated[taken | None, typer.Option(flag, **declared)]


def _in_job(option: Option, value: Any) -> Any:
    """A value from the command line as a job has it."""
    if option.is_file:
        return absolute_path(value)
    return None if value == AUTOMATIC and (option.automatic is not None or option.from_sky) else value


def _help(option: Option) -> str:
    unit = f" ({option.unit})" if option.unit and option.unit not in option.help.lower() else ""
    return f"{option.help}{unit}."


def _shown_default(option: Option, verb: Verb) -> str:
    if verb == "change-sky" and verb not in option.verb_defaults:
        return ""  # stays as it was
    if option.automatic is not None or option.from_sky:
        return AUTOMATIC
    default = option.verb_defaults.get(verb, option.default)
    if option.kind == "colour":
        return ",".join(f"{part:g}" for part in default)
    if option.kind == "switch":
        return option.name if default else ""
    return f"{default:g}" if option.kind == "number" else "" if default is None else str(default)


def _or_automatic(option: Option) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        if text == AUTOMATIC:
            return text
        try:
            number = float(text)
            option.check(number)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is neither {AUTOMATIC} nor such a number ({error}).") from error
        return number

    return parse


def _colour(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be three numbers such as 1.2,1,0.8") from None
