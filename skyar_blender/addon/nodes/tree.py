# SPDX-License-Identifier: GPL-3.0-or-later
"""The compositor tree of a result: footage, matte, sky and clean plate into the group "SkyAR Composite"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy

from ...contract.job import Look
from .. import compat
from .groups import composite_wet, foreground, grain, haze, light, light_wrap, rain, reflections, sky
from .groups.composite import AREA, FOOTAGE, GRAIN, GROUP, MATTE, PLATE, SKY, SKY_VISIBILITY
from .groups.rain import STREAKS
from .groups.reflections import MIRROR, MIRROR_FRACTION
from .plate_size import fit_stored
from .stand_in import stand_in

#: Reach of the light wrap as a fraction of the picture's width.
_WRAP_REACH = 0.02
_DEFAULT = Look()
#: Of the images with an alpha: what it is.
_ALPHAS = {PLATE.name: SKY_VISIBILITY, MIRROR.name: MIRROR_FRACTION}


@dataclass(frozen=True)
class Source:
    """An image and which of its frames shows when.

    Attributes:
        image: the image datablock.
        frames: for each frame of the scene, from 1, the number of the image's frame (movies count from 1,
            sequences by the number in the file's name).
        size: width and height of the images, where that matters; (0, 0) where they cannot be read.
    """

    image: Any
    frames: list[int]
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class ShotLight:
    """The light of a shot, or of a frame that is faded, from frame ``start`` of the scene on.

    ``tint`` and ``haze`` are linear R, G, B; ``stops``: by how much the new sky is brighter than the old one;
    ``exposure``: by how many the frame is exposed above those around it.
    """

    start: int
    tint: tuple[float, float, float]
    stops: float
    haze: tuple[float, float, float]
    exposure: float = 0.0


@dataclass(frozen=True)
class Sources:
    """What a result is put together from; all from ``plate`` on are None where its folder has none.

    ``grain_colours``: linear deviations of the grain, each from that frame of the scene on.
    """

    footage: Source
    matte: Source
    sky: Source
    plate: Source | None
    grain: Source | None
    grain_colours: Sequence[tuple[int, tuple[float, float, float]]] = ((1, (0.0, 0.0, 0.0)),)
    rain: Source | None = None
    mirror: Source | None = None
    area: Source | None = None

    def rows(self) -> tuple[tuple[str, Source], ...]:
        """Name of the node and of the input, in the order of the nodes."""
        rows = [(FOOTAGE.name, self.footage), (MATTE.name, self.matte), (SKY.name, self.sky)]
        more = (
            (PLATE, self.plate),
            (GRAIN, self.grain),
            (STREAKS, self.rain),
            (MIRROR, self.mirror),
            (AREA, self.area),
        )
        return (*rows, *((image.name, source) for image, source in more if source is not None))


def fill_tree(scene: bpy.types.Scene, sources: Sources, lights: Sequence[ShotLight], look: Look = _DEFAULT) -> Any:
    """Build the tree of ``scene``, or bring the one that it has up to date; the group's node.

    What the user set on the group stays as it is, except for the light, which belongs to the sky unless ``look`` has
    it by hand. Rain and reflections of ``look`` count when their images are shown for the first time.
    """
    with compat.tree_apart(scene) as tree:
        return _fill(tree, scene, sources, lights, look)


def _fill(tree: Any, scene: bpy.types.Scene, sources: Sources, lights: Sequence[ShotLight], look: Look) -> Any:
    group = _group_in(tree)
    wanted = group_for(wet=sources.rain is not None or sources.mirror is not None)
    if group is not None and group.node_tree != wanted:
        _renew(tree, group, wanted)
    fresh = group is None
    if fresh:
        tree.nodes.clear()
        group = tree.nodes.new("CompositorNodeGroup")
        group.name = group.label = GROUP.name
        group.node_tree = wanted
        group.location, group.width = (0, 0), 240
        group.inputs[light_wrap.RADIUS.name].default_value = _WRAP_REACH * scene.render.resolution_x
        # Without the old sky behind it, nothing can be taken out of the edge.
        clean = 0.0 if sources.plate is None else Look().clean_edges
        group.inputs[foreground.CLEAN_EDGES.name].default_value = clean
        output = compat.output_node(tree)
        output.location = (320, 0)
        tree.links.new(group.outputs[0], output.inputs[0])
    _set_light(tree, group, lights, look.light == "manual" and not fresh)
    _set(
        tree,
        group,
        grain.COLOUR.name,
        [(start, (*compat.scene_linear(colour), 1.0)) for start, colour in sources.grain_colours],
    )
    amounts = {STREAKS.name: (rain.RAIN, look.rain), MIRROR.name: (reflections.REFLECTIONS, look.reflections)}
    for row, (name, source) in enumerate(sources.rows()):
        node = tree.nodes.get(name)
        new = node is None
        if new:
            node = tree.nodes.new("CompositorNodeImage")
            node.name = node.label = name
            node.location = (-320, 340 * (1 - row))
        _show(tree, node, source)
        if new:
            tree.links.new(node.outputs["Image"], group.inputs[name])
            if name in _ALPHAS:
                tree.links.new(node.outputs["Alpha"], group.inputs[_ALPHAS[name].name])
            if name in amounts:
                control, amount = amounts[name]
                group.inputs[control.name].default_value = amount
        if name != FOOTAGE.name:
            fit_stored(tree, node, source.size, (scene.render.resolution_x, scene.render.resolution_y))
    shown = {name for name, _ in sources.rows()}
    for name in (*amounts, AREA.name):
        if name not in shown and name in tree.nodes:
            fit_stored(tree, tree.nodes[name], (0, 0), (0, 0))
            tree.nodes.remove(tree.nodes[name])  # of an earlier run that it did rain in
    return group


def group_for(*, wet: bool) -> Any:
    """The node group "SkyAR Composite", made if the file has none; ``wet``: the one with rain and reflections."""
    return (composite_wet.GROUP if wet else GROUP).tree()


def _renew(tree: Any, group: Any, wanted: Any) -> None:
    """Let a result use another group, or the group as it is now; what was set on its inputs stays."""
    before = {
        socket.name: (socket.default_value, socket.links[0].from_socket if socket.is_linked else None)
        for socket in group.inputs
    }
    values = {name: value if isinstance(value, float) else tuple(value) for name, (value, _) in before.items()}
    ends = [link.to_socket for link in group.outputs[0].links]
    group.node_tree = wanted
    for socket in group.inputs:
        if socket.name in values:
            socket.default_value = values[socket.name]
            source = before[socket.name][1]
            if source is not None:
                tree.links.new(source, socket)
    for end in ends:
        tree.links.new(group.outputs[0], end)


def _set_light(tree: Any, group: Any, lights: Sequence[ShotLight], keep: bool) -> None:
    """The light on the group's inputs, with a key wherever it changes.

    ``keep`` leaves tint and change alone: then only the haze is of the new sky.
    """
    far = [(*compat.scene_linear(each.haze), 1.0) for each in lights]
    values: dict[str, list[Any]] = {haze.COLOUR.name: far, sky.SHOT.name: [each.exposure for each in lights]}
    if rain.COLOUR.name in group.inputs:
        values[rain.COLOUR.name] = far
    if not keep:
        values[light.TINT.name] = [(*compat.scene_linear(each.tint), 1.0) for each in lights]
        values[light.CHANGE.name] = [each.stops for each in lights]
    for name, given in values.items():
        _set(tree, group, name, [(each.start, value) for each, value in zip(lights, given, strict=True)])


def _set(tree: Any, group: Any, name: str, values: Sequence[tuple[int, Any]]) -> None:
    """Values of an input of the group, each from its frame on; without a key where they are all the same."""
    place = group.inputs.find(name)
    path = f'nodes["{group.name}"].inputs[{place}].default_value'
    compat.remove_fcurve(tree, path)
    group.inputs[place].default_value = values[0][1]
    changes = _changes(values)
    if len(changes) > 1:
        compat.hold_values(tree, group.inputs[place], "default_value", path, changes)


def _changes(values: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Those of ``values``, each from its frame on, that differ from the one before."""
    return [each for index, each in enumerate(values) if not index or each[1] != values[index - 1][1]]


def group_node(scene: bpy.types.Scene) -> Any:
    """The node of the group "SkyAR Composite" in the tree of ``scene``, or None."""
    tree = compat.compositor_tree(scene)
    return None if tree is None else _group_in(tree)


def _group_in(tree: Any) -> Any:
    for node in tree.nodes:
        if node.type == "GROUP" and node.node_tree and node.node_tree.name.startswith(GROUP.name):
            return node
    return None


def image_in_tree(scene: bpy.types.Scene, name: str) -> Any:
    """The image that the node ``name`` of the result ``scene`` shows, or None."""
    tree = compat.compositor_tree(scene)
    node = tree.nodes.get(name) if tree else None
    return getattr(node, "image", None)


def _show(tree: Any, node: Any, source: Source) -> None:
    with stand_in(source.image) as other:
        _show_frames(tree, node, other, source.frames)


def _show_frames(tree: Any, node: Any, image: Any, frames: Sequence[int]) -> None:
    node.image = image
    path = f'nodes["{node.name}"].frame_offset'
    compat.remove_fcurve(tree, path)
    if image.source == "FILE":
        return
    count = len(frames)
    # At frame t of the scene a node shows t + frame_offset, for t from 1 to frame_duration.
    offsets = [number - t for t, number in enumerate(frames, start=1)]
    node.frame_start, node.frame_duration, node.frame_offset = 1, count, offsets[0]
    node.use_cyclic, node.use_auto_refresh = False, True
    changes = _changes(list(enumerate(offsets, start=1)))
    if len(changes) > 1:
        compat.hold_values(tree, node, "frame_offset", path, changes)
