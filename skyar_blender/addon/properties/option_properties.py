# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a job in Blender, from their declaration (:mod:`skyar_blender.contract.option`): properties of
operators and of scenes, rows of dialogs and of the sidebar, what was chosen, and what a result was made with."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import bpy

from ...common.option_lookup import OPTIONS, options_for, values_of
from ...contract.job import Job
from ...contract.option import Option, Verb
from ..bases import PropertyFlag

SKIP: frozenset[PropertyFlag] = frozenset({"SKIP_SAVE"})
REMEMBERED: frozenset[PropertyFlag] = frozenset({"ANIMATABLE"})  # the default of bpy.props
_DIALOG = ("sidebar", "dialog")
_SIDEBAR = ("sidebar",)


def takes_options_of(verb: Verb) -> Callable[[type], type]:
    """A decorator that gives an operator the options of ``verb``; it has to stand above the class."""
    return _adding(verb, _DIALOG)


def keeps_options_of(verb: Verb) -> Callable[[type], type]:
    """The same for a property group that keeps those of the sidebar."""
    return _adding(verb, _SIDEBAR)


def draw_options(
    layout: bpy.types.UILayout,
    owner: Any,
    verb: Verb,
    groups: Collection[str] = (),
    after: Mapping[str, Callable[[Any], None]] | None = None,
) -> None:
    """A row for each option of an operator, group by group under their names; ``groups`` leaves out all others.

    ``after``: what is drawn below the row of an option.
    """
    options = _shown(verb, _DIALOG)
    for group in dict.fromkeys(option.group for option in options):
        if groups and group not in groups:
            continue
        layout.label(text=group)
        for option in options:
            if option.group == group:
                _draw(layout, owner, option)
                if after is not None and option.name in after:
                    after[option.name](layout)


def draw_sidebar(
    layout: bpy.types.UILayout,
    owner: Any,
    verb: Verb,
    groups: Collection[str],
    after: Mapping[str, Callable[[Any], None]] | None = None,
) -> None:
    """A row for each option of ``groups`` that the sidebar has; ``after`` as :func:`draw_options`."""
    for option in _shown(verb, _SIDEBAR):
        if option.group not in groups:
            continue
        _draw(layout, owner, option)
        if after is not None and option.name in after:
            after[option.name](layout)


def sidebar_options(settings: Any, verb: Verb) -> dict[str, Any]:
    """What was chosen in the sidebar, by the options' names, as a job has it; None for what is to be found."""
    return _as_it_stands(settings, _shown(verb, _SIDEBAR))


def dialog_options(operator: Any, verb: Verb) -> dict[str, Any]:
    """What stands in the dialog, chosen or not; likewise."""
    return _as_it_stands(operator, _shown(verb, _DIALOG))


def hand_over(settings: Any, operator: Any, verb: Verb) -> None:
    """Give a button's operator what was chosen in the sidebar."""
    for option in _shown(verb, _SIDEBAR):
        switch = () if option.automatic is None else (option.automatic.name,)
        for name in (*switch, option.name):
            setattr(operator, name, getattr(settings, name))


def chosen_options(operator: Any, verb: Verb) -> dict[str, Any]:
    """What was said of the options, by their names, as a job has it; None for what is to be found."""
    given = operator.properties.is_property_set
    chosen: dict[str, Any] = {}
    for option in _shown(verb, _DIALOG):
        switch = option.automatic
        if switch is not None and given(switch.name):
            # A value that is given needs no other word; one that is to be found is none.
            chosen[option.name] = None if getattr(operator, switch.name) else _in_job(option, operator)
        elif given(option.name):
            chosen[option.name] = _in_job(option, operator)
    return chosen


def prefill(operator: Any, verb: Verb, job: Job) -> None:
    """Put what ``job`` has into the dialog, but for what was said."""
    for name, value in values_of(job).items():
        option = OPTIONS[name]
        if verb not in option.verbs or option.shown not in _DIALOG or verb in option.verb_defaults:
            continue
        known = {name: value}
        if option.automatic is not None:
            known = {option.automatic.name: value is None, name: option.automatic.start if value is None else value}
        for key, each in known.items():
            if not operator.properties.is_property_set(key):
                setattr(operator, key, math.radians(each) if key == name and _is_angle(option) else each)


def _as_it_stands(owner: Any, options: list[Option]) -> dict[str, Any]:
    return {
        option.name: None
        if option.automatic is not None and getattr(owner, option.automatic.name)
        else _in_job(option, owner)
        for option in options
    }


def _shown(verb: Verb, places: tuple[str, ...]) -> list[Option]:
    return [each for each in options_for(verb) if each.shown in places]


def _adding(verb: Verb, places: tuple[str, ...]) -> Callable[[type], type]:
    def decorate(owner: type) -> type:
        for option in _shown(verb, places):
            # Those of Change Sky begin with the result's, not with what was chosen the last time.
            options = SKIP if verb == "change-sky" or not option.remembered else REMEMBERED
            if option.automatic is not None:
                owner.__annotations__[option.automatic.name] = bpy.props.BoolProperty(
                    name=option.automatic.label,
                    description=option.automatic.help,
                    default=True,
                    options=set(options),
                )
            owner.__annotations__[option.name] = _property(option, verb, options)
        return owner

    return decorate


def _property(option: Option, verb: Verb, options: frozenset[PropertyFlag]) -> Any:
    texts: dict[str, Any] = {"name": option.label, "description": option.help, "options": set(options)}
    default = option.verb_defaults.get(verb, option.default)
    if option.kind == "switch":
        return bpy.props.BoolProperty(default=default, **texts)
    if option.kind == "choice":
        items = [(value, label, text) for value, (label, text) in option.choices.items()]
        return bpy.props.EnumProperty(items=items, default=default, **texts)
    if option.kind != "number" or option.low is None or option.high is None:
        raise TypeError(f"{option.name}: a {option.kind}, or one without a range, has no row yet")
    if option.automatic is not None:
        default = option.automatic.start
    scale = math.radians(1) if _is_angle(option) else 1.0
    # What goes beyond a slider's soft ends is told in words if it is out of range: Blender would cut it off silently.
    ends = ("min", "max") if option.soft is None else ("soft_min", "soft_max")
    low, high = option.soft or (option.low, option.high)
    limits: dict[str, Any] = {ends[0]: scale * low, ends[1]: scale * high}
    is_fraction = option.soft is None and (option.low, option.high) == (0, 1)
    limits["subtype"] = "ANGLE" if _is_angle(option) else "FACTOR" if is_fraction else "NONE"
    return bpy.props.FloatProperty(default=scale * default, **limits, **texts)


def _draw(layout: bpy.types.UILayout, owner: Any, option: Option) -> None:
    enabled = option.needs is None or getattr(owner, option.needs[0]) in option.needs[1]
    if option.automatic is not None:
        row = layout.row()
        row.enabled = enabled
        row.prop(owner, option.automatic.name)
        enabled = enabled and not getattr(owner, option.automatic.name)
    row = layout.row()
    row.enabled = enabled
    row.prop(owner, option.name)


def _is_angle(option: Option) -> bool:
    return option.kind == "number" and option.unit == "degrees"


def _in_job(option: Option, operator: Any) -> Any:
    value = getattr(operator, option.name)
    return math.degrees(value) if _is_angle(option) else value
