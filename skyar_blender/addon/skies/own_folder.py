# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts skies of the artist's own into the folder My Skies."""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

import bpy

from ...common.new_file import partial_path
from ...contract.errors import ErrorCode, SkyarError
from ..bases import there
from ..preferences.preferences import ROOT_PACKAGE, SkyarPreferences
from .sky_choice import SKY_FILES


def add_own(files: list[Path], chosen: SkyarPreferences) -> list[Path]:
    """Copy ``files`` into My Skies, which is made where there is none yet; where they are now.

    A file that is there already stays; another one of its name gets a number. The description beside a file goes too.

    Raises:
        SkyarError: ``sky_unreadable`` for a file that is gone or of another kind; ``output_not_writable``.
    """
    for file in files:
        if not file.is_file() or file.suffix.lower() not in SKY_FILES:
            raise SkyarError(
                ErrorCode.SKY_UNREADABLE,
                f"{file} cannot be added to the skies.",
                "It is no picture and no movie that SkyAR can read." if file.is_file() else "There is no such file.",
                f"Choose one of these kinds: {', '.join(sorted(ending[1:].upper() for ending in SKY_FILES))}.",
            )
    folder = Path(bpy.path.abspath(chosen.skies_folder)) if chosen.skies_folder else None
    try:
        if folder is None:
            folder = Path(bpy.utils.extension_path_user(ROOT_PACKAGE, path="skies", create=True))
        folder.mkdir(parents=True, exist_ok=True)
        added = [_put(file, folder) for file in files]
    except OSError as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The sky could not be copied to {folder or 'the add-on’s folder'}.",
            f"{error.strerror or error}.",
            "Make room there, or choose another folder as My Skies in the add-on's preferences.",
        ) from error
    if not chosen.skies_folder:
        chosen.skies_folder = str(folder)
        there(bpy.context.preferences).is_dirty = True
    return added


def _put(file: Path, folder: Path) -> Path:
    number, target = 1, folder / file.name
    while target.exists() and not (target.samefile(file) or filecmp.cmp(target, file, shallow=False)):
        number += 1
        target = folder / f"{file.stem}-{number}{file.suffix}"
    if not target.exists():
        described = file.with_suffix(".toml")
        if described.is_file() and not target.with_suffix(".toml").exists():
            _copy(described, target.with_suffix(".toml"))
        _copy(file, target)
    return target


def _copy(file: Path, target: Path) -> None:
    """Whole or not at all."""
    try:
        shutil.copyfile(file, partial_path(target))
        partial_path(target).replace(target)
    finally:
        partial_path(target).unlink(missing_ok=True)
