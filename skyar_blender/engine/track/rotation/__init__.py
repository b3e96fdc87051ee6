# SPDX-License-Identifier: GPL-3.0-or-later
"""How the camera turned and what its lens is: pairs of frames, and whole shots at once."""
