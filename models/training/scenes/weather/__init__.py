# SPDX-License-Identifier: GPL-3.0-or-later
"""The sky as the world, and the light it gives: one kind of sky in each file."""
