# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine's rain and that of the node group have in common."""

from __future__ import annotations

from typing import Final

#: Images of rain, shown one after the other, over and over: so many that nobody sees them come back.
PICTURES: Final = 32
#: How much of the haze's colour full rain lays over what is far.
VEIL: Final = 0.25
#: How much brighter than that colour the streaks are.
GLOW: Final = 1.3
