# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts that make the skies share. Needs Blender 5.0 as a module (`bpy` 5.0), which brings numpy."""
