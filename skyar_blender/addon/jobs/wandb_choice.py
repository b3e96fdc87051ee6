# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether and how runs are logged to Weights & Biases: the operator's word, else that of the preferences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.wandb import DEFAULT_PROJECT, Wandb, WandbMode
from ..preferences.preferences import preferences
from .replace_sky import Replacement

#: Of the operators' property ``wandb``: take what the preferences say.
AS_PREFERRED = "PREFERENCES"
_MODES: dict[str, WandbMode] = {"OFF": "off", "OFFLINE": "offline", "ONLINE": "online"}


def chosen_logging(operator: Any, context: bpy.types.Context) -> Wandb | None:
    """How the operator's run is logged; None where it is not.

    Raises:
        SkyarError: ``network_forbidden``: it is to be sent, but Blender's online access is off.
    """
    known = preferences(context)
    given = operator.wandb if operator.wandb != AS_PREFERRED else (known.wandb_mode if known is not None else "OFF")
    if given == "OFF":
        return None
    if given == "ONLINE" and not bpy.app.online_access:
        raise SkyarError(
            ErrorCode.NETWORK_FORBIDDEN,
            "The run cannot be sent to Weights & Biases.",
            "Blender's online access is off.",
            "Allow it in Preferences > System > Network, or log offline and send the runs later.",
        )
    folder = operator.wandb_dir or (known.wandb_folder if known is not None else "")
    return Wandb(
        mode=_MODES[given],
        project=operator.wandb_project or (known.wandb_project if known is not None else "") or DEFAULT_PROJECT,
        entity=operator.wandb_entity or (known.wandb_entity if known is not None else ""),
        directory=str(Path(bpy.path.abspath(folder)).absolute()) if folder else "",
        keep_clip=known is not None and known.wandb_clip,
        host=f"Blender {bpy.app.version_string}",
    )


def logged(job: Job, wandb: Wandb | None) -> Job:
    """``job``, logged so; a run that is logged makes its previews, which are what is looked at."""
    if wandb is None:
        return replace(job, wandb=None)
    return replace(job, wandb=wandb, until="preview", settings=replace(job.settings, previews=True))


def all_logged(planned: list[Replacement], wandb: Wandb | None) -> list[Replacement]:
    """Replacements whose jobs are all logged so."""
    return [replace(each, job=logged(each.job, wandb)) for each in planned]


def log_folder(context: bpy.types.Context, output: Path) -> Path:
    """Where the runs of the result in ``output`` are logged to, as the preferences say."""
    known = preferences(context)
    folder = known.wandb_folder if known is not None else ""
    return Wandb(directory=str(Path(bpy.path.abspath(folder)).absolute()) if folder else "").folder(output)
