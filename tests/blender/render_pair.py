# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a composite set of one tiny shot and one pair of skies: `render_pair.py FOLDER`.

Run on its own, because building a scene empties Blender. Prints what it renders, so that a rerun can be told.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from models.training.scenes import composite_set

SHOT = composite_set.Shot(12, "shore", 0)


def main(folder: Path) -> None:
    """The skies that cost least."""
    composite_set.SHOTS = (SHOT,)
    composite_set.sky_pairs = lambda scene: [("overcast", "storm")]
    composite_set.make_composite_set(folder, size=64, samples=4, threads=2)


main(Path(sys.argv[1]))
