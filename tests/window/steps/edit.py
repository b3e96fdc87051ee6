# SPDX-License-Identifier: GPL-3.0-or-later
"""Move, trim, slip and copy: footage and result go together, and undo takes each step back."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from hand import act, picture, skyar
from shot import clip, connected, result_strip, select, strips, undone


def do() -> Iterator[float]:
    handles = skyar("addon.compat").handles
    start, end = handles(clip())

    def both() -> list[tuple[int, int]]:
        return [handles(clip()), handles(result_strip())]

    if "connect" in dir(bpy.ops.sequencer):  # a click on the one selects both
        assert connected(result_strip()) == [clip()], "footage and result are not connected"
    select(result_strip(), clip())
    yield 0.5
    act("transform.seq_slide", value=(10, 0))
    assert both() == [(start + 10, end + 10)] * 2, both()
    yield from undone(lambda: both() == [(start, end)] * 2)

    for strip in (clip(), result_strip()):
        strip.select_right_handle = True
    act("transform.seq_slide", value=(-6, 0))
    assert both() == [(start, end - 6)] * 2, both()
    for strip in (clip(), result_strip()):
        strip.select_right_handle = False
    content = skyar("addon.compat").content_start
    slipped = lambda: [content(strip) for strip in (clip(), result_strip())]  # noqa: E731
    before = slipped()
    act("sequencer.slip", offset=-3)  # as far as the result has frames
    assert slipped() == [each - 3 for each in before] and both() == [(start, end - 6)] * 2, (
        before,
        slipped(),
        both(),
    )
    yield from undone(lambda: slipped() == before)
    yield from undone(lambda: both() == [(start, end)] * 2)

    for strip in (clip(), result_strip()):
        strip.select = True
    act("sequencer.duplicate")
    link = skyar("addon.result.link")
    copies = [strip for strip in strips() if strip.select]
    assert sorted(strip.type for strip in copies) == ["MOVIE", "SCENE"], copies
    act("transform.seq_slide", value=(end - start + 5, 0))
    (moved,) = (strip for strip in strips() if strip.select and strip.type == "MOVIE")
    assert link.result_of(bpy.context.scene, moved) in [strip for strip in strips() if strip.select]
    yield 2.0
    picture("copied")
    yield from undone(lambda: True)
    yield from undone(lambda: len(strips("SCENE")) == 1 and len(strips("MOVIE")) == 1)
