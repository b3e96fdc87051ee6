# SPDX-License-Identifier: GPL-3.0-or-later
"""Events survive their line; other lines are not events."""

from __future__ import annotations

import pytest

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError

ALL = [
    events.Starting(),
    events.Started(version=1, output="/out", pid=3, frames=9, resumed=False, engine="1"),
    events.Progress(stage="matte", frame=1, total=2, fps=3.5, seconds_left=None, fraction=0.1),
    events.Warning(code="no_sky", what="No “sky”."),
    events.Error.of(SkyarError(ErrorCode.OUTPUT_FULL, "what\nline", "why", "todo")),
    events.Artifact(name="matte", path="/out/небо/%06d.png"),
    events.Done(output="/out", figures={"tint": [1.0, 0.9, 0.8]}),
    events.Drafting(number=3),
    events.Drafted(
        number=3,
        result="a",
        original="b",
        matte="c",
        width=4,
        height=3,
        seconds=0.5,
        degrees=60.5,
        panorama=True,
        notes=["n"],
    ),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_round_trip(event):
    line = events.to_line(event)
    assert "\n" not in line and line.isascii()
    assert events.from_line(line) == event


@pytest.mark.parametrize("line", ["", "hello", "{}", '{"event": "nothing"}', '{"event": "done"}', "[1]", "3"])
def test_other_lines(line):
    with pytest.raises(ValueError, match="not an event"):
        events.from_line(line)


def test_newer_fields_do_not_break_an_older_reader():
    assert events.from_line('{"event": "artifact", "name": "a", "path": "b", "size": 3}') == events.Artifact(
        name="a", path="b"
    )
