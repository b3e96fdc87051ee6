# SPDX-License-Identifier: GPL-3.0-or-later
"""The size at which each method works, for each quality of a job: the long side in pixels."""

from __future__ import annotations

from ..common.stored_sizes import WHOLE

#: Of the matting network's input.
NETWORK = {"draft": 288, "normal": 512, "high": 640}
#: The network looks at every so manieth frame at least; two at most, so that an answer is carried on once.
LOOKS = {"draft": 2, "normal": 2, "high": 1}
#: Of the image that the adaptive matte describes.
ADAPTIVE = {"draft": 320, "normal": 448, "high": 640}
#: Of the image that points are followed in.
TRACK = {"draft": 480, "normal": 640, "high": 960}

#: Of the image whose edges are looked for, at most; the matte is enlarged to the clip's size.
MATTE = {"draft": 640, "normal": WHOLE, "high": WHOLE}
