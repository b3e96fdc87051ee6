# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of all directions (equirectangular), as 360-degree cameras make them."""
