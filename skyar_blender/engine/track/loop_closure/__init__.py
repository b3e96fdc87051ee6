# SPDX-License-Identifier: GPL-3.0-or-later
"""Shots that show the same place: what is kept of each, and how their cameras stand to one another."""
