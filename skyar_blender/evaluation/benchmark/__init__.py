# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a machine replaces skies, and how far that is from the speed of its disk."""
