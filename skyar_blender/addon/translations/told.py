# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors, warnings and notes in the user's language.

They are written in English, by the engine too, which knows no language of Blender's; so they stand in logs and
reports. Here each sentence is found again among those in ``messages/``, by what of it does not change, and said in
the user's language with the same names and numbers. A sentence that is in none of these files stays English.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from pathlib import Path

import bpy

from ...common.toml_file import read_toml
from ...contract import events
from ...contract.errors import SkyarError
from ..bases import there

_PLACE = re.compile(r"\{(\d+)\}")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!]) (?=\S)")


def told(text: str) -> str:
    """What a person is told, in the user's language."""
    return _told(_language(), text)


def told_error(error: SkyarError | events.Warning) -> str:
    """What happened, why, and what to do, likewise; of an error or a warning."""
    return " ".join(filter(None, map(told, (error.what, error.why, error.todo))))


def messages(language: str) -> dict[str, str]:
    """Sentences by how they stand in the code, with single spaces and numbers in braces for what changes."""
    path = Path(__file__).parent / "messages" / f"{language}.toml"
    return read_toml(path) if path.is_file() else {}


def _language() -> str:
    """As the files are called; empty where Blender's own texts are English."""
    if not there(bpy.context.preferences).view.use_translate_interface:
        return ""
    return str(bpy.app.translations.locale).partition("_")[0]


@lru_cache(maxsize=500)
def _told(language: str, text: str) -> str:
    return "\n".join(map(_known(language).said, text.split("\n")))


class Sentences:
    """What is known in one language."""

    def __init__(self, entries: dict[str, str]) -> None:
        """``entries`` as :func:`messages` gives them; empty ones are not translated yet."""
        self._fixed: dict[str, str] = {}
        changing: list[tuple[int, re.Pattern[str], str]] = []
        for text, said in entries.items():
            if not said:
                continue
            parts = _PLACE.split(text)
            if len(parts) == 1:
                self._fixed[text] = said
                continue
            pattern = "".join(
                re.escape(part) if index % 2 == 0 else f"(?P<place{part}>.*?)" for index, part in enumerate(parts)
            )
            changing.append((sum(map(len, parts[::2])), re.compile(pattern), said))
        # The more of it does not change, the surer it is the right one.
        changing.sort(key=lambda each: -each[0])
        self._changing = [(pattern, said) for _, pattern, said in changing]

    def said(self, line: str) -> str:
        """A line of one or several sentences, in the language; what is not known stays as it is."""
        if not self._fixed:
            return line
        sentences, said = _BETWEEN_SENTENCES.split(line), list[str]()
        while sentences:
            count, found = self._longest(sentences)
            said.append(found)
            del sentences[:count]
        return " ".join(said)

    def _longest(self, sentences: list[str]) -> tuple[int, str]:
        """How many of the first ``sentences`` are one entry, as many as can be, and what it says; else the first."""
        for count in range(len(sentences), 0, -1):
            found = self._one(" ".join(sentences[:count]))
            if found is not None:
                return count, found
        return 1, sentences[0]

    def _one(self, text: str) -> str | None:
        """An entry with its names and numbers; None where there is no such entry."""
        if text in self._fixed:
            return self._fixed[text]
        for pattern, said in self._changing:
            if (found := pattern.fullmatch(text)) is not None:
                values = {name: self._inner(value) for name, value in found.groupdict().items()}
                return _PLACE.sub(partial(_value, values), said)
        return None

    def _inner(self, value: str) -> str:
        """A name or a number stays as it is; a sentence within a sentence does not."""
        return self.said(value) if value.endswith(".") and " " in value else value


def _value(values: dict[str, str], place: re.Match[str]) -> str:
    return values[f"place{place[1]}"]


@lru_cache(maxsize=1)
def _known(language: str) -> Sentences:
    return Sentences(messages(language))
