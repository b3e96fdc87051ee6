# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups of SkyAR, one file each; :mod:`.composite` puts the others together."""
