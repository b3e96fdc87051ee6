# SPDX-License-Identifier: GPL-3.0-or-later
"""Compositor nodes: one node group per file, and the tree of a result."""
