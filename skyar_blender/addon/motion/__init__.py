# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras that Blender knows: those of a scene, and those solved in the Movie Clip Editor."""
