# SPDX-License-Identifier: GPL-3.0-or-later
"""See it first, turn it, and paint on it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import bpy
from figures import figures
from hand import brightness, click, drag, key, picture, preview_region, skyar, until
from shot import clip, seen, undone


def do() -> Iterator[float]:
    begun = time.monotonic()
    click("sequencer.skyar_draft_frame")
    sessions = skyar("addon.draft.session")
    yield from until(lambda: sessions.active() is not None and sessions.active().shown is not None, 240)
    figures["seconds to the draft"] = round(time.monotonic() - begun, 1)
    yield 3.0
    seen["draft"] = brightness()
    picture("draft")
    settings, turned = bpy.context.scene.skyar, bpy.context.scene.skyar.sky_rotation
    shown = sessions.active().shown
    yield from drag(preview_region(), (0.5, 0.7), (0.55, 0.7), (0.6, 0.7))
    assert settings.sky_rotation != turned, "dragging has not turned the sky"
    yield from until(lambda: sessions.active().shown is not shown, 240)
    yield 1.0
    picture("dragged")
    yield from undone(lambda: bpy.context.scene.skyar.sky_rotation == turned)
    yield from until(lambda: not sessions.active().waiting, 240)
    key("P", region=preview_region())
    yield 0.5
    shown = sessions.active().shown
    yield from drag(preview_region(), (0.4, 0.8), (0.45, 0.8), (0.5, 0.75), (0.55, 0.8))
    assert clip().get("skyar_strokes"), "the brush has painted nothing"
    yield from until(lambda: sessions.active().shown is not shown, 240)
    yield 1.0
    picture("brush")
    key("Z", ctrl=True)
    yield 2.0
    assert not clip().get("skyar_strokes"), "undo has left the stroke"
    click("sequencer.skyar_clear_draft")
    yield 1.0
