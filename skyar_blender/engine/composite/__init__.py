# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky in one picture, for previews and scripts."""
