# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips in which the camera travels, for :mod:`.cases`."""

from __future__ import annotations

from collections.abc import Callable

from . import moves, places
from .poses import Move
from .world import Image, World

FRAMES = 61
#: Degrees of the bend, and of the way around the building.
_BEND = 95.0
_ORBIT = 40.0


def heading(time: float) -> float:
    """Of the bend: straight, then round, then straight again."""
    fraction = min(max((time - 8) / (FRAMES - 17), 0.0), 1.0)
    return _BEND * fraction * fraction * (3 - 2 * fraction)


def stop_and_go(time: float) -> float:
    """Metres a frame of a car that halts in the middle of the shot."""
    return 0.6 * min(1.0, max(0.0, (abs(time - 32) - 8) / 10))


def travels(
    focal: Callable[[float], float], skies: dict[str, Image]
) -> list[tuple[str, Callable[[], World], Move, dict[str, object]]]:
    """Name, place, move and what else is special of each; ``focal``: pixels of a lens in millimetres."""
    usual = focal(24.0)

    def car(lens: float = usual, metres: float = 1.0, seed: int = 4, **path: object) -> Move:
        return moves.shaking(moves.travelling(lens, FRAMES, lambda time: metres, **path), seed, 0.12)  # type: ignore[arg-type]

    def by(sky: str, move: Move, seed: int, **things: object) -> Callable[[], World]:
        return lambda: places.along(skies[sky], seed, move, FRAMES, **things)  # type: ignore[arg-type]

    straight = car()
    slow = car(metres=0.33, seed=5)
    bend = car(metres=0.7, heading=heading)
    train = moves.shaking(
        moves.travelling(usual, FRAMES, lambda time: 0.5, heading=lambda time: 90.0, looking=-90.0), 6, 0.08
    )
    halt = moves.shaking(moves.travelling(usual, FRAMES, stop_and_go), 7, 0.1)
    drone = moves.shaking(moves.travelling(usual, FRAMES, lambda time: 0.6, height=14.0, pitch=-6.0), 8, 0.2)
    overtaken = car(metres=0.5, seed=9)
    crane = moves.shaking(moves.rising(usual, FRAMES, 10.0), 13, 0.1)

    def lorry() -> World:
        return places.with_lorry(by("gradient", overtaken, 38)(), -5.5, -12.0, 0.9)

    found: list[tuple[str, Callable[[], World], Move, dict[str, object]]] = []
    for sky in skies:
        found.append((f"drive 10 fps: {sky}", by(sky, straight, 31), straight, {"rate": 10.0}))
    found += [
        ("drive 30 fps: gradient", by("gradient", straight, 32, hills=False), straight, {"rate": 30.0}),
        ("drive slow: overcast", by("overcast", slow, 33), slow, {}),
        ("drive bend: gradient", by("gradient", bend, 34), bend, {}),
        ("drive bend: textured", by("textured", bend, 35), bend, {}),
        ("drive stop: overcast", by("overcast", halt, 36), halt, {}),
        ("drive rolling shutter: gradient", by("gradient", slow, 37), slow, {"shutter": 0.4}),
        ("drive lorry: gradient", lorry, overtaken, {}),
        ("train: gradient", by("gradient", train, 39, clear=7.0), train, {}),
        ("train: textured", by("textured", train, 40, clear=7.0), train, {}),
        ("crane: overcast", by("overcast", crane, 42, clear=16.0), crane, {}),
        ("forest drone: gradient", by("gradient", drone, 43, houses=0.05, things=220, farthest=160.0), drone, {}),
    ]  # fmt: skip
    around = moves.shaking(moves.circling(usual, FRAMES, 26.0, _ORBIT), 10, 0.15)
    found.append(("orbit: gradient", lambda: places.around_a_building(skies["gradient"], 41, 26.0), around, {}))
    for lens in (18.0, 60.0):
        move = car(focal(lens), 0.8, 11)
        found.append((f"drive {lens:g} mm: overcast", by("overcast", move, 44), move, {}))
    steps = moves.walking(usual, 4, 0.06)
    found.append(("street walk: gradient", by("gradient", steps, 45, clear=2.0, farthest=40.0), steps, {}))
    cut = car(metres=0.6, seed=12)
    found.append(("drive cut: overcast", by("overcast", cut, 46), cut, {"cut": 30}))
    return found
