# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky labels for photographs: a proposal for each, then the choices and mends that a person wrote down.

    python -m models.training.label_photos PHOTOS.jsonl [--network early.onnx] [--only NAME ...]

``labels/mends.json`` maps a photograph's file stem to an object; a photograph that is not in it gets no label. All
positions are pixels of the photograph. Keys, in the order in which they act:

``from``    the proposal: ``high`` or ``normal`` (adaptive matte), ``network``, ``sky`` (all sky), ``none`` (none).
``line``    the skyline, points from left to right: above is sky, below is not, but for ``margin`` (12) pixels.
``sky``     polygons that are sky; ``not``: polygons that are none. They hold to the end.
``maybe``   polygons where only the cut decides.
``cut``     true (the default with a line or a ``maybe``): GrabCut decides all that is not sure (Rother et al. 2004).
``crown``   polygons with trees (or anything full of gaps) before nothing but sky: inside, a pixel's alpha is its
            place between the colour of what is unlike the sky and the colour of the sky nearby.
``tone``    [polygon, dark, light]: inside, sky is what is brighter than grey levels between these two.
``blue``    the same for blue minus red, for blue sky behind bright things.
``things``  boxes round small things in plain sky, which differ from the sky at the box's border;
            a fifth number is the least difference in grey levels (default 18).
``unknown`` polygons that nobody can tell: grey value 128.
``drop``    why there is no label.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.label_proposals import Float32Array, Image, adaptive, crown, cut, from_network, things
from skyar_blender.engine.matte.refine import refine

LABELS = Path(__file__).parent / "labels"
#: Grey value of pixels that nobody can tell; every other value is an alpha.
UNKNOWN = 128


def label(image: Image, mend: dict[str, Any], proposal: Float32Array) -> NDArray[np.uint8]:
    """The label (height, width), 8-bit, of an RGB image, from a proposal of the same size and a person's mends."""
    shape = image.shape[:2]
    matte = proposal
    sure = np.full(shape, np.nan, np.float32)
    doubt = np.zeros(shape, bool)
    if "line" in mend:
        above = _above(mend["line"], shape)
        margin = mend.get("margin", 12)
        sure[above > margin] = 1
        sure[above < -margin] = 0
        matte = (above > 0).astype(np.float32)
        doubt |= np.isnan(sure)
    maybe = _inside(mend.get("maybe", []), shape)
    sure[maybe] = np.nan
    held = np.full(shape, np.nan, np.float32)
    held[_inside(mend.get("sky", []), shape)] = 1
    held[_inside(mend.get("not", []), shape)] = 0
    sure = np.where(np.isnan(held), sure, held).astype(np.float32)
    matte = np.where(np.isnan(sure), matte, sure).astype(np.float32)
    was_cut = mend.get("cut", "line" in mend or "maybe" in mend)
    if was_cut:
        if "line" not in mend and "maybe" not in mend:
            doubt[:] = True
        matte = refine(image, cut(image, matte, sure, (doubt | maybe) & np.isnan(sure)))
        matte = np.where(np.isnan(sure), matte, sure).astype(np.float32)
    for polygon in mend.get("crown", []):
        matte = crown(image, matte, _inside([polygon], shape))
    for kind in ("tone", "blue"):
        for polygon, low, high in mend.get(kind, []):
            level = _level(image, kind)
            region = _inside([polygon], shape)
            matte[region] = np.clip((level - low) / max(high - low, 1), 0, 1)[region]
    for box in mend.get("things", []):
        matte = things(image, matte, box)
    matte = np.where(np.isnan(held), matte, held)
    grey = np.round(matte * 255).astype(np.uint8)
    grey[grey == UNKNOWN] = UNKNOWN + 1
    grey[_inside(mend.get("unknown", []), shape) & np.isnan(held)] = UNKNOWN
    return grey


def _origin(mend: dict[str, Any]) -> str:
    return str(mend.get("from", "none" if "line" in mend else "high"))


def _made(mend: dict[str, Any]) -> str:
    names = {"high": "adaptive", "normal": "adaptive", "network": "network", "sky": "all sky", "none": ""}
    parts = [names[_origin(mend)], "skyline" if "line" in mend else ""]
    parts.append("polygon" if any(key in mend for key in ("sky", "not", "maybe", "unknown")) else "")
    parts.append("tone" if any(key in mend for key in ("tone", "blue", "crown")) else "")
    parts.append("things" if "things" in mend else "")
    return " + ".join(part for part in parts if part) or "no sky"


def _proposal(image: Image, origin: str, network: Path | None, kept: Path | None) -> Float32Array:
    """``kept``: a file without its ending; what is slow to make is kept there between calls."""
    if origin in ("sky", "none"):
        return np.full(image.shape[:2], float(origin == "sky"), np.float32)
    path = kept.with_name(f"{kept.name}.{origin}.png") if kept else None
    if path and path.exists():
        return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.float32) / 255
    if origin != "network":
        matte = adaptive(image, origin)
    elif network:
        matte = refine(image, from_network(image, network))
    else:
        raise SystemExit("some labels come from an earlier network: give its file with --network")
    grey = np.round(matte * 255).astype(np.uint8)
    if path:
        cv2.imwrite(str(path), grey)
    return np.asarray(grey, np.float32) / 255


def _above(line: list[list[float]], shape: tuple[int, int]) -> Float32Array:
    """By how many pixels a place lies above the line, the line continued to both sides."""
    xs, ys = np.array(line, np.float32).T
    heights = np.interp(np.arange(shape[1]), xs, ys)
    return np.asarray(heights[None] - np.arange(shape[0])[:, None], np.float32)


def _inside(polygons: list[list[list[float]]], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Polygons; two points are the corners of a box."""
    mask = np.zeros(shape, np.uint8)
    for polygon in polygons:
        points = np.round(polygon).astype(np.int32)
        if len(points) == 2:
            (x0, y0), (x1, y1) = points
            points = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.int32)
        cv2.fillPoly(mask, [points], 1)
    return mask.astype(bool)


def _level(image: Image, kind: str) -> Float32Array:
    levels = image.astype(np.float32)
    return np.asarray(levels.mean(axis=-1) if kind == "tone" else levels[..., 2] - levels[..., 0], np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="rows with image (relative to this file) and group")
    parser.add_argument("--network", type=Path, help="an earlier network as ONNX, for labels that come from it")
    parser.add_argument("--proposals", type=Path, help="folder that keeps the adaptive mattes between calls")
    parser.add_argument("--only", nargs="*", help="file stems")
    parser.add_argument("--mends", type=Path, default=LABELS / "mends.json")
    parser.add_argument("--output", type=Path, default=LABELS, help="folder for the labels and labels.jsonl")
    arguments = parser.parse_args()
    mends = json.loads(arguments.mends.read_text())
    made = []
    for line in arguments.photos.read_text().splitlines():
        row = json.loads(line)
        stem = Path(row["image"]).stem
        mend = mends.get(stem, {"drop": "not looked at"})
        if "drop" in mend:
            continue
        path = arguments.output / f"{stem}.png"
        if arguments.only is None or stem in arguments.only:
            image = cv2.imread(str(arguments.photos.parent / row["image"]), cv2.IMREAD_COLOR)
            if image is None:
                raise SystemExit(f"{row['image']} cannot be read")
            image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            kept = arguments.proposals / stem if arguments.proposals else None
            grey = label(image, mend, _proposal(image, _origin(mend), arguments.network, kept))
            cv2.imwrite(str(path), grey, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if path.exists():
            made.append(
                {"image": row["image"], "label": path.name, "made": _made(mend), "group": row["group"] or stem}
            )
    (arguments.output / "labels.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in made))


if __name__ == "__main__":
    main()
