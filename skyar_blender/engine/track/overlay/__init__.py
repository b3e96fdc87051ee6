# SPDX-License-Identifier: GPL-3.0-or-later
"""A grid of the sky over the footage: the quickest way to see whether a track sticks."""
