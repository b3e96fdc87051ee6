# SPDX-License-Identifier: GPL-3.0-or-later
"""From frame to frame: keyframes, the search for the next motion, and the state that a resumed run reads."""
