# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar replace``: a clip with a new sky."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...contract.job import DEFAULT_MATTE_METHOD, Job, LightMode, Look, Sky, SkyKind
from ...contract.sky_library import usual_rain
from ...contract.wandb import DEFAULT_PROJECT
from . import masks, options, running, wandb_options

_EPILOG = """Examples:

skyar replace walk.mp4 --sky sunset --output out/

skyar replace frames/ --rate 25 --sky ~/skies/dawn.hdr --sky-rotation 40 --output out/

skyar replace walk.mp4 --sky cloudy --first 100 --last 199 --output out/ --json

The same command run again goes on where it was stopped."""
_LOOK = Look()


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("replace", epilog=_EPILOG)(replace)


def replace(
    clip: options.ClipArgument,
    sky: Annotated[str, typer.Option(help="Name of a shipped sky (see: skyar skies), or a picture's path.")],
    output: Annotated[Path, typer.Option(help="Folder for the result; new, empty, or of this same job.")],
    first: options.FirstOption = 0,
    last: options.LastOption = None,
    rate: options.RateOption = None,
    quality: options.QualityOption = "normal",
    matte_method: options.MatteMethodOption = DEFAULT_MATTE_METHOD,
    matting_weights: options.MattingWeightsOption = None,
    motion: options.MotionOption = None,
    motion_file: options.MotionFileOption = None,
    focal_length: options.FocalOption = None,
    sky_mask: masks.SkyMaskOption = None,
    keep_mask: masks.KeepMaskOption = None,
    horizon: Annotated[
        float | None, typer.Option(help="Height of the horizon in the first frame, 0 bottom to 1 top.")
    ] = None,
    wind: Annotated[
        float,
        typer.Option(help="Degrees per second by which the new sky drifts to the right (report.json has the old)."),
    ] = 0.0,
    sky_kind: Annotated[SkyKind, typer.Option(help="What the sky's picture is.")] = "auto",
    sky_rotation: Annotated[float, typer.Option(help="Degrees that the sky turns to the right.")] = 0.0,
    sky_raised: Annotated[float, typer.Option(help="Degrees that the sky's horizon is raised.")] = 0.0,
    sky_fov: Annotated[float, typer.Option(help="Degrees that a flat sky fills.", min=1, max=360)] = 90.0,
    sky_mirror: Annotated[bool, typer.Option("--sky-mirror", help="Swap left and right of the sky.")] = False,
    keep_ground: Annotated[
        bool, typer.Option("--keep-ground", help="Leave the ground in a photograph of a sky.")
    ] = False,
    aim_sun: options.AimSunOption = False,
    light_from: options.LightFromOption = None,
    sky_start: Annotated[float, typer.Option(help="Seconds into a sky that moves, at the first frame.")] = 0.0,
    sky_speed: Annotated[float, typer.Option(help="How many times as fast as its own a sky moves.")] = 1.0,
    sky_exposure: Annotated[float, typer.Option(help="Stops on the new sky, previews only.")] = 0.0,
    foreground_exposure: Annotated[float, typer.Option(help="Stops on the foreground, previews only.")] = 0.0,
    sky_blur: Annotated[float, typer.Option(help="Pixels of softening of the sky, previews only.")] = _LOOK.sky_blur,
    light: Annotated[
        LightMode, typer.Option(help="What of both skies is compared for the light on the foreground.")
    ] = _LOOK.light,
    tint: options.TintOption = None,
    light_change: Annotated[float, typer.Option(help="Stops that the light grows by, for --light manual.")] = 0.0,
    recolour: Annotated[float, typer.Option(help="Tint of the new sky on the foreground, 0 to 1.")] = _LOOK.recolour,
    relight: Annotated[
        float, typer.Option(help="How far the foreground gets brighter or darker as the sky does, 0 to 1.")
    ] = _LOOK.relight,
    light_falloff: Annotated[
        float, typer.Option(help="How much weaker both are where little of the sky is seen, 0 to 1.")
    ] = _LOOK.light_falloff,
    matte_shift: Annotated[float, typer.Option(help="Pixels by which the sky grows.")] = 0.0,
    matte_feather: Annotated[float, typer.Option(help="Pixels of softening of the matte.")] = 0.0,
    clean_edges: Annotated[
        float, typer.Option(help="How much of the old sky's colour is taken out of soft edges, 0 to 1.")
    ] = _LOOK.clean_edges,
    light_wrap: Annotated[float, typer.Option(help="Light of the sky over the rim, 0 to 1.")] = _LOOK.light_wrap,
    grain: Annotated[float, typer.Option(help="How much of the old sky's grain the new one gets.")] = _LOOK.grain,
    haze: Annotated[float, typer.Option(help="Haze of the new horizon over what is far, 0 to 1.")] = _LOOK.haze,
    rain: Annotated[
        float | None, typer.Option(help="How much rain falls, 0 to 1; as the sky brings it, if not given.")
    ] = None,
    reflections: Annotated[
        float, typer.Option(help="How far water mirrors the new sky, 0 to 1; for shots that show water.")
    ] = _LOOK.reflections,
    previews: Annotated[bool, typer.Option(help="Make preview.mp4 and compare.mp4.")] = True,
    device: options.DeviceOption = "auto",
    wandb: wandb_options.ModeOption = "off",
    wandb_project: wandb_options.ProjectOption = DEFAULT_PROJECT,
    wandb_entity: wandb_options.EntityOption = "",
    wandb_dir: wandb_options.FolderOption = None,
    wandb_clip: wandb_options.ClipOption = False,
    as_json: options.JsonOption = False,
) -> None:
    """Replace the sky of CLIP: mattes, tracked sky and previews in the output folder."""
    with running.told_errors(as_json):
        source = options.clip_from(clip, first, last, rate)
        try:
            job = Job(
                clip=source,
                sky=Sky(
                    source=options.sky_source(sky),
                    kind=sky_kind,
                    rotation=sky_rotation,
                    raised=sky_raised,
                    field_of_view=sky_fov,
                    mirror=sky_mirror,
                    keep_ground=keep_ground,
                    aim_sun=aim_sun,
                    light_from=light_from,
                    start=sky_start,
                    speed=sky_speed,
                ),
                output=str(output.expanduser().absolute()),
                settings=options.settings_from(
                    matte_method,
                    matting_weights,
                    motion,
                    motion_file,
                    quality=quality,
                    focal_length=focal_length,
                    horizon=horizon,
                    wind=wind,
                    previews=previews,
                    corrections=masks.corrections_from(sky_mask, keep_mask),
                    look=Look(
                        sky_exposure=sky_exposure,
                        foreground_exposure=foreground_exposure,
                        sky_blur=sky_blur,
                        light=light,
                        tint=options.tint_from(tint),
                        light_change=light_change,
                        recolour=recolour,
                        relight=relight,
                        light_falloff=light_falloff,
                        clean_edges=clean_edges,
                        grain=grain,
                        haze=haze,
                        rain=usual_rain(sky) if rain is None else rain,
                        reflections=reflections,
                        matte_shift=matte_shift,
                        matte_feather=matte_feather,
                        light_wrap=light_wrap,
                    ),
                ),
                device=device,
                wandb=wandb_options.wandb_from(wandb, wandb_project, wandb_entity, wandb_dir, wandb_clip),
                until="preview" if previews else "sky",
            )
        except ValueError as error:
            raise options.bad_options(error) from error
    running.run(job, as_json)
