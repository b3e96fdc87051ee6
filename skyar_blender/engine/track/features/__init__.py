# SPDX-License-Identifier: GPL-3.0-or-later
"""Points worth following, where they went, and their tracks over many frames."""
