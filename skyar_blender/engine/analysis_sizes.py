# SPDX-License-Identifier: GPL-3.0-or-later
"""The size at which each method looks at frames, for each quality of a job: the long side in pixels."""

from __future__ import annotations

#: Of the matting network's input.
NETWORK = {"draft": 288, "normal": 512, "high": 640}
#: Of the image that the adaptive matte describes.
ADAPTIVE = {"draft": 320, "normal": 448, "high": 640}
#: Of the image that points are followed in.
TRACK = {"draft": 480, "normal": 640, "high": 960}
