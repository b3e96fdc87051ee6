# SPDX-License-Identifier: GPL-3.0-or-later
"""From strips of the Video Sequencer to clips for the engine."""
