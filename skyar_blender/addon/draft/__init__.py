# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts: the frame at the playhead under the chosen sky, drawn over the sequencer's preview."""
