# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups of the World “Made to Measure”, one file each; :mod:`.made_to_measure` puts the others together.

Lengths are kilometres. Directions are unit vectors of the World: +x is the middle of a panorama, +z is up.
"""
