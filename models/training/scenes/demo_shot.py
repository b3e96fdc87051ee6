# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo clip's renderer and its finisher both need to know about the shot."""

from __future__ import annotations

from .cameras.handheld import Walk

WIDTH, HEIGHT, RATE = 854, 480, 24
#: In pixels of the finished clip: 64 degrees across, as a phone's main camera in video mode.
FOCAL_PX = 683.0
SEED = 5
#: In stops, before the AgX view transform.
EXPOSURE = 0.65
WALK = Walk()
#: Frames (from 1) whose exact matte is kept beside the clip.
MATTE_FRAMES = (1, 36, 72)
