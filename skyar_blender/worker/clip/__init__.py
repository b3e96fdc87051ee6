# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a clip before any stage works on it."""
