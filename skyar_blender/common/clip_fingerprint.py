# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a clip that was changed since a result was made of it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..contract.clip import Clip

#: Bytes that are looked at, at each end of a file.
_SAMPLE = 1 << 20


def fingerprint_of_clip(clip: Clip) -> dict[str, str | int]:
    """Tells a changed clip without reading gigabytes: sizes, and the first and last megabyte."""
    digest = hashlib.sha256()
    total = 0
    paths = [Path(clip.path)] if clip.kind == "movie" else [Path(clip.path, name) for name in clip.files]
    ends = {paths[0], paths[-1]}
    for path in paths:
        try:
            size = path.stat().st_size
            total += size
            digest.update(os.fsencode(path.name) + f":{size};".encode())
            if path in ends:
                with path.open("rb") as file:
                    digest.update(file.read(_SAMPLE))
                    file.seek(max(0, size - _SAMPLE))
                    digest.update(file.read(_SAMPLE))
        except OSError:
            digest.update(b"missing;")  # reading the clip reports this with its reason
    return {"bytes": total, "sha256": digest.hexdigest()}
