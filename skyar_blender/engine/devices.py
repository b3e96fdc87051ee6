# SPDX-License-Identifier: GPL-3.0-or-later
"""Which devices do what."""

from __future__ import annotations

#: Names of the devices on which all runs that is written in torch. On others the network alone does: Metal may lack
#: some of the operations.
WHOLE = ("cuda", "rocm")
