# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the camera is, what lens it has, and how it moves."""
