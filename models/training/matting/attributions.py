# SPDX-License-Identifier: GPL-3.0-or-later
"""Write whom to thank for the photographs that the weights were trained on.

python -m models.training.matting.attributions PHOTOS.jsonl models/ATTRIBUTIONS.md
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

from .photographs import LABELS

_HEAD = """# Photographs that the weights were trained on

One line for each author or work, with the number of its pictures; by licence. Only labels of them, made by this
project, are in the repository.
"""


def attributions(photos: Path, labels: Path = LABELS) -> str:
    """The Markdown text; rows that were not trained on are left out."""
    refused = set((labels / "not_negative.txt").read_text(encoding="utf-8").split())
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in photos.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        stem = Path(row["image"]).stem
        if (labels / f"{stem}.png").exists() or (row["sky"] == "no" and stem not in refused):
            found[row["licence"]][f"{row['attribution']} ({row['source']})"] += 1
    parts = [_HEAD]
    for licence in sorted(found):
        total = sum(found[licence].values())
        parts.append(f"## {licence}: {total} pictures\n")
        parts += [f"- {name}" + (f": {count}" if count > 1 else "") for name, count in sorted(found[licence].items())]
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.write_text(attributions(options.photos), encoding="utf-8")


if __name__ == "__main__":
    main()
