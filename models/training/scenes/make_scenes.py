# SPDX-License-Identifier: GPL-3.0-or-later
"""Build random outdoor scenes and render views of them; see README.md.

Run with a Python that has Blender as a module, the engine's Python named in SKYAR_ENGINE_PYTHON.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if __package__ in (None, ""):
    # As a script, the repository's top is not on the path yet.
    sys.path.insert(0, str(Path(__file__).parents[3]))

from models.training.scenes.cameras.moves import MOVES
from models.training.scenes.composite_set import make_composite_set
from models.training.scenes.generate import Order, make_scenes
from models.training.scenes.places import KINDS
from models.training.scenes.test_set import make_sun_set, make_test_set, make_track_set


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--output", type=Path, help="folder for the frames")
    wanted.add_argument("--test-set", type=Path, help="make the pictures and clips for evaluation here instead")
    wanted.add_argument("--track-set", type=Path, help="make the clips that the tracker is measured on here instead")
    wanted.add_argument("--sun-set", type=Path, help="make the shots that the sun is found in here instead")
    wanted.add_argument("--composite-set", type=Path, help="make the same shots under two skies each here instead")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1, help="scenes")
    parser.add_argument("--views", type=int, default=12, help="views of each scene")
    parser.add_argument(
        "--size", type=int, help="long side in pixels: 384; test and composite set 640, track set 854, sun set 256"
    )
    parser.add_argument("--samples", type=int, help="of each pixel: 8; test set 16, composite set 24")
    parser.add_argument("--kind", choices=sorted(KINDS), help="only this kind of place")
    parser.add_argument("--second-sky", action="store_true", help="render every view under another sky too")
    parser.add_argument("--clips", type=int, nargs="?", const=1, default=0, help="moving clips of each scene")
    parser.add_argument("--frames", type=int, default=24, help="of each clip, 24 a second")
    parser.add_argument("--motion", choices=MOVES, help="only this kind of motion")
    parser.add_argument("--sunlit", action="store_true", help="by day and under clear skies, mostly")
    parser.add_argument("--look", choices=("level", "up", "down"), default="level", help="where cameras look")
    parser.add_argument("--panoramas", type=Path, help="folder of panoramas to use as skies")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    if asked.test_set:
        make_test_set(asked.test_set, asked.panoramas, asked.size or 640, asked.samples or 16, asked.threads)
        return
    if asked.track_set:
        make_track_set(asked.track_set, asked.panoramas, asked.size or 854, asked.samples or 8, asked.threads)
        return
    if asked.sun_set:
        make_sun_set(asked.sun_set, asked.size or 256, asked.samples or 4, asked.threads)
        return
    if asked.composite_set:
        make_composite_set(asked.composite_set, asked.size or 640, asked.samples or 24, asked.threads)
        return
    order = Order(
        output=asked.output, views=asked.views, size=asked.size or 384, samples=asked.samples or 8, kind=asked.kind,
        second_sky=asked.second_sky, panoramas=asked.panoramas, threads=asked.threads,
        clips=asked.clips, clip_frames=asked.frames, motion=asked.motion,
        sunlit=asked.sunlit, look=asked.look,
    )  # fmt: skip
    make_scenes(order, range(asked.first_seed, asked.first_seed + asked.count))


if __name__ == "__main__":
    main()
