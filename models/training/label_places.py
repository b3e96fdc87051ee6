# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky labels for panoramas that show a place: the network's answer all round, then a person's mends.

    python -m models.training.label_places PANORAMAS --network models/sky_matte.onnx [--only NAME ...]

``labels/places/mends.json`` maps the stem of a panorama to an object with the keys of :mod:`.label_photos`; positions
are pixels of the panorama at the label's size. Two keys more: ``width`` of the label (default 1024) and ``exposure``,
the brightness that the panorama is looked at with (default 1). ``--look FOLDER`` writes images to check: the upper
part of the panorama, plain and with the label laid over.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.label_photos import label
from models.training.label_proposals import Float32Array, Image, from_network
from skyar_blender.engine.matte.refine import refine

LABELS = Path(__file__).parent / "labels" / "places"
#: How much of the way round the network sees at a time, and how often.
_WINDOW, _WINDOWS = 0.375, 8
#: Part of the panorama, from the zenith down, that may show sky.
_UPPER = 11 / 16


def exposed(panorama: NDArray[np.generic], width: int, exposure: float) -> Image:
    """A panorama (H, W, 3) RGB as 8 bits for the eye: linear light is tone mapped, 8 bits are taken as they are."""
    scaled = cv2.resize(panorama, (width, width // 2), interpolation=cv2.INTER_AREA)
    if scaled.dtype == np.uint8:
        return np.asarray(scaled, np.uint8)
    linear = np.maximum(scaled.astype(np.float32), 0)
    linear *= exposure * 0.5 / np.exp(np.log(linear.mean(axis=-1) + 1e-4).mean())
    shown = np.clip(linear / (1 + 0.6 * linear), 0, 1) ** (1 / 2.2)
    return np.asarray(np.rint(shown * 255), np.uint8)


def proposal(image: Image, network: Path) -> Float32Array:
    """The network's matte of overlapping windows all round, averaged and refined; no sky in the lowest part."""
    height, width = image.shape[:2]
    rows, columns = int(height * _UPPER), int(width * _WINDOW)
    total, count = np.zeros((rows, width), np.float32), np.zeros(width, np.float32)
    for number in range(_WINDOWS):
        at = (np.arange(columns) + number * width // _WINDOWS) % width
        total[:, at] += from_network(np.ascontiguousarray(image[:rows, at]), network)
        count[at] += 1
    matte = np.zeros((height, width), np.float32)
    matte[:rows] = total / count
    return refine(image, matte)


def _look(folder: Path, name: str, image: Image, matte: NDArray[np.uint8]) -> None:
    fraction = matte[..., None] / 255.0 * 0.55
    over = np.rint(image * (1 - fraction) + np.array([255, 0, 255]) * fraction).astype(np.uint8)
    rows = image.shape[0] * 5 // 8
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{name}.png"), np.vstack([image[:rows], over[:rows]])[..., ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panoramas", type=Path, help="folder of the panoramas")
    parser.add_argument("--network", type=Path, required=True, help="a network as ONNX")
    parser.add_argument("--only", nargs="*", help="file stems")
    parser.add_argument("--output", type=Path, default=LABELS)
    parser.add_argument("--look", type=Path, help="folder for pictures to check the labels by")
    arguments = parser.parse_args()
    mends = json.loads((LABELS / "mends.json").read_text())
    for path in sorted(arguments.panoramas.iterdir()):
        if path.stem not in mends or (arguments.only is not None and path.stem not in arguments.only):
            continue
        stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if stored is None:
            raise SystemExit(f"{path} cannot be read")
        mend = mends[path.stem]
        image = exposed(np.ascontiguousarray(stored[..., 2::-1]), mend.get("width", 1024), mend.get("exposure", 1))
        grey = label(image, mend, proposal(image, arguments.network))
        cv2.imwrite(str(arguments.output / f"{path.stem}.png"), grey, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if arguments.look:
            _look(arguments.look, path.stem, image, grey)


if __name__ == "__main__":
    main()
