# SPDX-License-Identifier: GPL-3.0-or-later
"""What several runs of one benchmark say together: how it scales with cores, and what one more frame costs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def scaling(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many times as fast each run on several cores was as the same on one.

    ``runs`` are those of :meth:`.timing.Timing.to_dict`. ``of_ideal`` is that over the number of cores: 1 where
    nothing waits for anything.
    """
    alone = {_clip_of(run): run["seconds"] for run in runs if run["cores"] == 1}
    found = []
    for run in runs:
        if run["cores"] > 1 and _clip_of(run) in alone:
            faster = alone[_clip_of(run)] / run["seconds"]
            found.append(
                {name: run[name] for name in ("width", "height", "frames", "cores")}
                | {"times_as_fast": round(faster, 3), "of_ideal": round(faster / run["cores"], 3)}
            )
    return found


def further_frames(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each frame of a longer clip takes beyond those of the next shorter one, in ms by the clock."""
    by_setup: dict[tuple[int, int, int], list[dict[str, Any]]] = {}
    for run in runs:
        by_setup.setdefault((run["width"], run["height"], run["cores"]), []).append(run)
    found = []
    for (width, height, cores), alike in by_setup.items():
        for short, long in pairwise(sorted(alike, key=lambda run: run["frames"])):
            if long["frames"] > short["frames"]:
                cost = (long["seconds"] - short["seconds"]) / (long["frames"] - short["frames"])
                found.append(
                    {"width": width, "height": height, "cores": cores}
                    | {"from_frames": short["frames"], "to_frames": long["frames"], "ms": round(1000 * cost, 2)}
                )
    return found


def _clip_of(run: dict[str, Any]) -> tuple[int, int, int]:
    return run["width"], run["height"], run["frames"]
