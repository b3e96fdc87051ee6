# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a scene: one kind of thing in each file."""
