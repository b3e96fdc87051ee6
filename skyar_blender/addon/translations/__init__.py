# SPDX-License-Identifier: GPL-3.0-or-later
"""What SkyAR says in other languages: a file of texts for each, handed to Blender, which takes the user's.

These are names, tooltips, titles and short messages; errors, warnings and notes are in :mod:`.told`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import bpy

from ...common.toml_file import read_toml

#: Blender looks up names of buttons of operators in a context of their own.
_CONTEXTS = ("*", "Operator")
_NAME = __name__


def languages() -> dict[str, dict[str, str]]:
    """By language, as Blender calls it, texts by what stands in the code, its spaces made single.

    What is not translated yet is empty.
    """
    return {path.stem: read_toml(path) for path in sorted(Path(__file__).parent.glob("*.toml"))}


def single_spaced(text: str) -> str:
    """``text`` in one line, as the files have it."""
    return " ".join(text.split())


def register(classes: Iterable[Any]) -> None:
    """Hand all to Blender; tooltips of ``classes`` may go over several lines."""
    written = [cls.__doc__ or "" for cls in classes]
    spelt = {single_spaced(text): text for text in written}
    given: Any = {
        language: {
            (context, spelt.get(text, text)): said
            for text, said in texts.items()
            for context in _CONTEXTS
            if said  # Blender shows the English text where there is none
        }
        for language, texts in languages().items()
    }
    bpy.app.translations.register(_NAME, given)


def unregister() -> None:
    """Take all back."""
    bpy.app.translations.unregister(_NAME)
