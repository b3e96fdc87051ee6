# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar change-sky``: another sky for a finished result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.changed_sky import with_other_sky
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job, LightMode, Sky
from ...contract.layout import OutputFolder
from ..job_file import read_result_job
from . import options, running

_EPILOG = """Examples:

skyar change-sky out/ --sky cloudy --output out-cloudy/

skyar change-sky out/ --sky-rotation 60 --sky-raised 3 --output out-turned/

What is not said stays as it was. Matte, motion and clean plate are taken over, so it takes a fraction of the time;
the other result stays as it is."""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("change-sky", epilog=_EPILOG)(change_sky)


def change_sky(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of a result.", show_default=False)],
    output: Annotated[Path, typer.Option(help="Folder for the new result; new, empty, or of this same job.")],
    sky: Annotated[str | None, typer.Option(help="Name of a shipped sky, or a picture's path.")] = None,
    sky_rotation: Annotated[float | None, typer.Option(help="Degrees that the sky turns to the right.")] = None,
    sky_raised: Annotated[float | None, typer.Option(help="Degrees that the sky's horizon is raised.")] = None,
    sky_fov: Annotated[float | None, typer.Option(help="Degrees that a flat sky fills.", min=1, max=360)] = None,
    sky_mirror: Annotated[
        bool | None, typer.Option("--sky-mirror/--no-sky-mirror", help="Swap left and right of the sky.")
    ] = None,
    keep_ground: Annotated[
        bool | None, typer.Option("--keep-ground/--cut-ground", help="Leave the ground in a photograph of a sky.")
    ] = None,
    aim_sun: Annotated[
        bool | None,
        typer.Option(
            "--aim-sun/--no-aim-sun", help="Turn the sky so that its sun stands where the light comes from."
        ),
    ] = None,
    light_from: options.LightFromOption = None,
    sky_start: Annotated[
        float | None, typer.Option(help="Seconds into a sky that moves, at the first frame.")
    ] = None,
    sky_speed: Annotated[float | None, typer.Option(help="How many times as fast as its own a sky moves.")] = None,
    sky_brightness: Annotated[
        float | None, typer.Option(help="Stops on the sky's picture, before anything else.")
    ] = None,
    horizon: Annotated[
        float | None, typer.Option(help="Height of the horizon in the first frame, 0 bottom to 1 top.")
    ] = None,
    wind: Annotated[float | None, typer.Option(help="Degrees per second that the sky drifts to the right.")] = None,
    light: Annotated[
        LightMode | None, typer.Option(help="What of both skies is compared for the light on the foreground.")
    ] = None,
    rain: Annotated[float | None, typer.Option(help="How much rain falls, 0 to 1.")] = None,
    reflections: Annotated[float | None, typer.Option(help="How far water mirrors the new sky, 0 to 1.")] = None,
    previews: Annotated[bool, typer.Option(help="Make preview.mp4 and compare.mp4; it takes longer.")] = False,
    device: options.DeviceOption = "auto",
    as_json: options.JsonOption = False,
) -> None:
    """Give the finished RESULT another sky, or place its sky anew."""
    with running.told_errors(as_json):
        folder = result.expanduser().absolute()
        before = _job_of(folder)
        assert before.sky is not None  # _job_of checks it
        # A sky of another name or picture is what it is; how it is hung stays.
        chosen = before.sky if sky is None else replace(before.sky, source=options.sky_source(sky), kind="auto")
        placed = _said(
            rotation=sky_rotation,
            raised=sky_raised,
            field_of_view=sky_fov,
            mirror=sky_mirror,
            keep_ground=keep_ground,
            aim_sun=aim_sun,
            light_from=light_from,
            start=sky_start,
            speed=sky_speed,
            exposure=sky_brightness,
        )
        settings = _said(horizon=horizon, wind=wind)
        try:
            settings["look"] = replace(before.settings.look, **_said(light=light, reflections=reflections))
            changed: Sky = replace(chosen, **placed)
            target = str(output.expanduser().absolute())
            job = with_other_sky(before, str(folder), target, changed, previews, rain, **settings)
            job = replace(job, device=device)
        except ValueError as error:
            raise options.bad_options(error) from error
    running.run(job, as_json)


def _said(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _job_of(folder: Path) -> Job:
    layout = OutputFolder(folder)
    if not layout.job.is_file() and not layout.record.is_file():
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"There is no result in {folder}.",
            "It has no job.json.",
            "Give the output folder of skyar replace, or of Replace Sky in Blender.",
        )
    job = read_result_job(folder)
    if job.sky is None:
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The result in {folder} has no sky that could be changed.",
            "It is a matte or a track only.",
            "Run skyar replace on the clip.",
        )
    return job
