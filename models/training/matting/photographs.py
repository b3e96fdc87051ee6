# SPDX-License-Identifier: GPL-3.0-or-later
"""The real images that are trained on: photographs with their labels, and those without any sky."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

#: Value in a label where nobody can tell.
UNKNOWN = 128
#: Long side in pixels that photographs are kept at.
_LONGEST = 480
#: The labels of photographs that ship with the project.
LABELS = Path(__file__).resolve().parent.parent / "labels"


@dataclass(frozen=True)
class Labelled:
    """An image (H, W, 3) 8-bit RGB, its matte (H, W), 255 = sky, and where that is known (H, W), 0 or 1."""

    image: np.ndarray
    matte: np.ndarray
    known: np.ndarray


@cache
def kept_aside() -> frozenset[str]:
    """Names of the photographs and places on which nothing is ever trained: ``labels/aside.txt``."""
    return frozenset((LABELS / "aside.txt").read_text(encoding="utf-8").split())


def without_sky(photos: Path, labels: Path = LABELS, aside: bool = False) -> list[np.ndarray]:
    """Photographs of a ``photos.jsonl`` that show no sky, 8-bit RGB, but for those in ``not_negative.txt``.

    ``aside``: those that are kept aside, instead of all others.
    """
    refused = labels / "not_negative.txt"
    names = set(refused.read_text(encoding="utf-8").split()) if refused.exists() else set()
    return [
        read_photograph(photos.parent / row["image"])
        for row in _rows(photos)
        if row["sky"] == "no"
        and Path(row["image"]).stem not in names
        and Path(row["image"]).name not in names
        and (Path(row["image"]).stem in kept_aside()) == aside
    ]


def with_labels(photos: Path, labels: Path = LABELS, aside: bool = False) -> list[Labelled]:
    """Photographs of a ``photos.jsonl`` for which ``labels`` holds a matte; ``aside`` as in :func:`without_sky`."""
    found = []
    for row in _rows(photos):
        path = labels / f"{Path(row['image']).stem}.png"
        if path.exists() and (path.stem in kept_aside()) == aside:
            matte = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            if matte is None:
                raise ValueError(f"{path} is no picture")
            found.append(
                _pair(read_photograph(photos.parent / row["image"]), matte, (matte != UNKNOWN).astype(np.uint8))
            )
    return found


def trainable(labelled: Path) -> list[Labelled]:
    """Rows of a ``labelled.jsonl`` of the part ``train`` whose licence allows shipping what is trained on them."""
    found = []
    for row in _rows(labelled):
        if row["part"] == "train" and row["may_train_shipped_weights"]:
            matte = cv2.imread(str(labelled.parent / row["mask"]), cv2.IMREAD_GRAYSCALE)
            found.append(_pair(read_photograph(labelled.parent / row["image"]), matte, np.ones_like(matte)))
    return found


def _pair(image: np.ndarray, matte: np.ndarray, known: np.ndarray) -> Labelled:
    size = image.shape[1::-1]
    matte = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    return Labelled(
        image, matte, (cv2.resize(known * 255, size, interpolation=cv2.INTER_AREA) > 250).astype(np.uint8)
    )


def _rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_photograph(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"cannot read {path}")
    return _small(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))


def _small(image: np.ndarray) -> np.ndarray:
    scale = _LONGEST / max(image.shape[:2])
    return image if scale >= 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
