# SPDX-License-Identifier: GPL-3.0-or-later
"""Following the camera: rotation and focal length for every frame."""
