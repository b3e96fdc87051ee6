# SPDX-License-Identifier: GPL-3.0-or-later
"""A world built from layers, far to near: clear sky, sun, clouds, ground haze.

Directions are (azimuth, elevation) in degrees: azimuth 0 is forward, the middle column of the panorama, and grows to
the right. In Blender's axes forward is +Y and right is +X.
"""

import math
import random
from pathlib import Path
from typing import Any

import bpy

from .shader_nodes import add_shader

Colour = tuple[float, float, float]


def direction_vector(azimuth: float, elevation: float) -> Colour:
    """Unit vector (x right, y forward, z up) of a direction in degrees."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)


class SkyWorld:
    """The scene's world, to which layers are added from far to near; each stands in front of those before it."""

    def __init__(self, seed: int, objects: tuple[Path, Path] | None = None) -> None:
        self._objects = objects
        scene = bpy.context.scene
        self.world = bpy.data.worlds.new("sky")
        scene.world = self.world
        # Nothing is lit by the sky: the table for sampling it would cost a second render.
        self.world.cycles.sampling_method = "NONE"
        self.tree = self.world.node_tree
        self.tree.nodes.clear()
        self.random = random.Random(seed)
        self.clear: Any = None
        self.front: Any = None

    def add_clear_sky(
        self,
        sun: tuple[float, float],
        exposure: float,
        tint: Colour = (1, 1, 1),
        brightest: float = 1.1,
        **settings: float,
    ) -> None:
        """Blender's physical sky without its disc.

        Args:
            sun: azimuth and elevation in degrees.
            exposure: factor on the sky's radiance.
            tint: white balance of the camera that takes the image.
            brightest: what the glow around the sun approaches; it is compressed as film does.
            settings: properties of the sky texture node, such as `air_density`.
        """
        horizon = add_shader(self.tree, "horizon", {})
        sky = self.tree.nodes.new("ShaderNodeTexSky")
        sky.sky_type = "MULTIPLE_SCATTERING"
        sky.sun_disc = False
        sky.sun_elevation = math.radians(sun[1])
        sky.sun_rotation = math.radians(sun[0])
        for name, value in settings.items():
            setattr(sky, name, value)
        self.tree.links.new(horizon.outputs["Direction"], sky.inputs["Vector"])
        scale = self.tree.nodes.new("ShaderNodeVectorMath")
        scale.operation = "MULTIPLY"
        self.tree.links.new(sky.outputs["Color"], scale.inputs[0])
        scale.inputs[1].default_value = tuple(exposure * channel for channel in tint)
        shoulder = add_shader(self.tree, "shoulder", {"Behind": scale.outputs["Vector"], "Top": brightest})
        self.clear = self.front = shoulder.outputs["Colour"]

    def add_layer(self, shader: str, **inputs: Any) -> None:
        """A shader in front of everything so far.

        The shader must have an output `Colour`. Where it has an input `Behind` it gets what is behind it; a first
        layer has none and is itself the clear sky. Where it has `Haze` it gets the clear sky; where it has `Offset`
        and none is given, a place in the noise from the seed.
        """
        node = add_shader(self.tree, shader, inputs)
        if "Behind" in node.inputs and self.front is not None:
            self.tree.links.new(self.front, node.inputs["Behind"])
        if "Haze" in node.inputs and "Haze" not in inputs:
            self.tree.links.new(self.clear, node.inputs["Haze"])
        if "Offset" in node.inputs and "Offset" not in inputs:
            node.inputs["Offset"].default_value = [self.random.uniform(-500, 500) for _ in range(3)]
        self.front = node.outputs["Colour"]
        if self.clear is None:
            self.clear = self.front

    def add_objects(self, **air: float) -> None:
        """The recipe's objects (`objects.py`) in front of everything so far; `air` goes to the shader `in_air`."""
        assert self._objects is not None
        direction = add_shader(self.tree, "panorama_place", {}).outputs["Direction"]
        seen = []
        for path in self._objects:
            node = self.tree.nodes.new("ShaderNodeTexEnvironment")
            node.image = bpy.data.images.load(str(path))
            node.image.colorspace_settings.name = "Linear Rec.709"
            self.tree.links.new(direction, node.inputs["Vector"])
            seen.append(node.outputs["Color"])
        self.add_layer("in_air", Image=seen[0], Cover=seen[1], **air)

    def finish(self) -> None:
        """Connects the layers to the world's output."""
        background = self.tree.nodes.new("ShaderNodeBackground")
        output = self.tree.nodes.new("ShaderNodeOutputWorld")
        self.tree.links.new(self.front, background.inputs["Color"])
        self.tree.links.new(background.outputs["Background"], output.inputs["Surface"])
