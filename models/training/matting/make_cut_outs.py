# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the cut-outs, in shards that are left alone when they are there already.

python -m models.training.matting.make_cut_outs --output CACHE/cut_outs --count 5000 [--photos photos.jsonl]
"""

from __future__ import annotations

import argparse
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np

from .cutouts.recipes import cut_out
from .cutouts.textures import Photographs
from .photographs import without_sky

SHARD = 100
_surfaces: Photographs


def _prepare(photos: Path | None) -> None:
    global _surfaces
    cv2.setNumThreads(1)
    _surfaces = Photographs(without_sky(photos) if photos else [])


def _make(task: tuple[Path, int]) -> Path:
    path, first = task
    if not path.exists():
        drawn = np.stack([cut_out(seed, _surfaces) for seed in range(first, first + SHARD)])
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, drawn)
        part.rename(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--photos", type=Path, help="photos.jsonl, for the surfaces of real things")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    tasks = [(options.output / f"{first:06d}.npy", first) for first in range(0, options.count, SHARD)]
    with Pool(options.processes, _prepare, (options.photos,)) as pool:
        for path in pool.imap_unordered(_make, tasks):
            print(path.name, flush=True)


if __name__ == "__main__":
    main()
