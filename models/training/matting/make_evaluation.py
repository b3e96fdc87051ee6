# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what is kept aside as a list that ``skyar evaluate matting`` reads.

    python -m models.training.matting.make_evaluation --data FOLDER --output FOLDER

``OUTPUT/labelled.jsonl`` has the photographs of ``labels/aside.txt`` with their labels, some once more behind black
bars, and 60 views into the places kept aside that look up. Each row says of what kinds its image is (for the
photographs, ``labels/kinds.json`` does).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .overlays import Overlay, bars
from .photographs import LABELS, UNKNOWN, Labelled, kept_aside, read_photograph
from .places import Place, find_places

UPWARD = 60
#: What stands round the places that are kept aside.
_PLACES = {"venice": "facade", "park": "leaves", "dawn": "leaves"}
#: Share of the frame's rim that may be sky where the sky is framed.
_FRAMED = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with photos.jsonl and panoramas/")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    for name in ("images", "masks", "ignore"):
        (options.output / name).mkdir(parents=True, exist_ok=True)
    rows = [*photographs(options.data, options.output), *upward(options.data, options.output)]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (options.output / "labelled.jsonl").write_text(text, encoding="utf-8")
    print(f"{len(rows)} pictures")


def photographs(data: Path, output: Path) -> list[dict[str, Any]]:
    """The photographs kept aside; a third of them again with bars."""
    kinds = json.loads((LABELS / "kinds.json").read_text(encoding="utf-8"))
    rows = []
    for photos in ("photos.jsonl", "photos2.jsonl", "clouds.jsonl"):
        for line in (data / photos).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            stem = Path(row["image"]).stem
            label = LABELS / f"{stem}.png"
            if stem not in kept_aside() or not (label.exists() or row["sky"] == "no"):
                continue
            image = read_photograph(data / row["image"])
            matte = np.zeros(image.shape[:2], np.uint8)
            if label.exists():
                matte = cv2.resize(cv2.imread(str(label), cv2.IMREAD_GRAYSCALE), image.shape[1::-1])
            shown = Labelled(image, matte, (matte != UNKNOWN).astype(np.uint8))
            rows.append(_written(output, "aside", stem, shown, kinds.get(stem, [])))
            if matte.any() and len(rows) % 3 == 0:
                random = np.random.default_rng(len(rows))
                laid = Overlay(bars(random, *matte.shape), np.zeros(3, np.float32))
                barred = Labelled(
                    np.rint(laid.over(image.astype(np.float32))).astype(np.uint8),
                    np.rint(laid.beside(matte)).astype(np.uint8),
                    shown.known,
                )
                rows.append(_written(output, "bars", f"{stem}_bars", barred, ["bars"]))
    return rows


def upward(data: Path, output: Path) -> list[dict[str, Any]]:
    """Views into the places kept aside, 25 degrees above the horizon or more, with some sky and some ground."""
    rows: list[dict[str, Any]] = []
    places = dict(zip(sorted(_PLACES), find_places(data / "panoramas", aside=True), strict=True))
    for name, place in places.items():
        seed = 0
        while sum(row["image"].startswith(f"images/{name}") for row in rows) < UPWARD // len(places):
            seed += 1
            shown, kinds = _upward(np.random.default_rng((seed, 41)), place)
            if 0.04 < shown.matte.mean() / 255 < 0.96:
                rows.append(_written(output, "upward", f"{name}_{seed:03d}", shown, [*kinds, _PLACES[name]]))
    return rows


def _upward(random: np.random.Generator, place: Place) -> tuple[Labelled, list[str]]:
    height, width = ((288, 384), (384, 288), (384, 384), (216, 384))[int(random.integers(4))]
    image, matte, known = place.view(random, height, width, random.uniform(25, 90))
    eight = [np.rint(each * 255).astype(np.uint8) for each in (image, matte)]
    rim = np.concatenate([eight[1][0], eight[1][-1], eight[1][:, 0], eight[1][:, -1]])
    return Labelled(*eight, known.astype(np.uint8)), ["upward"] + ["framed"] * bool(rim.mean() / 255 < _FRAMED)


def _written(output: Path, name: str, stem: str, shown: Labelled, kinds: list[str]) -> dict[str, Any]:
    cv2.imwrite(str(output / f"images/{stem}.png"), shown.image[..., ::-1])
    row: dict[str, Any] = {"set": name, "part": "evaluate", "image": f"images/{stem}.png", "kinds": kinds}
    if not shown.matte.any():
        return {**row, "sky": "no"}
    cv2.imwrite(str(output / f"masks/{stem}.png"), shown.matte)
    cv2.imwrite(str(output / f"ignore/{stem}.png"), (1 - shown.known) * 255)
    return {**row, "mask": f"masks/{stem}.png", "ignore": f"ignore/{stem}.png"}


if __name__ == "__main__":
    main()
