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
    options = parser.parse_args()
    if options.test_set:
        make_test_set(
            options.test_set, options.panoramas, options.size or 640, options.samples or 16, options.threads
        )
        return
    if options.track_set:
        make_track_set(
            options.track_set, options.panoramas, options.size or 854, options.samples or 8, options.threads
        )
        return
    if options.sun_set:
        make_sun_set(options.sun_set, options.size or 256, options.samples or 4, options.threads)
        return
    if options.composite_set:
        make_composite_set(options.composite_set, options.size or 640, options.samples or 24, options.threads)
        return
    order = Order(
        output=options.output, views=options.views, size=options.size or 384, samples=options.samples or 8,
        kind=options.kind,
        second_sky=options.second_sky, panoramas=options.panoramas, threads=options.threads,
        clips=options.clips, clip_frames=options.frames, motion=options.motion,
        sunlit=options.sunlit, look=options.look,
    )  # fmt: skip
    make_scenes(order, range(options.first_seed, options.first_seed + options.count))


if __name__ == "__main__":
    main()
