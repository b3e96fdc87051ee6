# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedural outdoor scenes, rendered with Blender Cycles.

Every module holds one ingredient and builds it from a seed alone, so the same seed gives the same image. Lengths
are metres, angles radians, z points up, and a scene's middle is near the origin. See README.md.

Modules that do not need Blender (`noise`, `cameras.handheld`, `cameras.moves`, `cameras.lens` and all of `film`)
import only numpy, OpenCV, OpenEXR and PyAV.
"""
