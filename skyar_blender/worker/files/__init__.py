# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the output folder: written, recorded, and checked again."""
