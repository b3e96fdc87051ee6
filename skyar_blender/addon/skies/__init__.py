# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies that can be chosen: shipped ones, pictures, Worlds."""
