# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sky of a job, and how it is placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .option import SKIES, Automatic, check_options, option

SkyKind = Literal["auto", "panorama", "flat"]


@dataclass(frozen=True, kw_only=True)
class Sky:
    """The new sky.

    Attributes:
        source: name of a shipped sky, or the absolute path of an image.
        kind: ``panorama`` (equirectangular), ``flat``, or ``auto`` (twice as wide as high: a panorama).
        rotation: degrees that the sky turns to the right about the vertical.
        raised: degrees that its horizon is raised; the zenith stays.
        exposure: stops, applied before anything else (to calm or lift an image of the user's own).
        field_of_view: degrees that a flat image fills across its width.
        mirror: swap left and right.
        keep_ground: leave the ground in a flat image of the user's own, which is otherwise found and cut off.
        aim_sun: turn the sky so that its sun stands where the shot's light comes from, ``rotation`` besides.
        light_from: degrees to the right of the middle of the first frame that the shot's light comes from; None finds
            out.
        start: seconds into a sky that moves, at the clip's first frame.
        speed: how many times as fast as its own a sky moves; 0 stands still.
    """

    source: str
    kind: SkyKind = option(
        "auto",
        name="sky_kind",
        label="Picture Kind",
        help="Whether the sky's picture goes all around or is an ordinary one",
        group="Sky",
        affects="sky",
        verbs=("replace", "change-sky", "draft"),
        choices={
            "auto": ("Automatic", "A panorama where it is twice as wide as high"),
            "panorama": ("Panorama", "All directions, equirectangular"),
            "flat": ("Flat", "An ordinary picture"),
        },
        remembered=False,
    )
    rotation: float = option(
        0.0,
        name="sky_rotation",
        label="Turn",
        help="How far the sky is turned to the right",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        shown="sidebar",
        low=-3600,
        high=3600,
        soft=(-180, 180),
        unit="degrees",
    )
    raised: float = option(
        0.0,
        name="sky_raised",
        label="Raise",
        help="How far the sky's horizon is raised",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        shown="sidebar",
        low=-60,
        high=60,
        soft=(-10, 10),
        unit="degrees",
    )
    exposure: float = option(
        0.0,
        name="sky_brightness",
        label="Brightness",
        help="Makes the sky and the light that it casts brighter or darker: 1 doubles it, -1 halves it",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        shown="sidebar",
        low=-20,
        high=20,
        soft=(-4, 4),
        unit="stops",
        remembered=False,
    )
    field_of_view: float = option(
        90.0,
        name="sky_fov",
        label="Field of View",
        help="How wide an ordinary picture is spread over the sky; a panorama goes all around anyway",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        shown="sidebar",
        low=1,
        high=360,
        unit="degrees",
    )
    mirror: bool = option(
        False,
        name="sky_mirror",
        label="Mirror",
        help="Swap left and right of the sky",
        group="Sky",
        affects="sky",
        verbs=SKIES,
    )
    keep_ground: bool = option(
        False,
        label="Keep Ground",
        help="Leave the ground in an ordinary picture; otherwise it is found and cut off",
        group="Sky",
        affects="sky",
        verbs=SKIES,
    )
    aim_sun: bool = option(
        False,
        label="Aim the Sun",
        help="Turn the sky so that its sun stands where the shot's light comes from; Turn goes on from there",
        group="Light",
        affects="sky",
        verbs=SKIES,
        remembered=False,
    )
    light_from: float | None = option(
        None,
        label="Light From",
        help="Where the shot's light comes from: so far to the right of the middle of its first frame",
        group="Light",
        affects="sky",
        verbs=SKIES,
        low=-3600,
        high=3600,
        soft=(-180, 180),
        unit="degrees",
        automatic=Automatic(
            name="find_light", label="Find Light", help="Find where the shot's light comes from", start=0.0
        ),
        remembered=False,
    )
    start: float = option(
        0.0,
        name="sky_start",
        label="Start",
        help="Of a sky that moves: the second of it that the first frame shows",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        low=-86400,
        high=86400,
        soft=(0, 60),
        unit="seconds",
    )
    speed: float = option(
        1.0,
        name="sky_speed",
        label="Speed",
        help="Of a sky that moves: how many times as fast as it was made; 0 stands still",
        group="Sky",
        affects="sky",
        verbs=SKIES,
        low=-100,
        high=100,
        soft=(0, 4),
    )

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("`sky.source` is empty")
        check_options(self, "sky")
