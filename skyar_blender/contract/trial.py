# SPDX-License-Identifier: GPL-3.0-or-later
"""Several skies tried on one clip: what shows them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Made at the end of the trial's last job, from previews.

    Attributes:
        results: absolute folders of the other skies' finished results, with previews, in the order of showing; the
            job's own comes last.
        sheet: absolute path of the contact sheet, a JPG.
        movie: absolute path of the split screen of all skies, an MP4.
    """

    results: list[str] = field(default_factory=list)
    sheet: str
    movie: str

    def __post_init__(self) -> None:
        for path in (*self.results, self.sheet, self.movie):
            if not Path(path).is_absolute():
                raise ValueError(f"`trial` names {path!r}, but must name absolute paths")
