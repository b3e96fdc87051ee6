# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Composite": foreground and new sky put together.

In scene-linear light, with footage ``F``, matte ``M`` (1 = sky) and new sky ``S``, as
:mod:`skyar_blender.engine.composite` does for the previews::

    m    = blur(shift(M, matte_shift), matte_feather)
    s    = S * 2 ** sky_exposure
    f    = F * lerp(1, tint, recolour) * 2 ** foreground_exposure
    wrap = light_wrap * blur(min(s, 1) * m, wrap_radius) * (1 - m)
    out  = lerp(F, f * (1 - m) + (s * m + wrap) * alpha, mix)

The footage keeps its alpha. Every control is a socket, so that it can be keyframed and differs from result to result;
that rules out the Dilate/Erode node, whose distance is no socket in Blender 4.2. The shift is therefore the largest
(smallest) value in a disc, as the limit of a power mean::

    max(M) = log(mean(exp(k M))) / k      for large k; -k gives the smallest

With k = 170 the exponentials just stay within single precision, and the result is within 0.04 of the true one for
radii up to 50; a radius of 0 leaves the matte as it is, to 1e-6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import bpy

from ...contract.job import Look
from .. import compat

NAME = "SkyAR Composite"
#: Counts up when the nodes change, so that a file's older group is left to its results.
VERSION = 1
_VERSION_KEY = "skyar_version"
_SHARPNESS = 170.0
#: Gain that lifts what the power mean of the largest disc leaves of 1 (0.96) back to 1.
_MAKE_UP = 0.04
_DEFAULTS = Look()


@dataclass(frozen=True)
class Control:
    """An input with a slider."""

    name: str
    default: float
    low: float
    high: float
    help: str
    subtype: str = "NONE"


FOOTAGE, MATTE, SKY, TINT = "Footage", "Matte", "Sky", "Tint"

SKY_EXPOSURE = Control(
    "Sky Exposure", _DEFAULTS.sky_exposure, -10, 10, "Brightness of the new sky, in stops: 1 doubles it"
)
FOREGROUND_EXPOSURE = Control(
    "Foreground Exposure",
    _DEFAULTS.foreground_exposure,
    -10,
    10,
    "Brightness of all that is not sky, in stops: 1 doubles it",
)
RECOLOUR = Control(
    "Recolour", _DEFAULTS.recolour, 0, 1, "How far the foreground takes the tint of the new sky", "FACTOR"
)
MATTE_SHIFT = Control(
    "Matte Shift",
    _DEFAULTS.matte_shift,
    -50,
    50,
    "Moves the edge of the sky by so many pixels: above 0 the sky grows, below 0 it shrinks",
)
MATTE_FEATHER = Control(
    "Matte Feather", _DEFAULTS.matte_feather, 0, 50, "Softens the edge of the sky over so many pixels"
)
LIGHT_WRAP = Control(
    "Light Wrap",
    _DEFAULTS.light_wrap,
    0,
    1,
    "Light of the new sky that spills over the rim of the foreground",
    "FACTOR",
)
WRAP_RADIUS = Control("Light Wrap Radius", 38.4, 0, 1000, "How far the light spills, in pixels")
MIX = Control("Mix", _DEFAULTS.mix, 0, 1, "How much of the result shows; at 0 the footage as it was", "FACTOR")

_TINT_HELP = "Colour that the foreground is multiplied by when Recolour is 1; measured from the new sky"
_PANELS: dict[str, tuple[Control, ...]] = {
    "Sky Light": (SKY_EXPOSURE, LIGHT_WRAP, WRAP_RADIUS),
    "Foreground": (FOREGROUND_EXPOSURE, RECOLOUR),
    "Edge": (MATTE_SHIFT, MATTE_FEATHER),
}
#: All sliders, in the order in which they show.
CONTROLS: tuple[Control, ...] = (MIX, *(control for panel in _PANELS.values() for control in panel))


def composite_group() -> Any:
    """The node group of this file, made if there is none; results share it."""
    for group in bpy.data.node_groups:
        if group.bl_idname == "CompositorNodeTree" and group.get(_VERSION_KEY) == VERSION and not group.library:
            return group
    group = bpy.data.node_groups.new(NAME, "CompositorNodeTree")
    group[_VERSION_KEY] = VERSION
    _declare(group)
    _Wiring(group).build()
    return group


def _declare(group: Any) -> None:
    interface = group.interface
    interface.new_socket(
        "Image", in_out="OUTPUT", socket_type="NodeSocketColor"
    ).description = "The footage with its new sky, scene-linear"

    def picture(name: str, kind: str, default: Any, text: str, parent: Any = None) -> None:
        socket = interface.new_socket(name, in_out="INPUT", socket_type=kind, parent=parent)
        socket.default_value = default
        socket.description = text

    picture(FOOTAGE, "NodeSocketColor", (0, 0, 0, 1), "The original picture")
    picture(MATTE, "NodeSocketFloat", 0.0, "Where the sky is: 0 is foreground, 1 is sky")
    picture(SKY, "NodeSocketColor", (0, 0, 0, 1), "The new sky as the camera sees it, scene-linear")
    _slider(interface, MIX, None)
    for title, controls in _PANELS.items():
        panel = interface.new_panel(title)
        for control in controls:
            _slider(interface, control, panel)
            if control is RECOLOUR:
                picture(TINT, "NodeSocketColor", (1, 1, 1, 1), _TINT_HELP, panel)


def _slider(interface: Any, control: Control, panel: Any) -> None:
    socket = interface.new_socket(control.name, in_out="INPUT", socket_type="NodeSocketFloat", parent=panel)
    socket.subtype = control.subtype
    socket.min_value, socket.max_value = control.low, control.high
    socket.default_value = control.default
    socket.description = control.help


class _Wiring:
    """Fills the group: one frame per step, in each the nodes from left to right."""

    def __init__(self, group: Any) -> None:
        self.tree = group
        self.inputs: Any = None

    def build(self) -> None:
        tree = self.tree
        with self._step("Matte: shift, then feather", 0, 0) as step:
            matte = self._shifted(self._input(MATTE), self._input(MATTE_SHIFT.name))
            matte = compat.blur(tree, "GAUSS", matte, self._input(MATTE_FEATHER.name))
            matte = compat.math(tree, "MINIMUM", compat.math(tree, "MAXIMUM", matte, 0.0), 1.0)
            uncovered = compat.math(tree, "SUBTRACT", 1.0, matte)
        with self._step("New sky", step.end, 420) as bright:
            sky = compat.exposure(tree, self._input(SKY), self._input(SKY_EXPOSURE.name))
            covered = compat.mix(tree, "MULTIPLY", 1.0, sky, matte)
        with self._step("Foreground", step.end, -420) as front_step:
            tint = compat.mix(tree, "MIX", self._input(RECOLOUR.name), _WHITE, self._input(TINT))
            front = compat.mix(tree, "MULTIPLY", 1.0, self._input(FOOTAGE), tint)
            front = compat.exposure(tree, front, self._input(FOREGROUND_EXPOSURE.name))
            front = compat.mix(tree, "MULTIPLY", 1.0, front, uncovered)
        with self._step("Light wrap", bright.end, 0) as wrap_step:
            # Without the limit the sun would blot out what stands before it.
            lit = compat.mix(tree, "DARKEN", 1.0, sky, _WHITE)
            lit = compat.mix(tree, "MULTIPLY", 1.0, lit, matte)
            lit = compat.blur(tree, "GAUSS", lit, self._input(WRAP_RADIUS.name))
            amount = compat.math(tree, "MULTIPLY", uncovered, self._input(LIGHT_WRAP.name))
            wrap = compat.mix(tree, "MULTIPLY", 1.0, lit, amount)
        with self._step("Together", max(wrap_step.end, front_step.end), 0) as last:
            footage = self._input(FOOTAGE)
            alpha = compat.alpha_of(tree, footage)
            light = compat.mix(tree, "ADD", 1.0, covered, wrap)
            light = compat.mix(tree, "MULTIPLY", 1.0, light, alpha)
            out = compat.mix(tree, "ADD", 1.0, front, light)
            out = compat.mix(tree, "MIX", self._input(MIX.name), footage, out)
            out = compat.replace_alpha(tree, out, alpha)
        output = tree.nodes.new("NodeGroupOutput")
        output.location = (last.end, 0)
        tree.links.new(out, output.inputs[0])

    def _input(self, name: str) -> Any:
        return self.inputs.outputs[name]

    def _step(self, title: str, x: float, y: float) -> _Step:
        self.inputs = self.tree.nodes.new("NodeGroupInput")
        return _Step(self.tree, self.inputs, title, x, y)

    def _shifted(self, matte: Any, shift: Any) -> Any:
        tree = self.tree
        # +k where the sky grows, -k where it shrinks.
        grows = compat.math(tree, "GREATER_THAN", shift, 0.0)
        power = compat.math(tree, "MULTIPLY", compat.math(tree, "SUBTRACT", grows, 0.5), 2 * _SHARPNESS)
        pixels = compat.math(tree, "ROUND", compat.math(tree, "ABSOLUTE", shift))
        # A quarter more than whole, so that no rounding drops the outermost pixels of the disc.
        radius = compat.math(tree, "ADD", pixels, 0.25)
        # Centred, so that the exponent uses the whole range of a float.
        centred = compat.math(tree, "SUBTRACT", matte, 0.5)
        mean = compat.math(tree, "EXPONENT", compat.math(tree, "MULTIPLY", centred, power))
        mean = compat.blur(tree, "DISC", mean, radius)
        extreme = compat.math(tree, "DIVIDE", compat.math(tree, "LOGARITHM", mean, math.e), power)
        # The few pixels at the rim of the disc leave the mean short of the extreme. A gain about 0 (about 1 where the
        # sky shrinks) makes up for it, unless there is no shift.
        gain = compat.math(tree, "MULTIPLY", compat.math(tree, "GREATER_THAN", pixels, 0.5), _MAKE_UP)
        lift = compat.math(tree, "MULTIPLY", compat.math(tree, "MULTIPLY", power, gain), 0.5 / _SHARPNESS)
        gain = compat.math(tree, "ADD", gain, 1.0)
        extreme = compat.math(tree, "ADD", compat.math(tree, "MULTIPLY", extreme, gain), lift)
        return compat.math(tree, "ADD", extreme, 0.5)


_WHITE = (1.0, 1.0, 1.0, 1.0)
_COLUMN = 200


class _Step:
    """Puts the nodes made within it into a labelled frame, in a row that begins with the group's inputs."""

    def __init__(self, tree: Any, inputs: Any, title: str, x: float, y: float) -> None:
        self._tree, self._inputs, self._title, self._x, self._y = tree, inputs, title, x, y
        self._before = {node.name for node in tree.nodes} - {inputs.name}
        self.end = x

    def __enter__(self) -> _Step:
        return self

    def __exit__(self, *_error: object) -> None:
        made = [node for node in self._tree.nodes if node.name not in self._before]
        frame = self._tree.nodes.new("NodeFrame")
        frame.label = self._title
        for column, node in enumerate(made):
            node.parent = frame
            node.location = (self._x + _COLUMN * column, self._y)
        for socket in self._inputs.outputs:
            socket.hide = not socket.is_linked
        self.end = self._x + _COLUMN * (len(made) + 0.5)
