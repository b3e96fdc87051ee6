# SPDX-License-Identifier: GPL-3.0-or-later
"""What stages left in the output folder, read by later ones."""
