# SPDX-License-Identifier: GPL-3.0-or-later
"""From developed frames to an evaluation set: images as a phone stores them, clips compressed as movies.

Runs with the engine's Python.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .encode import write_movie
from .phone import Phone, shoot

LICENCE = "CC0 (rendered by this project)"
#: What is hard about each kind of place.
_KINDS = {
    "city": "facade",
    "village": "facade",
    "forest": "leaves",
    "park": "leaves",
    "shore": "water",
    "highway": "vehicle",
    "covered": "framed",
    "mountains": "haze",
}


def draw_phone(rng: np.random.Generator, night: bool) -> Phone:
    """The strengths of one camera's effects; noise is higher at night."""
    noise = float(np.exp(rng.normal(0.0, 0.5))) * (2.5 if night else 1.0)
    return Phone(
        vignette=float(rng.uniform(0, 0.12)),
        contrast=0.0,
        saturation=1.0,
        sharpen=float(rng.uniform(0, 0.6)),
        read_noise=0.0025 * noise,
        shot_noise=0.0065 * noise,
        colour_noise=0.004 * noise,
    )


def as_stored(frame: Path, metadata: dict[str, Any]) -> NDArray[np.uint8]:
    """The image beside `frame` (a .json) with a phone's vignette, sharpening and noise: 8-bit RGB."""
    image = cv2.imread(str(frame.with_suffix(".jpg")))[..., ::-1].astype(np.float32) / 255
    phone = draw_phone(np.random.default_rng((metadata["seed"], 7)), metadata["night"])
    return shoot(image, phone, np.random.default_rng((metadata["seed"], 8, metadata.get("frame", 0))))


def write_still(frame: Path, out: Path) -> dict[str, Any]:
    """Write images/SEED.jpg and masks/SEED.png (8 bits, 255 = sky); returns the row that describes them."""
    metadata = json.loads(frame.read_text(encoding="utf-8"))
    name = f"{metadata['seed']:06d}"
    image, mask = f"images/{name}.jpg", f"masks/{name}.png"
    for path in (image, mask):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
    quality = int(np.random.default_rng((metadata["seed"], 9)).integers(78, 96))
    cv2.imwrite(str(out / image), as_stored(frame, metadata)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    alpha = cv2.imread(str(frame.with_suffix("")) + "_alpha.png", cv2.IMREAD_UNCHANGED)
    cv2.imwrite(str(out / mask), np.round(alpha / 257.0).astype(np.uint8))
    return {
        "set": "upward" if metadata.get("look") == "up" else "rendered",
        "part": "evaluate",
        "image": image,
        "mask": mask,
        "label": "alpha",
        "width": metadata["width"],
        "height": metadata["height"],
        "sky_fraction": round(float(alpha.mean()) / 65535, 4),
        "licence": LICENCE,
        "may_train_shipped_weights": False,
        "kinds": kinds_of(metadata),
    }


def kinds_of(metadata: dict[str, Any]) -> list[str]:
    """What is hard about an image, from the facts of its frame."""
    kinds = [_KINDS[metadata["kind"]]] if metadata["kind"] in _KINDS else []
    kinds += ["night"] * bool(metadata["night"]) + ["upward"] * bool(metadata.get("look") == "up")
    return kinds


def write_clip(frames: Path, out: Path) -> None:
    """Write clip.mp4 (H.264), alpha/000001.png and on (16 bits, 65535 = sky) and camera.json to `out`."""
    paths = sorted(frames.glob("*.json"))
    metadata = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    (out / "alpha").mkdir(parents=True, exist_ok=True)

    def images() -> Iterator[NDArray[np.uint8]]:
        for path, about in zip(paths, metadata, strict=True):
            shutil.copyfile(str(path.with_suffix("")) + "_alpha.png", out / "alpha" / f"{path.stem}.png")
            yield as_stored(path, about)

    quality = int(np.random.default_rng((metadata[0]["seed"], 9)).integers(20, 29))
    write_movie(out / "clip.mp4", images(), metadata[0]["rate"], None, quality=quality)
    kept = ("kind", "night", "motion", "motion_blur", "rate", "width", "height", "focal_mm", "focal_px")
    camera = {key: metadata[0][key] for key in kept}
    camera |= {"rotation": [f["rotation"] for f in metadata], "place": [f["place"] for f in metadata]}
    (out / "camera.json").write_text(json.dumps(camera) + "\n", encoding="utf-8")


def main() -> None:
    """Write the set from `frames`, one folder for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frames", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows = [write_still(path, options.out) for path in sorted(options.frames.glob("*/00.json"))]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (options.out / "labelled.jsonl").write_text("".join(lines), encoding="utf-8")
    clips = sorted(options.frames.glob("*/clip_00"))
    for clip in clips:
        about = json.loads((clip / "000001.json").read_text(encoding="utf-8"))
        write_clip(clip, options.out / "clips" / f"{clip.parent.name}_{about['motion']}")
    print(f"{len(rows)} pictures and {len(clips)} clips in {options.out}")


if __name__ == "__main__":
    main()
