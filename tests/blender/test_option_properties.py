# SPDX-License-Identifier: GPL-3.0-or-later
"""Every declared option is a property of the operators that it names, and goes there and back unchanged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from blender.shots import skyar

OPERATORS = {
    "replace": ("replace_sky", "SEQUENCER_OT_skyar_replace_sky"),
    "change-sky": ("change_sky", "SEQUENCER_OT_skyar_change_sky"),
    "try": ("try_skies", "SEQUENCER_OT_skyar_try_skies"),
}


def declared(verb: str) -> list[Any]:
    return [each for each in skyar("common.option_lookup").options_for(verb) if each.shown in ("sidebar", "dialog")]


def rna_of(verb: str) -> Any:
    return getattr(bpy.ops.sequencer, f"skyar_{OPERATORS[verb][0]}").get_rna_type()


@pytest.mark.parametrize("verb", OPERATORS)
def test_an_operator_has_the_options_of_its_verb(verb: str) -> None:
    properties = rna_of(verb).properties
    for option in declared(verb):
        found = properties[option.name]
        assert (found.name, found.description) == (option.label, option.help)
        if option.choices:
            assert [item.identifier for item in found.enum_items] == list(option.choices)
        if option.automatic is not None:
            assert properties[option.automatic.name].default is True
        assert found.is_skip_save == (verb == "change-sky" or not option.remembered)
    sky = properties["sky_fov"]
    assert sky.subtype == "ANGLE" and sky.default == pytest.approx(1.5708, abs=1e-4)
    assert properties["rain"].subtype == "FACTOR" and properties["rain"].hard_max == 1


def test_the_sidebar_keeps_what_it_is_declared_to() -> None:
    kept = bpy.types.Scene.bl_rna.properties["skyar"].fixed_type.properties
    assert {each.name for each in declared("replace") if each.shown == "sidebar"} <= set(kept.keys())


class Operator(SimpleNamespace):
    """Properties that are set, as an operator has them."""

    @property
    def properties(self) -> Any:
        return SimpleNamespace(is_property_set=lambda name: name in vars(self))


def test_what_a_result_was_made_with_goes_into_the_dialog_and_back() -> None:
    job, options = skyar("contract.job"), skyar("common.option_lookup")
    properties = skyar("addon.properties.option_properties")
    sky = job.Sky(source="sunset", rotation=40.0, light_from=-30.0, kind="flat", exposure=0.5, speed=2.0)
    settings = job.Settings(horizon=None, wind=0.5, look=job.Look(rain=0.25, light="horizon"))
    before = job.Job(clip=job.Clip(path="/clips/a.mp4"), sky=sky, output="/before", settings=settings)
    dialog = Operator(sky_raised=0.1)  # set by a script before the dialog came
    properties.prefill(dialog, "change-sky", before)
    assert dialog.sky_raised == 0.1 and dialog.find_horizon and not dialog.find_light
    chosen = properties.chosen_options(dialog, "change-sky")
    raised = chosen.pop("sky_raised")
    assert raised == pytest.approx(5.7296, abs=1e-3)
    known = options.values_of(before)
    assert chosen == {name: pytest.approx(known[name]) for name in chosen}
    assert set(chosen) >= {"sky_kind", "sky_rotation", "sky_brightness", "light_from", "horizon", "rain", "light"}


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({}, {}),
        ({"horizon": 0.25}, {"horizon": 0.25}),
        ({"find_horizon": True, "horizon": 0.25}, {"horizon": None}),
        ({"find_horizon": False, "horizon": 0.25}, {"horizon": 0.25}),
        ({"quality": "high"}, {"quality": "high"}),
    ],
)
def test_only_what_is_said_counts(given: dict[str, Any], chosen: dict[str, Any]) -> None:
    assert skyar("addon.properties.option_properties").chosen_options(Operator(**given), "replace") == chosen


@pytest.mark.parametrize("verb", ["replace", "try"])
def test_choices_can_be_kept_as_a_preset_but_for_the_folder(verb: str) -> None:
    assert "PRESET" in getattr(bpy.types, OPERATORS[verb][1]).bl_options
    properties = rna_of(verb).properties
    assert properties["output"].is_skip_preset and properties["ask"].is_skip_preset
    assert not properties["sky_rotation"].is_skip_preset
