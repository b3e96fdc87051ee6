# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of trackers that look at no image: how many frames they were given."""

from __future__ import annotations

import json


def pack_count(tracker: str, count: int) -> bytes:
    """The state of ``tracker`` after ``count`` frames, as JSON."""
    return json.dumps({"tracker": tracker, "count": count}).encode()


def unpack_count(tracker: str, state: bytes, most: int | None = None) -> int:
    """Inverse of :func:`pack_count`.

    Raises ValueError when the state is damaged, of another tracker, or says more than ``most``.
    """
    try:
        data = json.loads(state)
        count = data["count"]
        if data["tracker"] != tracker or not isinstance(count, int) or count < 0:
            raise ValueError("it is of another tracker")
        if most is not None and count > most:
            raise ValueError(f"it is of {count} frames, but there are {most}")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"the state of the camera tracking cannot be read: {error}") from error
    return count
