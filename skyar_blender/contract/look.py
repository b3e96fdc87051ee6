# SPDX-License-Identifier: GPL-3.0-or-later
"""The compositing controls of a job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from .option import SKIES, check_options, option, options_of

LightMode = Literal["sky", "horizon", "manual", "off"]


def _slider(default: float, low: float, high: float, **declared: Any) -> Any:
    """An option that is a live slider of a result in Blender, and in the previews of a run."""
    return option(default, affects="look", verbs=SKIES, shown="sliders", low=low, high=high, **declared)


@dataclass(frozen=True, kw_only=True)
class Look:
    """Compositing controls, as the inputs of the node group "SkyAR Composite".

    Attributes:
        sky_exposure: stops on the new sky.
        sky_blur: pixels of softening of the new sky.
        exposure_match: 0..1, how far the new sky follows the shot's exposure: flashes, steps, flicker.
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
        rain: 0..1, how much rain falls before all; the images of its streaks are made where it is above 0.
        reflections: 0..1, how far water that mirrored the old sky mirrors the new one; what is a mirror is found
            where it is above 0.
        mix: 0..1; at 0 the image is the original.
        keyed: values of some of these per frame of the job, by the name of the field, in the place of the one above;
            later frames have the last of them; None of none. ``light``, ``tint`` and ``light_change`` have none.
    """

    sky_exposure: float = _slider(
        0.0,
        -10,
        10,
        label="Sky Exposure",
        help="Brightness of the new sky, in stops: 1 doubles it",
        group="Sky",
        unit="stops",
    )
    sky_blur: float = _slider(
        0.0,
        0,
        50,
        label="Sky Blur",
        help="Softens the new sky over so many pixels, as a lens out of focus",
        group="Sky",
        unit="pixels",
    )
    exposure_match: float = _slider(
        1.0,
        0,
        1,
        label="Exposure Match",
        help="How far the new sky follows the shot's exposure: flashes, steps, flicker; with 0, none is measured",
        group="Sky",
    )
    light: LightMode = option(
        "sky",
        label="Light",
        help="Which part of the new sky lights and colours the foreground",
        group="Light",
        affects="light",
        verbs=SKIES,
        choices={
            "sky": ("Sky", "The foreground takes the light of all that is seen of the new sky"),
            "horizon": (
                "Horizon",
                "The foreground takes the light of the lowest part of the new sky that is seen",
            ),
            "manual": ("By Hand", "Tint and Light Change of the result are yours; no sky changes them"),
            "off": ("Off", "The foreground keeps its light"),
        },
    )
    tint: list[float] = option(
        [1.0, 1.0, 1.0],
        label="Tint",
        help="Colour that the foreground is multiplied by, linear red, green, blue, such as 1.2,1,0.8",
        group="Light",
        affects="light",
        verbs=SKIES,
        shown="sliders",
        low=0.25,
        high=4,
        needs=("light", ("manual",)),
    )
    light_change: float = option(
        0.0,
        label="Light Change",
        help="Stops by which the light on the foreground grows",
        group="Light",
        affects="light",
        verbs=SKIES,
        shown="sliders",
        low=-4,
        high=4,
        unit="stops",
        needs=("light", ("manual",)),
    )
    recolour: float = _slider(
        0.8, 0, 1, label="Recolour", help="How far the foreground takes the tint of the new sky", group="Light"
    )
    relight: float = _slider(
        0.9,
        0,
        1,
        label="Relight",
        help="How far the foreground gets as much brighter or darker as the sky does",
        group="Light",
    )
    light_falloff: float = _slider(
        0.15,
        0,
        1,
        label="Light Falloff",
        help="How much weaker both are where a place sees little of the sky: near, and low in the picture",
        group="Light",
    )
    foreground_exposure: float = _slider(
        0.0,
        -10,
        10,
        label="Foreground Exposure",
        help="Brightness of all that is not sky, in stops: 1 doubles it",
        group="Light",
        unit="stops",
    )
    matte_shift: float = _slider(
        0.0,
        -50,
        50,
        label="Matte Shift",
        help="Moves the edge of the sky by so many pixels: above 0 the sky grows, below 0 it shrinks",
        group="Edge",
        unit="pixels",
    )
    matte_feather: float = _slider(
        0.0,
        0,
        50,
        label="Matte Feather",
        help="Softens the edge of the sky over so many pixels",
        group="Edge",
        unit="pixels",
    )
    clean_edges: float = _slider(
        1.0,
        0,
        1,
        label="Clean Edges",
        help="How much of the old sky's colour is taken out of soft edges, by the clean plate; 0 leaves it in",
        group="Edge",
    )
    light_wrap: float = _slider(
        0.1,
        0,
        1,
        label="Light Wrap",
        help="Light of the new sky that spills over the rim of the foreground",
        group="Edge",
    )
    grain: float = _slider(
        1.0,
        0,
        4,
        label="Grain Amount",
        help="How much grain the new sky gets: at 1 as much as the old one had",
        group="Result",
    )
    haze: float = _slider(
        0.0, 0, 1, label="Haze", help="How much of the horizon's colour lies over what is far away", group="Result"
    )
    rain: float = option(
        0.0,
        label="Rain",
        help="How much rain falls before the picture; if it is not touched, as much as the sky brings along",
        group="Rain and Water",
        affects="sky",
        verbs=SKIES,
        low=0,
        high=1,
        from_sky=True,
    )
    reflections: float = option(
        0.0,
        label="Reflections",
        help="How far water mirrors the new sky. For shots that show water: wet or smooth ground may be taken for "
        "it; at 0 none is looked for",
        group="Rain and Water",
        affects="sky",
        verbs=SKIES,
        low=0,
        high=1,
    )
    mix: float = _slider(
        1.0, 0, 1, label="Mix", help="How much of the result shows; at 0 the footage as it was", group="Result"
    )

    keyed: dict[str, list[float]] | None = None

    def __post_init__(self) -> None:
        check_options(self, "look")
        sliders = {each.field: each for each in options_of(Look, "look") if each.affects != "light"}
        for name, values in (self.keyed or {}).items():
            if name not in sliders or not values:
                raise ValueError(f"`look.keyed.{name}` is none of {', '.join(sliders)}, or has no values")
            for value in values:
                sliders[name].check(value)

    def at(self, index: int) -> Look:
        """The look of a frame of the job, ``index`` from 0; it has nothing keyed."""
        if not self.keyed:
            return self
        values: dict[str, Any] = {name: float(each[min(index, len(each) - 1)]) for name, each in self.keyed.items()}
        return replace(self, keyed=None, **values)
