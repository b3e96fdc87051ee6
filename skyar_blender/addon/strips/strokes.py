# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes of the Sky Brush on a strip: a custom property, so that they survive saving, copying and undo."""

from __future__ import annotations

from typing import Any

from ...common.strokes import Stroke, strokes_of_text, strokes_to_text
from ...contract.clip import Clip
from ...contract.errors import ErrorCode, SkyarError

#: Custom property of a footage strip.
KEY = "skyar_strokes"


def text_of(strip: Any) -> str:
    """The strokes as they are kept; empty where there are none. Cheap: it tells whether they have changed."""
    found = strip.get(KEY, "")
    return found if isinstance(found, str) else ""


def strokes_on(strip: Any) -> list[Stroke]:
    """The strokes of ``strip``, in the order in which they were painted. Raises SkyarError as :func:`read`."""
    return read(text_of(strip), strip.name)


def read(text: str, name: str) -> list[Stroke]:
    """The strokes that the strip ``name`` keeps as ``text``.

    Raises:
        SkyarError: ``unsupported`` where the property was changed by hand.
    """
    try:
        return strokes_of_text(text) if text else []
    except ValueError as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The strokes on “{name}” cannot be read.",
            f"Its custom property “{KEY}” was changed: {error}.",
            "Put it back, or press Clear All Strokes with the playhead on the strip.",
        ) from error


def add(strip: Any, stroke: Stroke) -> None:
    """Paint one more stroke. Raises SkyarError as :func:`read`."""
    strip[KEY] = strokes_to_text([*strokes_on(strip), stroke])


def clear(strip: Any, frame: int | None = None) -> None:
    """Take away the strokes of source frame ``frame``, or all.

    Raises SkyarError as :func:`read` where only those of a frame are to go.
    """
    kept = [] if frame is None else [stroke for stroke in strokes_on(strip) if stroke.frame != frame]
    if kept:
        strip[KEY] = strokes_to_text(kept)
    elif KEY in strip:
        del strip[KEY]


def shown_sources(clip: Clip) -> list[int]:
    """The source frame of each frame of a job with ``clip``, which was made from a strip."""
    assert clip.order is not None or clip.last is not None
    return clip.order if clip.order is not None else list(range(clip.first, (clip.last or 0) + 1))
