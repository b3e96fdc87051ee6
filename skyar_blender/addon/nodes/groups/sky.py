# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Sky": the new sky as it is wanted in the picture.

``out = blur(S, sky_blur) * 2 ** sky_exposure``, as :mod:`skyar_blender.engine.composite.look`.
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Group, Panel, Picture, Wiring, control

SKY = Picture("Sky", (0, 0, 0, 1), "The new sky as the camera sees it, scene-linear")
EXPOSURE = control("sky_exposure")
BLUR = control("sky_blur")


def _build(wiring: Wiring) -> Any:
    with wiring.step("Focus and exposure"):
        soft = compat.blur(wiring.tree, "GAUSS", wiring.finite(wiring.input(SKY)), wiring.input(BLUR))
        return compat.exposure(wiring.tree, soft, wiring.input(EXPOSURE))


GROUP = Group(
    "SkyAR Sky",
    3,
    "Exposes and softens the new sky",
    Picture("Sky", (0, 0, 0, 1), "The new sky"),
    (SKY, Panel("Sky", (EXPOSURE, BLUR))),
    _build,
)
