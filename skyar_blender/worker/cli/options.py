# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments and options that several subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip, Device, MatteMethodName, Motion, Quality, Settings
from ...contract.picture_names import picture_name, several_series
from ...contract.weights_name import is_weights_name
from ..picture_files import PICTURE_ENDINGS, is_picture, pictures_in

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
FirstOption = Annotated[int, typer.Option(help="First source frame, from 0.", min=0)]
LastOption = Annotated[int | None, typer.Option(help="Last source frame, inclusive.", min=0)]
RateOption = Annotated[
    str | None,
    typer.Option(
        help="Frames per second of the result, which shows one source frame after the other, such as 25 or "
        "30000/1001; default: the movie's, or 24."
    ),
]
QualityOption = Annotated[Quality, typer.Option(help="Size at which sky and motion are analysed.")]
MotionOption = Annotated[
    Motion | None,
    typer.Option(
        help="Follow the camera (the default), take it as locked off, or take one that is given in --motion-file."
    ),
]
MotionFileOption = Annotated[
    Path | None,
    typer.Option(
        help="The motion of a given camera, as JSON (see docs/command_line.md); --motion is SCENE_CAMERA then."
    ),
]
FocalOption = Annotated[
    float | None,
    typer.Option(help="Focal length in mm on a 36 mm wide sensor; default: a usual wide lens.", min=4, max=2000),
]
DeviceOption = Annotated[Device, typer.Option(help="Where networks run.")]
MattingWeightsOption = Annotated[
    str | None,
    typer.Option(
        help="Weights of the matting network: ONNX, safetensors, or the checkpoint of SkyAR's paper; or an artifact "
        "of Weights & Biases, wandb://ENTITY/PROJECT/ARTIFACT:VERSION; default: those that come with SkyAR.",
        metavar="PATH",
    ),
]
MatteMethodOption = Annotated[MatteMethodName, typer.Option(help="How the sky is found; adaptive has no network.")]
TintOption = Annotated[
    str | None,
    typer.Option(help="Linear R,G,B of the light, such as 1.2,1,0.8, for --light manual.", metavar="R,G,B"),
]
AimSunOption = Annotated[
    bool, typer.Option("--aim-sun", help="Turn the sky so that its sun stands where the shot's light comes from.")
]
LightFromOption = Annotated[
    float | None,
    typer.Option(
        help="Degrees to the right of the first frame that the shot's light comes from; found if not given."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object per event instead of progress.")]


def clip_from(path: str, first: int, last: int | None, rate: str | None) -> Clip:
    """The clip that a path on the command line means.

    Raises:
        SkyarError: ``clip_missing``, ``clip_empty``, ``bad_job``.
    """
    place = Path(path).expanduser().absolute()
    try:
        by_pattern = "*" in place.name and place.parent.is_dir() and not place.exists()
        if place.is_dir() or by_pattern:
            place, pattern = (place.parent, place.name) if by_pattern else (place, "*")
            names = pictures_in(place, pattern)
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
            return Clip(path=str(place), kind="sequence", files=names, first=first, last=last, rate=rate)
        if is_picture(place):
            return Clip(
                path=str(place.parent), kind="sequence", files=[place.name], first=first, last=last, rate=rate
            )
        return Clip(path=str(place), first=first, last=last, rate=rate)
    except ValueError as error:
        raise bad_options(error) from error


def _pattern(name: str) -> str:
    """A pattern for all pictures of the sequence that ``name`` is of."""
    part = picture_name(name)
    return name if part is None else f"{part.head}*{part.tail}{part.ending}"


def method_from(name: MatteMethodName, quality: Quality, weights: str | None) -> MatteMethod:
    """The matting method that the options mean.

    Raises:
        SkyarError: ``bad_job``: weights for a method without a network; those of the network, and of fetching it.
    """
    from ...engine.matte.methods import matte_method
    from ..control import CancelToken
    from ..fetched_weights import FetchedWeights, weights_of

    if weights is not None and name == "adaptive":
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The weights {weights} cannot be used.",
            f"The method “{name}” has no network.",
            "Leave out --matting-weights, or choose another --method.",
        )
    try:
        found = weights_of(_weights(weights), None, CancelToken())
    except ValueError as error:
        raise bad_options(error) from error
    return matte_method(name, quality, Path(found.path) if isinstance(found, FetchedWeights) else found)


def settings_from(
    method: MatteMethodName,
    weights: str | None,
    motion: Motion | None = None,
    motion_file: Path | None = None,
    **others: Any,
) -> Settings:
    """A job's settings with a matting method, its weights and the camera's motion (made absolute), and ``others``.

    Raises:
        SkyarError: ``bad_job``.
    """
    chosen: Motion = motion or ("SOLVE" if motion_file is None else "SCENE_CAMERA")
    try:
        return Settings(
            matte_method=method,
            matting_weights=_weights(weights),
            motion=chosen,
            motion_path=_absolute(motion_file),
            **others,
        )
    except ValueError as error:
        raise bad_options(error) from error


def sky_source(sky: str) -> str:
    """A path (absolute) where it is one, else the name of a shipped sky."""
    path = Path(sky).expanduser()
    return str(path.absolute()) if path.suffix or len(path.parts) > 1 else sky


def tint_from(text: str | None) -> list[float]:
    """The three numbers of a tint; white for None. Raises ValueError."""
    if text is None:
        return [1.0, 1.0, 1.0]
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--tint is {text!r}, but must be three numbers such as 1.2,1,0.8") from None


def _weights(text: str | None) -> str | None:
    """A path is made absolute, a name stays as it is."""
    return text if text is None or is_weights_name(text) else _absolute(Path(text))


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.expanduser().absolute())


def bad_options(error: ValueError) -> SkyarError:
    """A wrong value on the command line, in words."""
    return SkyarError(ErrorCode.BAD_JOB, "The options do not fit together.", f"{error}.", "See --help.")
