# SPDX-License-Identifier: GPL-3.0-or-later
"""From the demo clip's rendered frames to the movie, its mattes and its camera truth.

Run with the engine's Python from the top of the repository; see models/demo/README.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .cameras.handheld import relative_rotation, walk_path
from .demo_shot import FOCAL_PX, HEIGHT, MATTE_FRAMES, RATE, SEED, WALK, WIDTH
from .footage.encode import write_movie
from .footage.phone import Phone, shoot
from .footage.sound import wind

SOUND_RATE = 48000
#: White in the rendered frames, which have 16 bits.
FULL = 65535.0


def images(folder: Path) -> Iterator[NDArray[np.uint8]]:
    """Every frame as the phone stores it."""
    for frame in range(1, WALK.frames + 1):
        path = folder / f"{frame:06d}.png"
        stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if stored is None or stored.dtype != np.uint16:
            raise SystemExit(f"The frame {path} is missing or unreadable. Render it first with demo_clip.")
        image = cv2.cvtColor(stored, cv2.COLOR_BGR2RGB).astype(np.float32) / FULL
        yield shoot(image, Phone(), np.random.default_rng((SEED, frame)))


def write_mattes(folder: Path, out: Path) -> None:
    """Turn coverage into sky: 8-bit grey, 255 where there is only sky."""
    for frame in MATTE_FRAMES:
        path = folder / f"{frame:06d}.png"
        stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if stored is None or stored.ndim != 3 or stored.shape[2] != 4:
            raise SystemExit(f"The matte {path} is missing or has no alpha. Render it first with demo_clip --mattes.")
        cv2.imwrite(str(out / f"matte_{frame:06d}.png"), 255 - stored[..., 3], [cv2.IMWRITE_PNG_COMPRESSION, 9])


def write_truth(path: Path) -> None:
    """The camera of every frame, from the same path that the renderer followed."""
    camera = walk_path(WALK)
    truth = {
        "size": [WIDTH, HEIGHT],
        "rate": RATE,
        "focal_px": FOCAL_PX,
        "principal_point": [(WIDTH - 1) / 2, (HEIGHT - 1) / 2],
        "rotation": np.round(relative_rotation(camera), 9).tolist(),
        "place": np.round(camera.place - camera.place[0], 6).tolist(),
    }
    path.write_text(json.dumps(truth).replace("]], [[", "]],\n[[") + "\n", encoding="utf-8")


def main() -> None:
    """Write demo.mp4, truth.json and the mattes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=Path, required=True, help="folder of rendered pictures")
    parser.add_argument("--mattes", type=Path, required=True, help="folder of rendered coverage")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    write_truth(options.out / "truth.json")
    write_mattes(options.mattes, options.out)
    sound = wind(WALK.frames / RATE, SOUND_RATE, SEED)
    write_movie(options.out / "demo.mp4", images(options.frames), RATE, sound, SOUND_RATE)


if __name__ == "__main__":
    main()
