# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames in; mattes, camera motion, skies and composites out. No Blender, no processes, no experiment tracking."""
