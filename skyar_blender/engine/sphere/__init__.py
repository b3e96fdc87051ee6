# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of all directions (equirectangular), as 360-degree cameras make them."""
