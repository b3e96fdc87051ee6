# SPDX-License-Identifier: GPL-3.0-or-later
"""How the shots of a result face, in words: which go on with the sky of an earlier one, and which begin anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Shots that one sentence names.
_NAMED = 8


def headings_of(placement: Mapping[str, Any] | None) -> tuple[str, ...]:
    """One sentence for each way in which shots after the first face, of what the report has of their placement."""
    shots = (placement or {}).get("shots")
    told = [each for each in shots if isinstance(each, dict)] if isinstance(shots, list) else []
    places: dict[int, list[int]] = {}
    by_light: list[int] = []
    anew: list[int] = []
    for number, shot in enumerate(told[1:], 2):
        source, first = shot.get("heading_from"), shot.get("heading_of")
        if source == "place" and type(first) is int:
            places.setdefault(first + 1, []).append(number)
        elif source == "light":
            by_light.append(number)
        elif source == "middle":
            anew.append(number)
    words = [
        f"{shots_in_words(later)} {_verb(later, 'show')} the place of shot {first}: {_skies(later)} on"
        for first, later in places.items()
    ]
    if by_light:
        words.append(
            f"{shots_in_words(by_light)} {_verb(by_light, 'face')} as the light tells: {_skies(by_light)} on"
        )
    if anew:
        one = shots_in_words(anew).lower()
        begins = "its sky begins" if len(anew) == 1 else "their skies begin"
        words.append(f"Nothing tells how {one} {_verb(anew, 'face')}: {begins} anew")
    return tuple(words)


def shots_in_words(numbers: Sequence[int]) -> str:
    """Shots by their numbers, the first being 1."""
    if len(numbers) == 1:
        return f"Shot {numbers[0]}"
    named = ", ".join(map(str, numbers[:_NAMED]))
    more = len(numbers) - _NAMED
    return f"Shots {named} and {more} more" if more > 0 else f"Shots {named.rpartition(', ')[0]} and {numbers[-1]}"


def _verb(numbers: list[int], word: str) -> str:
    return f"{word}s" if len(numbers) == 1 else word


def _skies(numbers: list[int]) -> str:
    return "its sky goes" if len(numbers) == 1 else "their skies go"
