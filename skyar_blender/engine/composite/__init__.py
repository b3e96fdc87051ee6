# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky in one image, for previews and scripts."""
