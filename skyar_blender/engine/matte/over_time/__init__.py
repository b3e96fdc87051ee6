# SPDX-License-Identifier: GPL-3.0-or-later
"""What the frames of a shot say together, once the camera's motion is known."""
