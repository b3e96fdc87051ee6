# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how far off the light is that is found in rendered shots, each of one frame, with a known sun.

    .blender/5.0/bin/python models/training/scenes/make_scenes.py --sunlit --output build/shots ...
    .venv/bin/python -m models.training.sun.measure build/shots

Also takes the pairs of the composite set (`models/training/scenes/composite_set.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.training.sun.frames import rotation_of
from models.training.sun.train import GOOD, LEAST_SKY
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.sun.estimate import find_sun
from skyar_blender.engine.types import FrameRGB, Matte


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shots", type=Path, help="folder of make_scenes.py or composite_set.py")
    parser.add_argument("--json", type=Path, help="write the figures of each shot to this file")
    asked = parser.parse_args()
    rows = []
    for name, frame, matte, facts, sun in shots(asked.shots):
        if float(matte.mean()) < LEAST_SKY:
            continue
        height, width = matte.shape
        lens = Lens.of(facts["focal_px"], 0.0, width, height)
        found = find_sun([(frame, matte, rotation_of(facts["rotation"]), lens)])
        assert found is not None
        error = None if sun is None else abs((found.azimuth - sun[0] + 180) % 360 - 180)
        rows.append({"shot": name, "sun": sun, "error": error, "confidence": found.confidence, "sure": found.sure})
        told = "no sun" if error is None or sun is None else f"off by {error:5.1f} (sun {sun[1]:.0f} high)"
        print(f"{name:40} {told:28} confidence {found.confidence:.2f} {'sure' if found.sure else ''}")
    tell(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def tell(rows: list[dict[str, Any]]) -> None:
    """Print the figures of all shots."""
    errors = np.array([row["error"] for row in rows if row["error"] is not None])
    sure = np.array([row["sure"] for row in rows if row["error"] is not None])
    dull = [row["sure"] for row in rows if row["error"] is None]
    right = errors <= GOOD
    print(
        f"{len(errors)} shots with a sun: median error {np.median(errors):.1f} degrees, {right.mean():.2f} within "
        f"{GOOD:.0f}; sure of {sure.mean():.2f}"
    )
    if sure.any():
        print(
            f"where it is sure: {right[sure].mean():.2f} within {GOOD:.0f}, the worst off by {errors[sure].max():.0f}"
        )
    if dull:
        print(f"{len(dull)} shots without a sun: sure of {np.mean(dull):.2f}")


Shot = tuple[str, FrameRGB, Matte, dict[str, Any], list[float] | None]


def shots(folder: Path) -> Iterator[Shot]:
    """Name, frame, matte, camera, and azimuth and elevation of the sun in degrees, of each frame in ``folder``."""
    for path in sorted(folder.glob("*/*.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "pair.json":
            for side in ("a", "b"):
                frame, matte = (
                    cv2.imread(str(path.with_name(n)), cv2.IMREAD_UNCHANGED) for n in (f"{side}.png", "alpha.png")
                )
                yield from _shot(f"{path.parent.name} {side}", frame, matte, facts, facts[side]["sky"])
        else:
            frame = cv2.imread(str(path.with_suffix(".jpg")))
            matte = cv2.imread(str(path.with_name(f"{path.stem}_alpha.png")), cv2.IMREAD_UNCHANGED)
            yield from _shot(f"{path.parent.name} {path.stem}", frame, matte, facts, facts["sky"])


def _shot(name: str, frame: Any, matte: Any, facts: dict[str, Any], sky: dict[str, Any]) -> Iterator[Shot]:
    if frame is None or matte is None:
        return  # it is being rendered
    if frame.dtype == np.uint16:
        frame = np.round(frame / 257).astype(np.uint8)
    share = matte.reshape(*matte.shape[:2], -1)[..., 0].astype(np.float32)
    share /= np.float32(65535 if matte.dtype == np.uint16 else 255)
    yield name, np.ascontiguousarray(frame[..., 2::-1]), share, facts, sky.get("sun_azimuth_elevation")


if __name__ == "__main__":
    main()
