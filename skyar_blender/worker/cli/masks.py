# SPDX-License-Identifier: GPL-3.0-or-later
"""Options for the artist's corrections: ``--sky-mask`` and ``--keep-mask``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ...contract.correction import Correction, Truth
from ...contract.errors import ErrorCode, SkyarError
from ..files.image_files import images_in
from .options import bad_options

_FORM = "PATH[:FIRST-LAST]"
#: Frames at the end; a colon after a drive's letter is part of the path.
_FRAMES = re.compile(r"(?P<path>.+):(?P<first>\d+)-(?P<last>\d+)", re.DOTALL)

SkyMaskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sky-mask",
        metavar=_FORM,
        help="A picture, white where there is surely sky, or a folder with one per frame; "
        "for all frames or some, the first of the job being 0. May be given several times.",
    ),
]
KeepMaskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--keep-mask",
        metavar=_FORM,
        help="As --sky-mask, white where there is surely no sky; counts where both are white.",
    ),
]


def corrections_from(sky: list[str] | None, keep: list[str] | None) -> list[Correction]:
    """The corrections that the options mean; what is to be kept comes last, and so is right where both apply.

    Raises:
        SkyarError: ``bad_job``, ``mask_unreadable``.
    """
    return [_correction(text, "sky") for text in sky or ()] + [_correction(text, "not_sky") for text in keep or ()]


def _correction(text: str, truth: Truth) -> Correction:
    path, first, last = text, None, None
    match = _FRAMES.fullmatch(text)
    if match and not _place(text).exists():
        path, first, last = match["path"], int(match["first"]), int(match["last"])
    place = _place(path)
    try:
        if not place.is_dir():
            return Correction(path=str(place), truth=truth, first=first, last=last)
        names = images_in(place)
        if not names:
            raise SkyarError(
                ErrorCode.MASK_UNREADABLE,
                f"There is no picture in {place}.",
                "A folder of masks holds one picture per frame.",
                "Give a picture, or a folder with numbered pictures.",
            )
        return Correction(path=str(place), truth=truth, first=first, last=last, files=names)
    except ValueError as error:
        raise bad_options(error) from error


def _place(path: str) -> Path:
    return Path(path).expanduser().absolute()
