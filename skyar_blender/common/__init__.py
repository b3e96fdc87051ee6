# SPDX-License-Identifier: GPL-3.0-or-later
"""What all layers use beside the schema: shipped skies, names of files, choices of folders. Standard library only."""
