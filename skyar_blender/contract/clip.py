# SPDX-License-Identifier: GPL-3.0-or-later
"""The footage of a job."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from .colour_transform import ColourTransform
from .documents import check_inside, check_plain_name
from .option import CLIPS, check_options, option

ClipKind = Literal["movie", "sequence"]
Projection = Literal["auto", "rectilinear", "equirectangular"]

_RATE = re.compile(r"\d{1,9}(?:\.\d{1,9})?(?:/(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Clip:
    """The footage.

    Attributes:
        path: a movie file, or the folder of an image sequence; absolute.
        kind: ``movie`` or ``sequence``.
        files: names of the images inside ``path``, in order; only for a sequence.
        stream: which of a movie's video streams, from 0; None is the first that is not a cover image. Blender takes
            the first of all.
        rate: frames per second of the result as a fraction ("30000/1001"); None takes the movie's own (24 for a
            sequence).
        first: first source frame used, from 0. Source frames are numbered by the movie's own clock, whatever ``rate``
            is: source frame k is the latest image begun k frames of the movie's own rate after its start.
        colour_space: Blender's name of the colour space that the clip is shown in; None is the file's own.
        last: last source frame used, inclusive; None is the last of the clip.
        order: the source frame shown by each frame of the job, where it is not ``first .. last`` one by one
            (reversed, slowed down, another rate). ``first`` and ``last`` are ignored then.
        projection: ``equirectangular`` for all directions, twice as wide as high, as 360-degree cameras make it;
            ``rectilinear`` for all else; ``auto`` takes the file's word.
        colour: what that colour space makes of the codes, where SkyAR does not know it by its name.
        turned: whether the images of a movie are turned as the file says; Blender 4.2 shows them as they are stored.
    """

    path: str
    kind: ClipKind = "movie"
    files: list[str] = field(default_factory=list)
    stream: int | None = option(
        None,
        label="Stream",
        help="Which of a movie's video streams, from 0; the first that is no cover picture, if not given",
        group="Clip",
        affects="clip",
        shown="strip",
        low=0,
        high=1000,
    )
    rate: str | None = option(
        None,
        label="Rate",
        help="Frames per second of the result, which shows one source frame after the other, such as 25 or "
        "30000/1001; the movie's, or 24, if not given",
        group="Clip",
        affects="clip",
        verbs=CLIPS,
        shown="strip",
    )
    first: int = option(
        0, label="First", help="First source frame, from 0", group="Clip", affects="clip", verbs=CLIPS, shown="strip"
    )
    last: int | None = option(
        None,
        label="Last",
        help="Last source frame, inclusive; the clip's last, if not given",
        group="Clip",
        affects="clip",
        verbs=CLIPS,
        shown="strip",
    )
    order: list[int] | None = None
    colour_space: str | None = option(
        None,
        label="Colour Space",
        help="Blender's name of the colour space that the clip is shown in; the file's own, if not given",
        group="Clip",
        affects="clip",
        shown="strip",
    )

    projection: Projection = option(
        "auto",
        label="Camera View",
        help="How much the camera sees: a view in one direction, or all around (360 degrees)",
        group="Clip",
        affects="clip",
        verbs=CLIPS,
        shown="dialog",
        choices={
            "auto": ("As the File Says", "All directions where the file says that it is a 360-degree one"),
            "rectilinear": ("Ordinary", "What a camera sees in one direction"),
            "equirectangular": ("360 Degrees", "All directions, twice as wide as high (equirectangular)"),
        },
    )
    colour: ColourTransform | None = None
    turned: bool = True

    @property
    def frames(self) -> int | None:
        """How many frames a job on it has; None where only the file tells."""
        if self.order is not None:
            return len(self.order)
        return None if self.last is None else self.last - self.first + 1

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("`clip.path` is empty")
        if self.kind == "sequence" and not self.files:
            raise ValueError("`clip.files` names no picture")
        check_options(self, "clip")
        check_inside(self.path, "`clip.path`")
        for name in self.files:
            check_plain_name(name, "`clip.files`")
        if self.first < 0 or (self.last is not None and self.last < self.first):
            raise ValueError(f"`clip.first` is {self.first} and `clip.last` {self.last}: no frame lies between")
        if self.order is not None and (not self.order or min(self.order) < 0):
            raise ValueError("`clip.order` must name at least one frame, none below 0")
        if self.rate is not None:
            # The form first: a fraction of "1e99999999" would have as many digits.
            written = _RATE.fullmatch(self.rate)
            if not written or not (int(written[1] or 1) and 0 < Fraction(self.rate) <= 1000):
                raise ValueError(f"`clip.rate` is {self.rate!r}, but must be a rate such as 25 or 30000/1001")
