# SPDX-License-Identifier: GPL-3.0-or-later
"""What the artist knows better than any method: places that are surely sky, or surely not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .documents import check_inside, check_plain_name

Truth = Literal["sky", "not_sky"]

#: Grey from which a pixel of a correction's image is marked: half way between black and white, as displayed.
MARKED_FROM = 0.5


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A mask over some frames of the job: white pixels are surely sky, or surely not.

    Grey counts from :data:`MARKED_FROM` on, transparent pixels count as black. Where corrections of one job overlap,
    the later one in the list is right.

    Attributes:
        path: an image for all its frames, or the folder of one image per frame. Absolute, or relative to the
            job's output folder.
        truth: what white says: ``sky`` or ``not_sky``.
        first: first frame of the job that it holds for, from 0; None is the job's first.
        last: last frame of the job that it holds for, inclusive; None is the job's last, or that of the last file.
        files: names of the images inside the folder ``path``, one per frame from ``first`` on; empty when ``path``
            is an image.
        placement: where the clip's image lies in the mask's, as (a, b, c, d, e, f): the point (x, y) of the clip
            is (a x + b y + c, d x + e y + f) in the mask, both from 0 to 1 across and from 0 to 1 down. None lets
            the mask fill the clip's image, whatever its size.
    """

    path: str
    truth: Truth
    first: int | None = None
    last: int | None = None
    files: list[str] = field(default_factory=list)
    placement: list[float] | None = None

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("`correction.path` is empty")
        start = self.first or 0
        if start < 0 or (self.last is not None and self.last < start):
            raise ValueError(f"the correction {self.path} holds from frame {start} to {self.last}: there is none")
        if self.files and self.last is not None and len(self.files) != self.last - start + 1:
            raise ValueError(
                f"the correction {self.path} has {len(self.files)} pictures for {self.last - start + 1} frames"
            )
        check_inside(self.path, "`correction.path`")
        for name in self.files:
            check_plain_name(name, f"`correction.files` of {self.path}")
        if self.placement is not None and not (
            len(self.placement) == 6 and all(math.isfinite(number) for number in self.placement)
        ):
            raise ValueError(f"`correction.placement` of {self.path} must be six numbers")

    def frames(self, count: int) -> range:
        """The frames of a job of ``count`` frames that this one holds for; may reach beyond the job's end."""
        start = self.first or 0
        if self.files:
            return range(start, start + len(self.files))
        return range(start, count if self.last is None else self.last + 1)

    def image(self, frame: int, base: Path) -> Path:
        """Its image for ``frame`` of :meth:`frames`; ``base`` is the job's output folder."""
        place = base / self.path
        return place / self.files[frame - (self.first or 0)] if self.files else place
