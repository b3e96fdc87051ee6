# SPDX-License-Identifier: GPL-3.0-or-later
"""Three strips, one after another."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from hand import click, picture, sequences, skyar, until
from shot import SHORT, add_clip, clip, named, select


def do() -> Iterator[float]:
    runner = skyar("addon.jobs.runner")
    handles = skyar("addon.compat").handles
    names = []
    for place in range(3):
        strip = add_clip(f"Short {place}", 1, handles(clip())[1] + 4 + place * (SHORT + 2), SHORT)
        names.append(strip.name)
        select(strip)
        yield 0.3
        click("sequencer.skyar_replace_sky", sky="cloudy" if place else "sunset", quality="draft", ask=False)
        yield 0.5
    assert len(runner.waiting) == 2, runner.waiting
    yield 2.0
    picture("queue")
    yield from until(lambda: not runner.busy() and not runner.waiting, 600)
    yield 3.0
    found = [skyar("addon.result.link").result_of(bpy.context.scene, named(name)) for name in names]
    assert all(found), found
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.view_all()
    yield 2.0
    picture("queue_done")
