# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators, one per file; ``_MODULES`` in ``addon/__init__.py`` lists those that Blender is to know."""
