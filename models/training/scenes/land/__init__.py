# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground: meadows, mountains, shores, water and roads."""
