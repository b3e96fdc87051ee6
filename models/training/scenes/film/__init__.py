# SPDX-License-Identifier: GPL-3.0-or-later
"""From rendered light to stored pictures and movies (engine packages, no Blender)."""
