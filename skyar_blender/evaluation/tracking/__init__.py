# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips with exact truth of the camera, and how far a track is from it."""
