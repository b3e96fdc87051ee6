# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the draft listens to mouse and keys: one modal operator at a time, as long as there is a draft."""

from __future__ import annotations

from ..bases import own_ops

listening = False


def begin() -> None:
    """Listen, unless that is done already."""
    if not listening:
        own_ops.sequencer.skyar_draft_by_hand("INVOKE_DEFAULT")
