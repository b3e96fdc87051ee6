# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node group of SkyAR is made from: its labelled, bounded inputs, and nodes laid out from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import bpy

from ...common.option_lookup import OPTIONS
from .. import compat

_VERSION_KEY = "skyar_version"
_NAME_KEY = "skyar_group"
_COLUMN = 200
#: Largest value of a half float.
_HALF = 65504.0
#: Colour of the frames of steps, and of those within that hold one group each.
_FRAME = (0.16, 0.19, 0.24)


@dataclass(frozen=True)
class ImageInput:
    """An input for an image; ``default`` is a number for one channel, a colour, or None for a shader."""

    name: str
    default: float | tuple[float, float, float, float] | None
    help: str


@dataclass(frozen=True)
class VectorInput:
    """An input for a direction or a place."""

    name: str
    default: tuple[float, float, float]
    help: str


@dataclass(frozen=True)
class Control:
    """An input with a slider."""

    name: str
    default: float
    low: float
    high: float
    help: str
    subtype: str = "NONE"


def control(option: str, default: float | None = None, words: str = "") -> Control:
    """The input for an option of a job's look; ``default`` and the help ``words`` where a group has others."""
    declared = OPTIONS[option]
    assert declared.low is not None and declared.high is not None
    return Control(
        declared.label,
        declared.default if default is None else default,
        declared.low,
        declared.high,
        words or declared.help,
        "FACTOR" if (declared.low, declared.high) == (0, 1) else "NONE",
    )


Input = ImageInput | VectorInput | Control


@dataclass(frozen=True)
class Panel:
    """Inputs that show together under a title."""

    title: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Group:
    """A node group.

    Attributes:
        name: in the menu Add and in the Asset Browser.
        version: counts up when the nodes change, so that a file's older group is left to its results.
        help: what it does, in a sentence.
        output: its one output; the default is of no use.
        inputs: in the order in which they show.
        build: makes the nodes; the socket that the output takes.
        kind: of its tree: the compositor's, or the shaders'.
        more: further outputs; ``build`` then gives a tuple of sockets.
    """

    name: str
    version: int
    help: str
    output: Input
    inputs: tuple[Input | Panel, ...]
    build: Callable[[Wiring], Any]
    kind: Literal["CompositorNodeTree", "ShaderNodeTree"] = "CompositorNodeTree"
    more: tuple[Input, ...] = ()

    @property
    def plain_inputs(self) -> tuple[Input, ...]:
        """All inputs, in order."""
        found: list[Input] = []
        for each in self.inputs:
            found += each.inputs if isinstance(each, Panel) else (each,)
        return tuple(found)

    def tree(self) -> Any:
        """The node group of this file, made if there is none; all that use it share it."""
        for tree in bpy.data.node_groups:
            known = tree.get(_NAME_KEY), tree.get(_VERSION_KEY)
            if tree.bl_idname == self.kind and known == (self.name, self.version) and not tree.library:
                return tree
        tree = bpy.data.node_groups.new(self.name, self.kind)
        tree[_NAME_KEY], tree[_VERSION_KEY] = self.name, self.version
        self._declare(tree)
        wiring = Wiring(tree)
        out = self.build(wiring)
        end = tree.nodes.new("NodeGroupOutput")
        end.location = (wiring.end + _COLUMN, 0)
        for each, place in zip(out if self.more else (out,), end.inputs, strict=False):
            tree.links.new(each, place)
        return tree

    def _declare(self, tree: Any) -> None:
        for output in (self.output, *self.more):
            tree.interface.new_socket(
                output.name, in_out="OUTPUT", socket_type=_kind(output)
            ).description = output.help
        for each in self.inputs:
            panel = tree.interface.new_panel(each.title) if isinstance(each, Panel) else None
            for one in each.inputs if isinstance(each, Panel) else (each,):
                _socket(tree.interface, one, panel)


@contextmanager
def made_anew() -> Iterator[None]:
    """Within it :meth:`Group.tree` makes groups anew, under their own names; afterwards they are gone.

    Groups that the file has go out of the way for so long: they may have been edited, and they hold the names.
    """
    before = [tree for tree in bpy.data.node_groups if tree.library is None]
    names = [tree.name for tree in before]
    images = set(bpy.data.images)
    marks = [tree.pop(_NAME_KEY, None) for tree in before]
    for index, tree in enumerate(before):
        tree.name = f"skyar set aside {index}"
    try:
        yield
    finally:
        for tree in [tree for tree in bpy.data.node_groups if tree.library is None and tree not in before]:
            bpy.data.node_groups.remove(tree)
        for image in set(bpy.data.images) - images:
            if image.users == 0:
                bpy.data.images.remove(image)
        for tree, name, mark in zip(before, names, marks, strict=True):
            tree.name = name
            if mark is not None:
                tree[_NAME_KEY] = mark


def _kind(given: Input) -> str:
    if isinstance(given, VectorInput):
        return "NodeSocketVector"
    if given.default is None:
        return "NodeSocketShader"
    is_number = isinstance(given, Control) or isinstance(given.default, (int, float))
    return "NodeSocketFloat" if is_number else "NodeSocketColor"


def _socket(interface: Any, given: Input, panel: Any) -> None:
    socket = interface.new_socket(given.name, in_out="INPUT", socket_type=_kind(given), parent=panel)
    if isinstance(given, Control):
        socket.subtype = given.subtype
        socket.min_value, socket.max_value = given.low, given.high
    socket.default_value = given.default
    socket.description = given.help


class Wiring:
    """Fills a node group, step by step."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.end = 0.0
        self._inputs: Any = None

    def step(self, title: str, x: float | None = None, y: float = 0.0) -> Step:
        """A labelled frame for the nodes made within it, from ``x`` on, else right of all there is.

        It begins with the group's inputs, of which those show that are used.
        """
        self._inputs = self.tree.nodes.new("NodeGroupInput")
        return Step(self, self._inputs, title, self.end if x is None else x, y)

    def input(self, given: Input) -> Any:
        """The socket of an input, within a step."""
        return self._inputs.outputs[given.name]

    def nested(self, group: Group, **images: Any) -> Any:
        """The output of :meth:`placed`."""
        return self.placed(group, **images).outputs[0]

    def placed(self, group: Group, **images: Any) -> Any:
        """A node of ``group``. Inputs that this group has too are taken from there.

        ``images``: sockets for other inputs, by their names in lower case with underscores.
        """
        node = self.tree.nodes.new(self.tree.bl_idname.replace("NodeTree", "NodeGroup"))
        node.node_tree = group.tree()
        node.name = node.label = group.name
        node.width = 180
        for each in group.plain_inputs:
            key = each.name.lower().replace(" ", "_")
            source = images.pop(key, None)
            if source is None:
                source = self._inputs.outputs.get(each.name)
            if source is not None:
                self.tree.links.new(source, node.inputs[each.name])
        if images:
            raise KeyError(f"{group.name} has no input {', '.join(images)}")
        return node

    def finite(self, image: Any) -> Any:
        """A colour within 0 .. 65504; what is no number becomes 0.

        An image of a sequence may be any that somebody put there, and what is no number would spread.
        """
        return compat.clamped(self.tree, image, 0.0, _HALF)

    def fraction(self, number: Any) -> Any:
        """The same for a number within 0 .. 1."""
        return self.math("MINIMUM", 1.0, self.math("MAXIMUM", 0.0, number))  # the limit first, see compat.clamped

    # Shorthands of what groups do most, on one row of nodes.

    def math(self, operation: str, a: Any, b: Any = None) -> Any:
        """See :func:`..compat.math`."""
        return compat.math(self.tree, operation, a, b)

    def mix(self, blend: Any, factor: Any, a: Any, b: Any) -> Any:
        """See :func:`..compat.mix`."""
        return compat.mix(self.tree, blend, factor, a, b)


class Step:
    """Puts the nodes made within it into a labelled frame, in a row."""

    def __init__(self, wiring: Wiring, inputs: Any, title: str, x: float, y: float) -> None:
        self._wiring, self._inputs, self._title, self._x, self._y = wiring, inputs, title, x, y
        self._before = {node.name for node in wiring.tree.nodes} - {inputs.name}
        self.end = x

    def __enter__(self) -> Step:
        return self

    def __exit__(self, *_error: object) -> None:
        made = [node for node in self._wiring.tree.nodes if node.name not in self._before]
        frame = self._wiring.tree.nodes.new("NodeFrame")
        frame.label = self._title
        frame.use_custom_color, frame.color = True, _FRAME
        for column, node in enumerate(made):
            node.parent = frame
            node.location = (self._x + _COLUMN * column, self._y)
        for socket in self._inputs.outputs:
            socket.hide = not socket.is_linked
        self.end = self._x + _COLUMN * (len(made) + 0.5)
        self._wiring.end = max(self._wiring.end, self.end)
