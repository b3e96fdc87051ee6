# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring: methods against truth, and speed. Apart from what runs, and not in the extension's zip."""
