# SPDX-License-Identifier: GPL-3.0-or-later
"""World shader nodes made from the Open Shading Language files in `shaders/`.

Cycles compiles and runs the shaders. Blender makes a script node's sockets itself only where its `oslquery` module
is installed, which the `bpy` wheel leaves out; so the sockets are made here, from the parameters in the bytecode.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import _cycles
import bpy

SHADERS = Path(__file__).parent / "shaders"

SOCKET_OF_TYPE = {
    "float": "NodeSocketFloat",
    "int": "NodeSocketInt",
    "color": "NodeSocketColor",
    "vector": "NodeSocketVector",
}


def compile_shader(name: str) -> str:
    """Bytecode of `shaders/<name>.osl`.

    Raises:
        RuntimeError: the shader does not compile (the compiler prints why), or this Blender has no OSL.
    """
    if not _cycles.with_osl:
        raise RuntimeError("This Blender was built without Open Shading Language; use an official bpy wheel.")
    source = SHADERS / f"{name}.osl"
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / f"{name}.oso"
        if not _cycles.osl_compile(str(source), str(compiled)):
            raise RuntimeError(f"{source} does not compile; the compiler's message is printed above.")
        return compiled.read_text()


def add_shader(tree: Any, name: str, inputs: Mapping[str, Any]) -> Any:
    """Adds `shaders/<name>.osl` to a node tree.

    Args:
        tree: node tree of a world.
        name: of the shader, without its ending.
        inputs: for each parameter a number, a tuple of three numbers, or an output socket to link to.

    Returns:
        The node; its outputs are the shader's output parameters.

    Raises:
        KeyError: the shader has no parameter of one of the names in `inputs`.
        RuntimeError: see `compile_shader`.
    """
    bytecode = compile_shader(name)
    node = tree.nodes.new("ShaderNodeScript")
    node.mode = "INTERNAL"
    node.label = name
    for line in bytecode.splitlines():
        words = line.split()
        if words and words[0] in ("param", "oparam"):
            sockets = node.inputs if words[0] == "param" else node.outputs
            socket = sockets.new(SOCKET_OF_TYPE[words[1]], words[2], identifier=words[2])
            if words[0] == "param":
                size = 1 if words[1] in ("float", "int") else 3
                default = [float(word) for word in words[3 : 3 + size]]
                _set_value(socket, default[0] if size == 1 else default)
    for parameter, value in inputs.items():
        if parameter not in node.inputs:
            raise KeyError(f"The shader {name} has no parameter {parameter}.")
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, node.inputs[parameter])
        else:
            _set_value(node.inputs[parameter], value)
    node.bytecode_hash = hashlib.md5(bytecode.encode(), usedforsecurity=False).hexdigest()
    node.bytecode = bytecode
    return node


def _set_value(socket: Any, value: Any) -> None:
    if socket.bl_idname == "NodeSocketColor":
        socket.default_value = (*value, 1.0)
    elif socket.bl_idname == "NodeSocketInt":
        socket.default_value = int(value)
    else:
        socket.default_value = value
