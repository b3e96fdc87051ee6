# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Edge": a matte shifted and feathered.

As :mod:`skyar_blender.engine.composite.matte_edge`: ``m = clip(blur(shift(M, matte_shift), matte_feather), 0, 1)``.

Every control is a socket, so that it can be keyframed and differs from result to result; that rules out the
Dilate/Erode node in Blender 4.2, where its distance is no socket. There the shift is the largest (smallest) value in
a disc, as the limit of a power mean::

    max(M) = log(mean(exp(k M))) / k      for large k; -k gives the smallest

With k = 170 the exponentials just stay within single precision, and the result is within 0.04 of the true one for
radii up to 50; a radius of 0 leaves the matte as it is, to 1e-6.
"""

from __future__ import annotations

import math
from typing import Any

from ... import compat
from ..group import Group, ImageInput, Panel, Wiring, control

_SHARPNESS = 170.0
#: Gain that lifts what the power mean of the largest disc leaves of 1 (0.96) back to 1.
_MAKE_UP = 0.04

MATTE = ImageInput("Matte", 0.0, "Where the sky is: 0 is foreground, 1 is sky")
SHIFT = control("matte_shift")
FEATHER = control("matte_feather")


def _build(wiring: Wiring) -> Any:
    with wiring.step("Shift"):
        matte, shift = wiring.input(MATTE), wiring.input(SHIFT)
        if compat.HAS_DILATE_SIZE:
            moved = compat.dilate(wiring.tree, matte, wiring.math("ROUND", shift))
        else:
            moved = _shifted(wiring, matte, shift)
    with wiring.step("Feather"):
        soft = compat.blur(wiring.tree, "GAUSS", moved, wiring.input(FEATHER))
        return wiring.math("MINIMUM", wiring.math("MAXIMUM", soft, 0.0), 1.0)


def _shifted(wiring: Wiring, matte: Any, shift: Any) -> Any:
    number = wiring.math
    # +k where the sky grows, -k where it shrinks.
    grows = number("GREATER_THAN", shift, 0.0)
    power = number("MULTIPLY", number("SUBTRACT", grows, 0.5), 2 * _SHARPNESS)
    pixels = number("ROUND", number("ABSOLUTE", shift))
    # A quarter more than whole, so that no rounding drops the outermost pixels of the disc.
    radius = number("ADD", pixels, 0.25)
    # Centred, so that the exponent uses the whole range of a float.
    centred = number("SUBTRACT", matte, 0.5)
    mean = number("EXPONENT", number("MULTIPLY", centred, power))
    mean = compat.blur(wiring.tree, "DISC", mean, radius)
    extreme = number("DIVIDE", number("LOGARITHM", mean, math.e), power)
    # The few pixels at the rim of the disc leave the mean short of the extreme. A gain about 0 (about 1 where the
    # sky shrinks) makes up for it, unless there is no shift.
    gain = number("MULTIPLY", number("GREATER_THAN", pixels, 0.5), _MAKE_UP)
    lift = number("MULTIPLY", number("MULTIPLY", power, gain), 0.5 / _SHARPNESS)
    extreme = number("ADD", number("MULTIPLY", extreme, number("ADD", gain, 1.0)), lift)
    return number("ADD", extreme, 0.5)


GROUP = Group(
    "SkyAR Edge",
    2,
    "Moves and softens the edge of a matte",
    ImageInput("Matte", 0.0, "The matte, moved and softened"),
    (MATTE, Panel("Edge", (SHIFT, FEATHER))),
    _build,
)
