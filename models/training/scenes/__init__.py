# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedural outdoor scenes, rendered with Blender Cycles.

Every module holds one ingredient (trees, buildings, terrain, sky, camera, film) and builds it from a seed alone,
so the same seed gives the same picture. Lengths are metres, angles radians, z points up, and the camera
starts near the origin looking along +y.

Modules that do not need Blender (``handheld``, ``noise``, ``film``, ``sound``) import only numpy and PyAV.
"""
