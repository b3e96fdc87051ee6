# SPDX-License-Identifier: GPL-3.0-or-later
"""From rendered light to stored images and movies (engine packages, no Blender)."""
