# SPDX-License-Identifier: GPL-3.0-or-later
"""What a confidence means to who looks at it: one threshold and one colour, in the grid, the graph and the panel."""

from __future__ import annotations

from collections.abc import Sequence

#: Confidence below which a frame is weak.
WEAK = 0.3
#: Frames between two weak ones up to which both are one range.
_GAP = 2
#: Display-referred RGB at confidence 0, 0.5 and 1.
_RED = (235, 60, 45)
_YELLOW = (240, 200, 50)
_GREEN = (80, 215, 95)


def weak_groups(confidences: Sequence[float | None]) -> list[list[int]]:
    """The frames (from 0) whose confidence is below :data:`WEAK`, in groups of such as lie close together.

    None is a confidence that is not known, and not weak.
    """
    groups: list[list[int]] = []
    for index, confidence in enumerate(confidences):
        if confidence is None or confidence >= WEAK:
            continue
        if groups and index - groups[-1][-1] <= _GAP + 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def frames_in_words(first: int, last: int) -> str:
    """Frames ``first`` to ``last``, counted from 0, as a person counts them: from 1, as the files are."""
    return f"frame {first + 1}" if first == last else f"frames {first + 1} to {last + 1}"


def confidence_colour(confidence: float) -> tuple[int, int, int]:
    """Red at 0, yellow halfway, green at 1 (sRGB, 0..255); values outside 0..1 are held at the ends."""
    place = 2 * min(max(confidence, 0.0), 1.0)
    below, above = (_RED, _YELLOW) if place < 1 else (_YELLOW, _GREEN)
    fraction = place if place < 1 else place - 1
    red, green, blue = (round(start + (end - start) * fraction) for start, end in zip(below, above, strict=True))
    return red, green, blue
