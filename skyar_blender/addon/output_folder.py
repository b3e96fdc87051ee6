# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of a result go."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path

import bpy

from ..common.folder_choice import first_content, free_folder, holds_same_job
from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Job
from .preferences.preferences import ROOT_PACKAGE, preferences

_DEFAULT_PATTERN = "//skyar/{clip}_{sky}"
#: What one or another system forbids in the names of files.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def output_folder(
    job: Job,
    requested: str,
    strip: str,
    clip: str,
    sky: str,
    planned: Collection[Job],
    fits: Callable[[Job, Path], bool] = holds_same_job,
) -> Path:
    """The folder for ``job``: ``requested`` itself, or the first free one after the pattern in the preferences.

    A .blend that was never saved has no place of its own; then the folder lies with the add-on's files, which
    outlive the session.

    Args:
        requested: a path as Blender writes it (``//`` is beside the .blend), or empty.
        strip, clip, sky: names that stand for the placeholders in the pattern.
        planned: other jobs of the same run; only one that makes the same files may share a folder of the pattern's.
        fits: whether what a folder of the pattern's holds may be gone on with.

    Raises:
        SkyarError: ``output_not_writable`` for a path beside a .blend without a place, or a bad pattern.
    """
    if requested.strip():
        return _absolute(requested.strip())
    chosen = preferences()
    pattern = (chosen.output_pattern if chosen is not None else "") or _DEFAULT_PATTERN
    names = {"strip": strip, "clip": clip, "sky": sky}
    try:
        text = pattern.format(**{key: file_name(name) for key, name in names.items()})
    except (KeyError, IndexError, ValueError) as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The pattern for output folders cannot be used: {pattern}.",
            f"It may hold {{strip}}, {{clip}} and {{sky}}; {error} is something else.",
            "Correct it in the add-on's preferences.",
        ) from error
    if text.startswith("//") and not is_saved():
        # The temporary folder of the session would take the result with it when Blender is closed.
        return free_folder(job, files_of_the_blend(text[2:]), planned, fits)
    return free_folder(job, _absolute(text), planned, fits)


def files_of_the_blend(name: str) -> Path:
    """The folder ``name`` beside the .blend; for one that was never saved, with the add-on's files."""
    if is_saved():
        return Path(bpy.path.abspath(f"//{name}"))
    return Path(bpy.utils.extension_path_user(ROOT_PACKAGE, path="unsaved", create=True)) / name


def place_of_output(requested: str) -> Path:
    """A folder that is there on the disk that results go to, where ``requested`` or the preferences say so."""
    chosen = preferences()
    text = requested.strip() or (chosen.output_pattern if chosen is not None else "") or _DEFAULT_PATTERN
    if text.startswith("//") and not is_saved():
        place = Path(bpy.utils.extension_path_user(ROOT_PACKAGE))
    else:
        place = Path(bpy.path.abspath(text.partition("{")[0])).absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place


def check_one_each(requested: str, count: int, things: str, title: str) -> None:
    """Make sure that a folder that was asked for is asked for by one alone; ``title`` is that of the operator.

    Raises:
        SkyarError: ``output_taken``.
    """
    if requested.strip() and count > 1:
        raise SkyarError(
            ErrorCode.OUTPUT_TAKEN,
            f"{count} {things} cannot share the output folder {requested}.",
            "Each result needs a folder of its own.",
            f"Leave Output empty, so that each gets one, or run {title} on one at a time.",
        )


def check_free(job: Job) -> None:
    """Make sure that files for ``job`` may be put into its output folder.

    Raises:
        SkyarError: ``output_taken``.
        OSError: the folder cannot be read.
    """
    root = Path(job.output)
    other = first_content(root) if root.exists() else None
    if other is not None and not holds_same_job(job, root):
        raise SkyarError(
            ErrorCode.OUTPUT_TAKEN,
            f"The output folder {root} is in use.",
            f"It holds other files, such as “{other.name}”, or the result of another job.",
            "Choose an empty or a new folder, or delete this one if you no longer need it.",
        )


def is_saved() -> bool:
    """Whether the .blend has a place on disk."""
    return bool(bpy.data.filepath)


def _absolute(text: str) -> Path:
    if text.startswith("//") and not is_saved():
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The output folder {text} is to lie beside the .blend.",
            "The .blend was never saved, so it has no place yet.",
            "Save it first, or choose a folder by its whole path.",
        )
    return Path(bpy.path.abspath(text)).absolute()


def file_name(name: str) -> str:
    """``name`` without what one or another system forbids in the names of files."""
    return _FORBIDDEN.sub("_", name).strip(" .") or "strip"
