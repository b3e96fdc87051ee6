# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a matte is: errors against truth, and flicker with and without it."""
