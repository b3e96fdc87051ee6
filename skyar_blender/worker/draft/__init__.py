# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts: one frame under a new sky within seconds, before anything long is started."""
