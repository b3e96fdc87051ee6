# SPDX-License-Identifier: GPL-3.0-or-later
"""What the new sky means for the light on the foreground; part of the sky stage."""

from __future__ import annotations

import numpy as np

from ...engine.composite.tint import MeanColour, tint
from ...engine.media.exr import read_exr
from ...engine.media.pictures import read_matte_png
from ...engine.media.prefetch import prefetch
from ..shot import Shot, evenly_spread

#: Frames that the colours of both skies are taken from.
_FRAMES = 12


def run(shot: Shot) -> None:
    """Set the figure ``tint``: what the foreground's linear R, G, B are multiplied by at full recolour."""
    kept = shot.kept("light")
    if kept is None:
        old, new = MeanColour(), MeanColour()
        for source, frame in prefetch(shot.reader.frames(evenly_spread(shot.sources, _FRAMES))):
            shot.token.check()
            number = shot.number_of[source]
            matte = read_matte_png(shot.folder.matte(number)).astype(np.float32) / np.float32(65535)
            old.add_old_sky(frame, matte)
            new.add_new_sky(read_exr(shot.folder.sky(number)), matte)
        kept = {"tint": tint(old.mean, new.mean), "old_sky": old.mean, "new_sky": new.mean}
        shot.keep("light", kept)
    shot.figures["tint"] = list(kept["tint"])
    shot.figures["old_sky_colour"], shot.figures["new_sky_colour"] = kept["old_sky"], kept["new_sky"]
