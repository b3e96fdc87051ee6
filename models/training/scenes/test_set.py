# SPDX-License-Identifier: GPL-3.0-or-later
"""The rendered evaluation set: 60 pictures of 60 scenes and 6 clips, from seeds that are never trained on."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from .generate import TOP, Order, engine_python, make_scenes

#: Scenes with this seed or a higher one are for measuring only.
FIRST_SEED = 100_000
PICTURES = 60
#: Seed, kind of place and motion of each clip.
CLIPS = (
    (100_100, "city", "handheld"),
    (100_101, "highway", "vehicle"),
    (100_102, "mountains", "drone"),
    (100_103, "park", "rotation"),
    (100_104, "shore", "handheld"),
    (100_105, "village", "vehicle"),
)


def make_test_set(folder: Path, panoramas: Path | None, size: int = 640, samples: int = 16, threads: int = 1) -> None:
    """Render what is missing and write `folder`/labelled.jsonl, images, masks and clips.

    `size` is the pictures' long side; clips have three quarters of it and half the samples.
    """
    folder = folder.resolve()
    frames = folder / "frames"
    order = Order(frames, views=1, size=size, samples=samples, panoramas=panoramas, threads=threads)
    make_scenes(order, range(FIRST_SEED, FIRST_SEED + PICTURES))
    for seed, kind, motion in CLIPS:
        clip = replace(order, views=0, size=size * 3 // 4, samples=samples // 2, kind=kind, clips=1, motion=motion)
        make_scenes(clip, [seed])
    command = [engine_python(), "-m", "models.training.scenes.film.evaluation", str(frames), str(folder)]
    subprocess.run(command, cwd=TOP, check=True)
