# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips that trackers are measured on, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import moves, world
from .poses import Move, true_homography
from .track_errors import Truth
from .travel_cases import travels
from .world import Image, World

WIDTH = 854
HEIGHT = 480
FRAMES = 61
#: Focal length in millimetres on a 36 mm sensor of most cases, which is what is taken when nothing is known.
LENS_MM = 28.0
_NONE = range(0)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A clip to be made. Motion is counted in frames, see :mod:`.moves`.

    Attributes:
        place: makes the world; of the second shot too when there is a cut.
        noise: standard deviation of the sensor's noise in 8-bit grey levels, new in every frame and channel.
        crf: constant rate factor that the clip is compressed with (H.264); None leaves it as it is.
        shutter: rolling shutter, as a fraction of a frame's time.
        blurred: frames that are exposed all the time until the next.
        person: whether somebody who fills a third of the image walks through it.
        covered: frames in which something covers the lens.
        cut: first frame of a second shot, at another place.
        on_sky: measured where the sky of the first frame is still seen, else at the frame's corners.
        focal_mm: the focal length that the tracker is told.
        rate: frames a second.
        seed: of noise, and of where it is.
    """

    name: str
    place: Callable[[], World]
    move: Move
    frames: int = FRAMES
    width: int = WIDTH
    height: int = HEIGHT
    noise: float = 0.5
    crf: int | None = None
    shutter: float = 0.0
    blurred: range = _NONE
    person: bool = False
    covered: range = _NONE
    cut: int | None = None
    on_sky: bool = False
    focal_mm: float | None = None
    rate: float = 25.0
    seed: int = 1

    def truths(self) -> list[Truth]:
        """One for each frame."""
        starts = [0 if self.cut is None or index < self.cut else self.cut for index in range(self.frames)]
        poses = [self.move(index) for index in range(self.frames)]
        return [
            Truth(start, true_homography(poses[start], pose, self.width, self.height), pose.distortion)
            for start, pose in zip(starts, poses, strict=True)
        ]


def cases(textured: Image | None = None) -> list[Case]:
    """All cases; ``textured`` is the panorama of a sky with clouds, RGB 0..255 as displayed, else one is made up."""
    clouds = world.clouded(5) if textured is None else textured
    focal = focal_px(LENS_MM)

    def place(sky: Image, *, near: bool = False, post: bool = False, seed: int = 11) -> Callable[[], World]:
        return lambda: world.make_world(sky, seed, near=near, post=post)

    skies = [
        ("textured", clouds, 0.5), ("overcast", world.overcast(6), 0.5), ("gradient", world.gradient(), 0.0),
        ("gradient noise 0.5", world.gradient(), 0.5), ("gradient noise 1.5", world.gradient(), 1.5),
        ("gradient noise 3", world.gradient(), 3.0),
    ]  # fmt: skip
    pan = moves.turning(focal, FRAMES, yaw=math.degrees(math.atan(240 / focal)))
    usual = {
        "pan": pan,
        "roll": moves.turning(focal, FRAMES, roll=8),
        "shake": moves.shaking(moves.locked(focal), 3),
        "zoom": moves.zooming(moves.locked(focal), FRAMES, 1.3),
        "pan roll zoom": moves.zooming(moves.turning(focal, FRAMES, yaw=12, roll=6), FRAMES, 1.3),
    }
    found = [
        Case(name=f"{move}: {sky}", place=place(image), move=usual[move], noise=noise)
        for move in usual
        for sky, image, noise in skies
    ]
    for sky, image, noise in skies[:2] + skies[4:5]:
        found.append(
            Case(
                name=f"walk: {sky}",
                place=place(image, near=True, post=True),
                move=moves.walking(focal, 4),
                noise=noise,
            )
        )
        for lens in (24.0, 28.0, 45.0):
            turn = moves.turning(focal_px(lens), FRAMES, yaw=30)
            found.append(
                Case(name=f"yaw 30: {lens:g} mm {sky}", place=place(image), move=turn, noise=noise, on_sky=True)
            )
        for kind, bend in (("wide lens", -0.06), ("action camera", -0.25)):
            found += [
                Case(
                    name=f"{kind}: {name} {sky}", place=place(image, near=True), noise=noise, on_sky=True,
                    move=moves.distorted(move, bend),
                )
                for name, move in (("pan", moves.shaking(pan, 14)), ("yaw", moves.turning(focal, FRAMES, yaw=30)))
            ]  # fmt: skip
    overcast, clear = world.overcast(6), world.gradient()
    for crf in (20, 28, 35):
        for move in ("pan", "roll", "shake"):
            found.append(Case(name=f"{move}: crf {crf}", place=place(overcast, near=True), move=usual[move], crf=crf))
    found += [
        Case(name="locked: clouds drift", place=place(clouds, near=True), move=moves.locked(focal, 1.0)),
        Case(name="rolling shutter", place=place(overcast), move=moves.shaking(pan, 7, 0.6), shutter=0.5),
        Case(name="person", place=place(overcast), move=moves.shaking(pan, 8), person=True),
        Case(
            name="whip pan", place=place(overcast), move=moves.whip(focal, FRAMES, 40, 10), blurred=range(25, 36),
        ),
        Case(name="hard cut", place=place(overcast), move=moves.shaking(pan, 9), cut=30),
        Case(name="covered", place=place(overcast), move=moves.shaking(pan, 10), covered=range(28, 33)),
        Case(name="there and back", place=place(overcast), move=moves.there_and_back(focal, 121, 40), frames=121),
        Case(
            name="long hand-held", place=place(clear, near=True), frames=301,
            move=moves.shaking(moves.locked(focal), 12),
        ),
    ]  # fmt: skip
    for peak in (1.0, 2.0):
        full = focal_px(LENS_MM, 1920)
        found.append(
            Case(
                name=f"1080p roll: {peak:g} degrees a frame", place=place(overcast), width=1920, height=1080,
                move=moves.rocking(full, 60, peak),
            )
        )  # fmt: skip
    seen = {"textured": clouds, "overcast": overcast, "gradient": clear}
    found += [
        Case(name=name, place=made, move=way, **special)  # type: ignore[arg-type]
        for name, made, way, special in travels(focal_px, seen)
    ]
    return found


def focal_px(millimetres: float, width: int = WIDTH) -> float:
    """Focal length in pixels of an image of that width."""
    return millimetres / 36 * width


def second_place(case: Case) -> World:
    """Where the shot after a cut is."""
    return world.make_world(world.clouded(21), case.seed + 50, near=False)


def person_at(case: Case, index: int) -> np.ndarray:
    """Middle of the person's head, x and y in pixels, in a frame: walks through the image with a swing.

    (2,), float64.
    """
    fraction = index / max(1, case.frames - 1)
    sway = 6 * math.sin(index / 2.3)
    return np.array([case.width * (0.15 + 0.6 * fraction), case.height * 0.3 + sway])
