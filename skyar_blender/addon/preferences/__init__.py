# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences, and what they show of the engine."""
