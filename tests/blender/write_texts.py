# SPDX-License-Identifier: GPL-3.0-or-later
"""``make generated``: gives each file of translations an entry for each text of the code, and no other.

New entries are empty, at the end of their file, for who translates. Runs in the Python of a bpy wheel.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "skyar_blender" / "addon" / "translations"


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    from blender import conftest  # noqa: F401 (starts Blender, which comes before all else of it)
    from blender.texts import sentences, words

    of_words, of_sentences = words(), sentences()
    for path in sorted(FOLDER.glob("*.toml")):
        update(path, of_words)
        update(FOLDER / "messages" / path.name, of_sentences - of_words)


def update(path: Path, wanted: set[str]) -> None:
    """Write a file anew where it has not just ``wanted``, and print what was put in and taken out."""
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    after = with_entries(before, wanted)
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    old, new = tomllib.loads(before), tomllib.loads(after)
    for text in old.keys() - new.keys():
        print(f"{path.name}: no longer used: {entry(text, old[text])}")
    for text in new.keys() - old.keys():
        print(f"{path.name}: to be translated: {text}")


def with_entries(file: str, wanted: set[str]) -> str:
    """The text of a file, one entry a line, with an entry for each of ``wanted`` and no other."""
    entries = tomllib.loads(file)
    kept = [line for line in file.splitlines() if tomllib.loads(line).keys() <= wanted]
    return "\n".join([*kept, *(entry(text, "") for text in sorted(wanted - entries.keys())), ""])


def entry(text: str, said: str) -> str:
    """A line of TOML; its strings are written as JSON has them."""
    return f"{json.dumps(text, ensure_ascii=False)} = {json.dumps(said, ensure_ascii=False)}"


if __name__ == "__main__":
    main()
