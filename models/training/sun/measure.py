# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how far off the light is that is found in rendered shots with a known sun.

    .blender/5.0/bin/python models/training/scenes/make_scenes.py --sun-set build/shots
    .venv/bin/python -m models.training.sun.measure build/shots

A shot is a clip, or else a frame by itself. Also takes the pairs of the composite set
(`models/training/scenes/composite_set.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.training.sun.frames import LEAST_SKY, rotation_of
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.sun.estimate import WITHIN, find_sun
from skyar_blender.engine.sun.networks import shipped_networks
from skyar_blender.engine.types import FrameRGB, Matrix3, Matte
from skyar_blender.worker.job.running_job import evenly_spread
from skyar_blender.worker.stages.sun import FRAMES


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shots", type=Path, help="folder of make_scenes.py or composite_set.py")
    parser.add_argument("--json", type=Path, help="write the figures of each shot to this file")
    options = parser.parse_args()
    networks = shipped_networks()
    rows = []
    for shot in shots(options.shots):
        if np.mean([matte.mean() for _, matte, _, _ in shot.frames]) < LEAST_SKY:
            continue
        found = find_sun(shot.frames, networks)
        assert found is not None
        sun = shot.sun
        error = None if sun is None else abs((found.azimuth - sun[0] + 180) % 360 - 180)
        rows.append(
            {"shot": shot.name, "sun": sun, "error": error, "confidence": found.confidence, "sure": found.sure}
        )
        reported = "no sun" if error is None or sun is None else f"off by {error:5.1f} (sun {sun[1]:.0f} high)"
        print(f"{shot.name:40} {reported:28} confidence {found.confidence:.2f} {'sure' if found.sure else ''}")
    tell(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def tell(rows: list[dict[str, Any]]) -> None:
    """Print the figures of all shots."""
    errors = np.array([row["error"] for row in rows if row["error"] is not None])
    sure = np.array([row["sure"] for row in rows if row["error"] is not None])
    dull = [row["sure"] for row in rows if row["error"] is None]
    right = errors <= WITHIN
    print(
        f"{len(errors)} shots with a sun: median error {np.median(errors):.1f} degrees, {right.mean():.2f} within "
        f"{WITHIN:.0f}; sure of {sure.mean():.2f}"
    )
    if sure.any():
        print(
            f"where it is sure: {right[sure].mean():.2f} within {WITHIN:.0f}, "
            f"the worst off by {errors[sure].max():.0f}"
        )
    if dull:
        print(f"{len(dull)} shots without a sun: sure of {np.mean(dull):.2f}")


@dataclass(frozen=True)
class Shot:
    """Frames as :func:`find_sun` takes them; azimuth and elevation of the sun in degrees, None without one."""

    name: str
    frames: list[tuple[FrameRGB, Matte, Matrix3, Lens]]
    sun: list[float] | None


def shots(folder: Path) -> Iterator[Shot]:
    """Each clip below ``folder`` (:data:`FRAMES` frames at most), each frame that is in none, each side of a pair."""
    for path in sorted(folder.glob("*/*.json")):
        metadata = _metadata(path)
        if path.name == "pair.json":
            for side in ("a", "b"):
                frame = _frame(path.with_name(f"{side}.png"), path.with_name("alpha.png"), metadata)
                yield Shot(f"{path.parent.name} {side}", [frame], metadata[side]["sky"].get("sun_azimuth_elevation"))
        else:
            yield Shot(f"{path.parent.name} {path.stem}", [_rendered(path, metadata)], _sun(metadata))
    for clip in sorted(folder.glob("*/clip_*")):
        paths = sorted(clip.glob("*.json"))
        chosen = [paths[index] for index in evenly_spread(list(range(len(paths))), FRAMES)]
        yield Shot(
            f"{clip.parent.name} {clip.name}", [_rendered(p, _metadata(p)) for p in chosen], _sun(_metadata(paths[0]))
        )


def _metadata(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _sun(metadata: dict[str, Any]) -> list[float] | None:
    found: list[float] | None = metadata["sky"].get("sun_azimuth_elevation")
    return found


def _rendered(path: Path, metadata: dict[str, Any]) -> tuple[FrameRGB, Matte, Matrix3, Lens]:
    return _frame(path.with_suffix(".jpg"), path.with_name(f"{path.stem}_alpha.png"), metadata)


def _frame(image: Path, alpha: Path, metadata: dict[str, Any]) -> tuple[FrameRGB, Matte, Matrix3, Lens]:
    frame, matte = (cv2.imread(str(each), cv2.IMREAD_UNCHANGED) for each in (image, alpha))
    if frame is None or matte is None:
        raise SystemExit(f"{image} or {alpha} is missing")
    if frame.dtype == np.uint16:
        frame = np.round(frame / 257).astype(np.uint8)
    fraction = matte.reshape(*matte.shape[:2], -1)[..., 0].astype(np.float32)
    fraction /= np.float32(65535 if matte.dtype == np.uint16 else 255)
    height, width = fraction.shape
    lens = Lens.of(metadata["focal_px"], 0.0, width, height)
    return np.ascontiguousarray(frame[..., 2::-1]), fraction, rotation_of(metadata["rotation"]), lens


if __name__ == "__main__":
    main()
