# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations, lenses and pixels: what everything that follows a camera computes with."""
