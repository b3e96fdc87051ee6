# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sky of one frame ends, and the straight horizon in it."""
