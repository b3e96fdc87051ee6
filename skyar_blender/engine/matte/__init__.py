# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the sky: a matte for every frame."""
