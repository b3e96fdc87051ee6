# SPDX-License-Identifier: GPL-3.0-or-later
"""The rendered evaluation sets, from seeds never trained on: of the matte, of the tracker, and of the sun finder."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from .generate import TOP, Order, engine_python, make_scenes

#: Scenes with this seed or a higher one are for measuring only.
FIRST_SEED = 100_000
IMAGES = 60
#: Views that look up: the first seed, and how many.
UPWARD_SEED, UPWARD = 100_400, 60
#: Seed, kind of place and motion of each clip.
CLIPS = (
    (100_100, "city", "handheld"),
    (100_101, "highway", "vehicle"),
    (100_102, "mountains", "drone"),
    (100_103, "park", "rotation"),
    (100_104, "shore", "handheld"),
    (100_105, "village", "vehicle"),
)
#: Clips to track, long enough for that: under a closed sky, a clear one, and one with clouds; then some that travel.
TRACKED = (
    (100_118, "city", "drone"),
    (100_115, "mountains", "handheld"),
    (100_116, "shore", "rotation"),
    (100_119, "highway", "vehicle"),
    (100_120, "village", "vehicle"),
    (100_121, "forest", "drone"),
)
TRACKED_FRAMES = 61
#: Shots by day, mostly under clear skies, to find the sun in: the first seed, how many, and frames of each.
SUNLIT_SEED, SUNLIT, SUNLIT_FRAMES = 100_300, 40, 8


def make_test_set(folder: Path, panoramas: Path | None, size: int = 640, samples: int = 16, threads: int = 1) -> None:
    """Render what is missing and write `folder`/labelled.jsonl, images and masks of 120 scenes, and 6 clips.

    In half of the images the camera looks up.

    `size` is the pictures' long side; clips have three quarters of it and half the samples.
    """
    folder = folder.resolve()
    frames = folder / "frames"
    order = Order(frames, views=1, size=size, samples=samples, panoramas=panoramas, threads=threads)
    make_scenes(order, range(FIRST_SEED, FIRST_SEED + IMAGES))
    make_scenes(replace(order, look="up"), range(UPWARD_SEED, UPWARD_SEED + UPWARD))
    for seed, kind, motion in CLIPS:
        clip = replace(order, views=0, size=size * 3 // 4, samples=samples // 2, kind=kind, clips=1, motion=motion)
        make_scenes(clip, [seed])
    _film(frames, folder)


def make_track_set(
    folder: Path,
    panoramas: Path | None,
    size: int = 854,
    samples: int = 8,
    threads: int = 1,
    length: int = TRACKED_FRAMES,
) -> None:
    """Render what is missing and write `folder`/clips: :data:`TRACKED`, `size` pixels on the long side."""
    folder = folder.resolve()
    frames = folder / "frames"
    order = Order(frames, views=0, size=size, samples=samples, panoramas=panoramas, threads=threads, clips=1)
    for seed, kind, motion in TRACKED:
        make_scenes(replace(order, kind=kind, motion=motion, clip_frames=length), [seed])
    _film(frames, folder)


def make_sun_set(folder: Path, size: int = 256, samples: int = 4, threads: int = 1) -> None:
    """Render what is missing of `folder`/SEED/clip_00: clips to measure on where a shot's light is found."""
    order = Order(
        folder.resolve(), views=0, size=size, samples=samples, threads=threads,
        clips=1, clip_frames=SUNLIT_FRAMES, sunlit=True,
    )  # fmt: skip
    make_scenes(order, range(SUNLIT_SEED, SUNLIT_SEED + SUNLIT))


def _film(frames: Path, folder: Path) -> None:
    command = [engine_python(), "-m", "models.training.scenes.footage.evaluation", str(frames), str(folder)]
    subprocess.run(command, cwd=TOP, check=True)
