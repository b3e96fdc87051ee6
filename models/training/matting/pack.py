# SPDX-License-Identifier: GPL-3.0-or-later
"""Pack the data that a training needs into less than 64 MiB, to bring along to a machine with a GPU.

    python -m models.training.matting.pack --data FOLDER --output PACK [--clouds LABELS]

``PACK`` has the lists and folders of the data itself, so that it is given as ``--data``. Images are smaller and
more compressed, panoramas have 8 bits. ``models/training/gpu.sh`` trains with it.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .skies import linear

#: Long side in pixels and JPEG quality of photographs and of panoramas.
_PHOTOGRAPH, _PANORAMA = (400, 74), (1536, 88)
#: Brightness of a panorama, of all its pixels, that becomes white.
_WHITE = 99.7
_LARGEST = 64 * 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--clouds", type=Path, help="labels of the data's clouds, of teacher.clouds")
    options = parser.parse_args()
    for name in ("photos.jsonl", "photos2.jsonl", "clouds.jsonl", "labelled.jsonl"):
        _pack_list(options.data, name, options.output, options.clouds)
    (options.output / "panoramas").mkdir(parents=True, exist_ok=True)
    for path in sorted((options.data / "panoramas").glob("*")):
        if path.suffix in (".hdr", ".jpg"):
            _pack_panorama(path, options.output / "panoramas" / f"{path.stem}.jpg")
    if options.clouds:
        shutil.copytree(options.clouds, options.output / "cloud_labels", dirs_exist_ok=True)
    size = sum(path.stat().st_size for path in options.output.rglob("*") if path.is_file())
    print(f"{size / 2**20:.1f} MiB in {options.output}")
    if size > _LARGEST:
        raise SystemExit("That is more than 64 MiB: lower the sizes in pack.py.")


def _pack_list(data: Path, name: str, output: Path, clouds: Path | None) -> None:
    rows = [json.loads(line) for line in (data / name).read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if _wanted(name, row, clouds)]
    for row in kept:
        _shrunk(data / row["image"], output / row["image"])
        if "mask" in row:
            (output / row["mask"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data / row["mask"], output / row["mask"])
    (output / name).write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")


def _wanted(name: str, row: dict[str, Any], clouds: Path | None) -> bool:
    if name == "labelled.jsonl":
        return bool(row["part"] == "train" and row["may_train_shipped_weights"])
    if name == "clouds.jsonl":
        return clouds is not None and (clouds / f"{Path(row['image']).stem}.png").exists()
    return True


def _shrunk(source: Path, target: Path) -> None:
    """The image, smaller; under its own name, whatever its ending says: readers look at the content."""
    image = cv2.imread(str(source), cv2.IMREAD_COLOR)
    longest, quality = _PHOTOGRAPH
    scale = min(1.0, longest / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _pack_panorama(source: Path, target: Path) -> None:
    light = linear(source)
    width, quality = _PANORAMA
    scale = min(1.0, width / light.shape[1])
    light = cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    white = float(np.percentile(light.max(axis=-1), _WHITE))
    shown = np.rint(np.clip(light / white, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
    cv2.imwrite(str(target), shown[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])


if __name__ == "__main__":
    main()
