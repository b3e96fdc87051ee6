# SPDX-License-Identifier: GPL-3.0-or-later
"""Label photographs of clouds, of which it is known that all above the land is sky.

    python -m models.training.matting.teacher.clouds CLOUDS.jsonl OUTPUT --network sky_matte.onnx

Networks take dark clouds for hills, so only the land is taken from one: what it calls ground, hangs together with
the lower edge and stays low. Where that cannot be told, the label is 128, unknown. A person refused those
in ``labels/clouds_dropped.txt`` on a contact sheet.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from skyar_blender.engine.matte.network.segmenter import open_segmenter

from ..photographs import LABELS, UNKNOWN

#: Parts of the height, from below: land that rises above the first is in doubt, above the second it is not believed.
_LOW, _HIGH = 0.4, 0.6
#: Part of the height by which an edge of land may be wrong.
_MARGIN = 0.025
#: Log odds between which the network is in doubt of the land.
_DOUBT = 2.0


def label_of(logits: np.ndarray) -> np.ndarray | None:
    """The label (H, W), 8 bits, from a network's log odds; None where land and clouds cannot be told apart."""
    height, width = logits.shape
    ground = (logits < 0).astype(np.uint8)
    ground[-1] |= ground[-2]
    _, parts = cv2.connectedComponents(np.vstack([ground, np.ones((1, width), np.uint8)]))
    land = (parts[:-1] == parts[-1, 0]) & (ground > 0)
    # A window or a lake inside the land is not known to be sky.
    open_parts = cv2.connectedComponents((~land).astype(np.uint8), connectivity=4)[1]
    from_above = np.isin(open_parts, np.unique(open_parts[0])) & ~land
    rows = np.arange(height)[:, None]
    if (land & (rows < (1 - _HIGH) * height)).any():
        return None
    label = np.where(from_above, 255, UNKNOWN).astype(np.uint8)
    label[land & (logits < -_DOUBT)] = 0
    reach = max(1, round(_MARGIN * height))
    edge = cv2.dilate(land.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    label[edge & ~land] = UNKNOWN
    label[land & (rows < (1 - _LOW) * height)] = UNKNOWN
    return label


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clouds", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--network", type=Path, required=True, help="weights of the shipped kind")
    options = parser.parse_args()
    network = open_segmenter(options.network, "cpu", 320)
    dropped = set((LABELS / "clouds_dropped.txt").read_text(encoding="utf-8").split())
    options.output.mkdir(parents=True, exist_ok=True)
    for line in options.clouds.read_text(encoding="utf-8").splitlines():
        image = options.clouds.parent / json.loads(line)["image"]
        path = options.output / f"{image.stem}.png"
        if path.exists() or image.stem in dropped:
            continue
        pixels = cv2.cvtColor(cv2.imread(str(image), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        logits = (network.find(pixels).logits + network.find(pixels[:, ::-1].copy()).logits[:, ::-1]) / 2
        label = label_of(cv2.resize(logits, pixels.shape[1::-1], interpolation=cv2.INTER_AREA))
        if label is not None:
            cv2.imwrite(str(path), label)


if __name__ == "__main__":
    main()
