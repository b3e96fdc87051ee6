# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera that travels: epipolar geometry, and bundle adjustment of rotations, places and depths."""
