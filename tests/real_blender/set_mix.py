# SPDX-License-Identifier: GPL-3.0-or-later
"""In Blender: set Mix of every "SkyAR Composite" in the open file.

``blender --background REPLACED.blend --python set_mix.py ... -- VALUE``
"""

from __future__ import annotations

import sys

import bpy


def set_mix(value: float) -> None:
    """Set the input "Mix" (0..1) on each use of the node group; SystemExit when there is none."""
    found = 0
    for scene in bpy.data.scenes:
        tree = scene.compositing_node_group
        for node in tree.nodes if tree else ():
            if node.type == "GROUP" and node.node_tree and node.node_tree.name.startswith("SkyAR Composite"):
                node.inputs["Mix"].default_value = value
                found += 1
    print(f"Mix is {value} in {found} composite(s)")
    if not found:
        sys.exit("the file holds no SkyAR Composite")


if __name__ == "__main__":
    set_mix(float(sys.argv[sys.argv.index("--") + 1]))
