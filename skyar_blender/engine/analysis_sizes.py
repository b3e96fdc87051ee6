# SPDX-License-Identifier: GPL-3.0-or-later
"""The size at which each method works, for each quality of a job: the long side in pixels."""

from __future__ import annotations

#: Of the matting network's input.
NETWORK = {"draft": 288, "normal": 512, "high": 640}
#: Of the image that the adaptive matte describes.
ADAPTIVE = {"draft": 320, "normal": 448, "high": 640}
#: Of the image that points are followed in.
TRACK = {"draft": 480, "normal": 640, "high": 960}

#: More than any clip has: nothing is made smaller.
WHOLE = 1 << 20
#: Of the image whose edges are looked for, at most; the matte is enlarged to the clip's size.
MATTE = {"draft": 640, "normal": WHOLE, "high": WHOLE}
#: Of the files of clean plates and of the new sky, at most; nodes enlarge them.
PLATE = {"draft": 480, "normal": 960, "high": 960}
SKY = {"draft": 640, "normal": WHOLE, "high": WHOLE}
#: Of the previews, where the job says nothing.
PREVIEW = {"draft": 640, "normal": WHOLE, "high": WHOLE}
