# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts that make the skies share. Needs Blender as a module (`bpy`), which brings numpy."""
