# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sky: loading it, placing it, and looking at it through the camera."""
