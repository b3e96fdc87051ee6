# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments and options that several subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...common.image_names import image_name, several_series
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip, MatteMethodName, Quality
from ..files.image_files import PICTURE_ENDINGS, images_in, is_image
from .job_options import absolute_path, help_of

if TYPE_CHECKING:
    from ...engine.matte.interface import MatteMethod

ClipArgument = Annotated[
    str,
    typer.Argument(
        metavar="CLIP",
        help="A movie, a folder of pictures, a pattern for some of them, or one picture.",
        show_default=False,
    ),
]
QualityOption = Annotated[Quality, typer.Option(help=help_of("quality"))]
MattingWeightsOption = Annotated[str | None, typer.Option(help=help_of("matting_weights"), metavar="PATH")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object per event instead of progress.")]


def clip_from(path: str) -> Clip:
    """The clip that a path on the command line means.

    Raises:
        SkyarError: ``clip_missing``, ``clip_empty``, ``bad_job``.
    """
    place = Path(path).expanduser().absolute()
    try:
        by_pattern = "*" in place.name and place.parent.is_dir() and not place.exists()
        if place.is_dir() or by_pattern:
            place, pattern = (place.parent, place.name) if by_pattern else (place, "*")
            names = images_in(place, pattern)
            if not names:
                raise SkyarError(
                    ErrorCode.CLIP_EMPTY,
                    f"There is no picture in {place}.",
                    f"Looked for: {', '.join(sorted(PICTURE_ENDINGS))}.",
                    "Give a movie, or a folder with numbered pictures.",
                )
            mixed = several_series(names)
            if mixed:
                raise SkyarError(
                    ErrorCode.BAD_JOB,
                    f"{place} holds the pictures of more than one sequence.",
                    f"Among them are {', '.join(mixed[:4])}.",
                    f"Name those of one by a pattern in quotes, such as “{place / _pattern(mixed[0])}”, or move the "
                    "others away.",
                )
            return Clip(path=str(place), kind="sequence", files=names)
        if is_image(place):
            return Clip(path=str(place.parent), kind="sequence", files=[place.name])
        return Clip(path=str(place))
    except ValueError as error:
        raise bad_options(error) from error


def _pattern(name: str) -> str:
    """A pattern for all images of the sequence that ``name`` is of."""
    part = image_name(name)
    return name if part is None else f"{part.head}*{part.tail}{part.ending}"


def method_from(name: MatteMethodName, quality: Quality, weights: str | None) -> MatteMethod:
    """The matting method that the options mean.

    Raises:
        SkyarError: ``bad_job``: weights for a method without a network; those of the network, and of fetching it.
    """
    from ...engine.matte.methods import matte_method
    from ..fetched_weights import file_of, weights_of
    from ..process.control import CancelToken

    if weights is not None and name != "network":
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The weights {weights} cannot be used.",
            f"The method “{name}” has no network.",
            "Leave out --matting-weights, or choose another --method.",
        )
    try:
        found = weights_of(absolute_path(weights), None, CancelToken())
    except ValueError as error:
        raise bad_options(error) from error
    return matte_method(name, quality, file_of(found))


def sky_source(sky: str) -> str:
    """A path (absolute) where it is one, else the name of a shipped sky."""
    path = Path(sky).expanduser()
    return str(path.absolute()) if path.suffix or len(path.parts) > 1 else sky


def bad_options(error: ValueError) -> SkyarError:
    """A wrong value on the command line, in words."""
    return SkyarError(ErrorCode.BAD_JOB, "The options do not fit together.", f"{error}.", "See --help.")
