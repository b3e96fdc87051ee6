# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface materials. Each ends in aerial haze, so that things fade into the air with their distance."""

from __future__ import annotations

import math
from typing import Any

import bpy

from .nodes import add_node

Colour = tuple[float, float, float]

# Scene-linear radiance of the air light near the horizon, and the distance at which it covers 63 % of a surface.
HAZE: Colour = (0.60, 0.655, 0.72)
HAZE_DISTANCE = 3800.0

# Instead of that haze, surfaces can write how much light the air between them and the camera lets through to the
# pass AIR_PASS, for three clarities of the air (metres at which 1/e is left); `film.air` then lays on any haze.
AIR_PASS = "air"
AIR_DISTANCES = (250.0, 1500.0, 9000.0)


class Shader:
    """A node tree being written: thin helpers that make one node, set it and return its output socket."""

    #: Whether `finish` writes the pass of the air instead of laying on haze.
    writes_air = False

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def node(self, kind: str, inputs: dict[str | int, Any] | None = None, **settings: Any) -> Any:
        """One node; `inputs` are numbers, colours or sockets to link."""
        return add_node(self.tree, kind, inputs, settings)

    def noise(self, scale: float, detail: float = 3.0, roughness: float = 0.55, coordinates: str = "Object") -> Any:
        """Fractal noise in [0, 1] over the object's own coordinates ("Object") or the world's ("World")."""
        if coordinates == "World":
            vector = self.node("ShaderNodeNewGeometry").outputs["Position"]
        else:
            vector = self.node("ShaderNodeTexCoord").outputs[coordinates]
        texture = self.node(
            "ShaderNodeTexNoise",
            {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": roughness},
        )
        return texture.outputs[0]

    def stretch(self, value: Any, low: float, high: float) -> Any:
        """0 at `low`, 1 at `high`, smooth between."""
        return self.node(
            "ShaderNodeMapRange",
            {"Value": value, "From Min": low, "From Max": high},
            interpolation_type="SMOOTHSTEP",
        ).outputs[0]

    def blend(self, amount: Any, first: Any, second: Any, mode: str = "MIX") -> Any:
        """Mix two colours."""
        made = self.tree.nodes.new("ShaderNodeMix")
        made.data_type, made.blend_type = "RGBA", mode
        for socket, value in ((made.inputs[0], amount), (made.inputs[6], first), (made.inputs[7], second)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = (*value, 1.0) if isinstance(value, tuple) else value
        return made.outputs[2]

    def attribute(self, name: str) -> Any:
        """A number stored on the mesh by `meshes.tint`."""
        return self.node("ShaderNodeAttribute", attribute_name=name).outputs["Fac"]

    def bump(self, height: Any, strength: float, distance: float) -> Any:
        """A normal bent by a height texture."""
        return self.node("ShaderNodeBump", {"Height": height, "Strength": strength, "Distance": distance}).outputs[0]

    def finish(self, surface: Any) -> bpy.types.Material:
        """Make `surface` the output, fading into the air by its distance from the camera."""
        view = self.node("ShaderNodeCameraData").outputs["View Distance"]
        if self.writes_air:
            return self._finish_with_air(surface, view)
        fraction = self.node("ShaderNodeMath", {0: view, 1: -1.0 / HAZE_DISTANCE}, operation="MULTIPLY").outputs[0]
        left = self.node("ShaderNodeMath", {0: fraction}, operation="EXPONENT").outputs[0]
        air = self.node("ShaderNodeEmission", {"Color": HAZE, "Strength": 1.0}).outputs[0]
        mixed = self.node("ShaderNodeMixShader", {0: left, 1: air, 2: surface}).outputs[0]
        output = self.node("ShaderNodeOutputMaterial")
        self.tree.links.new(mixed, output.inputs["Surface"])
        # The haze is light that the air sends to the camera; as a lamp it would only add noise.
        self.material.cycles.emission_sampling = "NONE"
        return self.material

    def _finish_with_air(self, surface: Any, view: Any) -> bpy.types.Material:
        through = [
            self.node("ShaderNodeMath", {0: math.exp(-1.0 / far), 1: view}, operation="POWER").outputs[0]
            for far in AIR_DISTANCES
        ]
        colour = self.node("ShaderNodeCombineColor", dict(enumerate(through))).outputs[0]
        self.node("ShaderNodeOutputAOV", {"Color": colour}, aov_name=AIR_PASS)
        self.tree.links.new(surface, self.node("ShaderNodeOutputMaterial").inputs["Surface"])
        self.material.cycles.emission_sampling = "NONE"
        return self.material


def matt(
    name: str, colour: Colour, dirt: float = 0.25, scale: float = 3.0, roughness: float = 0.85
) -> bpy.types.Material:
    """A plain surface, weathered by darker patches of about 1 / `scale` metres."""
    shader = Shader(name)
    patches = shader.stretch(shader.noise(scale, 5.0, 0.65), 0.35, 0.7)
    dark = (colour[0] * (1 - dirt), colour[1] * (1 - dirt), colour[2] * (1 - dirt * 1.1))
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": shader.blend(patches, colour, dark), "Roughness": roughness},
    ).outputs[0]
    return shader.finish(surface)


def bark(name: str, colour: Colour) -> bpy.types.Material:
    """Furrowed bark."""
    shader = Shader(name)
    furrows = shader.noise(14.0, 5.0, 0.7)
    dark = (colour[0] * 0.35, colour[1] * 0.35, colour[2] * 0.35)
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": shader.blend(shader.stretch(furrows, 0.35, 0.65), dark, colour),
            "Roughness": 0.95,
            "Normal": shader.bump(furrows, 0.8, 0.05),
        },
    ).outputs[0]
    return shader.finish(surface)


def leaf(name: str, dark: Colour, light: Colour, through: float = 0.35) -> bpy.types.Material:
    """A leaf that light shines through; its shade between `dark` and `light` is the face attribute "shade"."""
    shader = Shader(name)
    # Each placed object is a little lighter or darker than its twins.
    lucky = shader.node("ShaderNodeObjectInfo").outputs["Random"]
    offset = shader.node("ShaderNodeMath", {0: lucky, 1: 0.34, 2: -0.17}, operation="MULTIPLY_ADD").outputs[0]
    shade = shader.node("ShaderNodeMath", {0: shader.attribute("shade"), 1: offset}, operation="ADD").outputs[0]
    colour = shader.blend(shade, dark, light)
    thin = shader.blend(1.0, colour, (1.5, 1.45, 0.6), "MULTIPLY")
    front = shader.node("ShaderNodeBsdfPrincipled", {"Base Color": colour, "Roughness": 0.5}).outputs[0]
    back = shader.node("ShaderNodeBsdfTranslucent", {"Color": thin}).outputs[0]
    return shader.finish(shader.node("ShaderNodeMixShader", {0: through, 1: front, 2: back}).outputs[0])


def glass(name: str) -> bpy.types.Material:
    """A window pane seen from outside by day: a dark room behind a mirror that is slightly uneven."""
    shader = Shader(name)
    wavy = shader.bump(shader.noise(1.7, 1.0), 0.12, 0.02)
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": (0.012, 0.014, 0.016), "Roughness": 0.03, "IOR": 1.9, "Normal": wavy},
    ).outputs[0]
    return shader.finish(surface)


def roof_tiles(name: str, colour: Colour) -> bpy.types.Material:
    """Rows of clay tiles along the x axis of the roof, with moss."""
    shader = Shader(name)
    place = shader.node("ShaderNodeTexCoord").outputs["Object"]
    rows = shader.node(
        "ShaderNodeTexWave",
        {"Vector": place, "Scale": 0.75, "Distortion": 0.25},
        bands_direction="Z",
        wave_profile="SAW",
    ).outputs[1]
    columns = shader.node(
        "ShaderNodeTexWave", {"Vector": place, "Scale": 1.5, "Distortion": 0.1}, bands_direction="X"
    ).outputs[1]
    height = shader.node("ShaderNodeMath", {0: rows, 1: columns}, operation="ADD").outputs[0]
    dark = (colour[0] * 0.5, colour[1] * 0.55, colour[2] * 0.6)
    worn = shader.blend(shader.stretch(shader.noise(2.2, 6.0, 0.7), 0.3, 0.7), colour, dark)
    mossy = shader.blend(shader.stretch(shader.noise(0.9, 5.0, 0.6), 0.58, 0.75), worn, (0.06, 0.07, 0.03))
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": shader.blend(shader.stretch(rows, 0.86, 1.0), mossy, (0.02, 0.015, 0.012)),
            "Roughness": 0.75,
            "Normal": shader.bump(height, 0.9, 0.08),
        },
    ).outputs[0]
    return shader.finish(surface)
