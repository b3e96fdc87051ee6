# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Sky": the new sky as it is wanted in the image.

``out = blur(S, sky_blur) * 2 ** sky_exposure``, as :mod:`skyar_blender.engine.composite.look`.
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Control, Group, ImageInput, Panel, Wiring, control

SKY = ImageInput("Sky", (0, 0, 0, 1), "The new sky as the camera sees it, scene-linear")
EXPOSURE = control("sky_exposure")
BLUR = control("sky_blur")
MATCH = control("exposure_match")
SHOT = Control("Shot Exposure", 0, -10, 10, "By how many stops the frame is exposed above those around it")


def stops(wiring: Wiring) -> Any:
    """By how many stops the new sky is brighter than its image."""
    matched = wiring.math("MULTIPLY", wiring.input(MATCH), wiring.input(SHOT))
    return wiring.math("ADD", wiring.input(EXPOSURE), matched)


def _build(wiring: Wiring) -> Any:
    with wiring.step("Focus and exposure"):
        soft = compat.blur(wiring.tree, "GAUSS", wiring.finite(wiring.input(SKY)), wiring.input(BLUR))
        return compat.exposure(wiring.tree, soft, stops(wiring))


GROUP = Group(
    "SkyAR Sky",
    4,
    "Exposes and softens the new sky",
    ImageInput("Sky", (0, 0, 0, 1), "The new sky"),
    (SKY, Panel("Sky", (EXPOSURE, BLUR, MATCH, SHOT))),
    _build,
)
