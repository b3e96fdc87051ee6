# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that two runs of one job made the same matte and sky: ``compare_outputs.py FOLDER FOLDER``.

Each folder is searched for the one output folder in it.
"""

from __future__ import annotations

import sys
from pathlib import Path


def output_folder(inside: Path) -> Path:
    """The one folder with a ``job.json`` at or below ``inside``; SystemExit when there is none, or several."""
    found = sorted(path.parent for path in inside.rglob("job.json"))
    if len(found) != 1:
        sys.exit(f"expected one output folder in {inside}, found {len(found)}: {', '.join(map(str, found))}")
    return found[0]


def compare_outputs(first: Path, second: Path) -> None:
    """Compare byte by byte; SystemExit naming the first file that differs."""
    for sequence in ("matte", "sky"):
        names = sorted(path.name for path in (first / sequence).iterdir())
        others = sorted(path.name for path in (second / sequence).iterdir())
        if not names or names != others:
            sys.exit(f"{sequence}: {len(names)} files in {first}, {len(others)} in {second}")
        for name in names:
            if (first / sequence / name).read_bytes() != (second / sequence / name).read_bytes():
                sys.exit(f"{sequence}/{name} differs between {first} and {second}")
        print(f"{sequence}: {len(names)} files, identical")


if __name__ == "__main__":
    compare_outputs(output_folder(Path(sys.argv[1])), output_folder(Path(sys.argv[2])))
