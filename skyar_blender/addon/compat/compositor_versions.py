# SPDX-License-Identifier: GPL-3.0-or-later
"""What a version of Blender brought to the compositor."""

from __future__ import annotations

import bpy

#: Blender 4.5 brought the shader nodes' Math and Mix into the compositor; 5.0 removed the older ones.
SHADER_NODES = bpy.app.version >= (4, 5, 0)
#: Blender 4.5 made the sizes of the Blur node a socket, in pixels.
SIZES_ARE_SOCKETS = bpy.app.version >= (4, 5, 0)
#: Blender 5.0 made compositor trees node groups of their own, and most node options sockets.
TREES_ARE_GROUPS = bpy.app.version >= (5, 0, 0)
