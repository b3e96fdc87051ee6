# SPDX-License-Identifier: GPL-3.0-or-later
"""Play it."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import watching
from figures import figures, movie_against_footage, note_blocks, played
from shot import result_strip


def do() -> Iterator[float]:
    watching.forget()
    assert bpy.ops.sequencer.skyar_play(show="NODES") == {"FINISHED"}
    rates: list[float] = []
    yield from played(rates)
    figures["frames a second, nodes"] = rates
    assert bpy.ops.sequencer.skyar_play(show="MOVIE") == {"FINISHED"}
    yield from movie_against_footage(result_strip(), 2, "draft")
    note_blocks("while it plays")
    yield 3.0
