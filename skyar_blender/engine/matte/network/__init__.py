# SPDX-License-Identifier: GPL-3.0-or-later
"""The matte from a trained network."""
