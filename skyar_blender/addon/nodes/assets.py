# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups and the skies as assets: a library in the user's folder of the extension, with its own catalog.

The extension is source alone, so the library's .blend is made where it is used, by the Blender that will read it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ..bases import own_ops, there
from ..preferences.preferences import ROOT_PACKAGE
from ..skies import made_to_measure
from ..skies.sky_assets import sky_worlds
from .group import made_anew
from .groups import all_groups
from .made_to_measure_world import make_world

#: Name of the library in the preferences, and of its catalog.
NAME = "SkyAR"
#: Never changes: groups that lie in a user's own libraries name their catalog by it.
CATALOG = "5a8c1f62-7d35-4e0b-9c41-2b6f0d9e7a53"
AUTHOR = "SkyAR maintainers"
LICENSE = "GPL-3.0-or-later"
_BLEND = "skyar_nodes.blend"
_CATALOGS = "blender_assets.cats.txt"


def assets_folder() -> Path:
    """Where the library is or would be.

    Raises:
        SkyarError: ``unsupported`` where SkyAR does not run as an extension, and so has no folder of its own.
    """
    try:
        return Path(bpy.utils.extension_path_user(ROOT_PACKAGE, path="assets"))
    except ValueError as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "There is no folder for the node groups.",
            f"SkyAR was not installed as an extension, so Blender gives it none of its own ({error}).",
            "Install the zip in Preferences > Get Extensions > Install from Disk.",
        ) from error


def add_assets() -> Path:
    """Write all node groups and skies to the library's folder, and have the preferences list it; the folder.

    The open file is left as it was. A library that is there already is brought up to date.

    Raises:
        SkyarError: ``unsupported``, or ``output_not_writable``.
    """
    folder = assets_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_catalog(folder / _CATALOGS)
        with made_anew(), sky_worlds() as skies:
            marked = {_marked(group.tree(), group.help, "sky", "compositing") for group in all_groups()}
            for name, sky in skies.items():
                world = _marked(bpy.data.worlds[name], f"The sky “{sky.title}” of SkyAR", *sky.tags)
                world.asset_data.license = sky.metadata["licence"]
                _show(world, sky.thumbnail)
                marked.add(world)
            measured = make_world()
            try:
                marked.add(_marked(measured, made_to_measure.HELP, *made_to_measure.TAGS))
                _show(measured, made_to_measure.thumbnail())
                bpy.data.libraries.write(str(folder / _BLEND), marked, fake_user=True, compress=True)
            finally:
                bpy.data.worlds.remove(measured)
    except (OSError, RuntimeError) as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The node groups could not be written to {folder}.",
            f"{error}.",
            "Make room there, and make sure that you may write to it.",
        ) from error
    _list(folder)
    _refresh_browsers()
    return folder


def remove_assets() -> bool:
    """Delete the library and take it off the preferences' list; whether that is all.

    It is not where the user put files of their own into the folder: then these, and the library, stay.

    Raises:
        SkyarError: ``unsupported``, or ``output_not_writable``.
    """
    folder = assets_folder()
    try:
        (folder / _BLEND).unlink(missing_ok=True)
        own = [path for path in folder.glob("*") if path.name.rstrip("~") != _CATALOGS]
        if not own and folder.is_dir():
            shutil.rmtree(folder)
    except OSError as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The node groups in {folder} could not be deleted.",
            f"{error}.",
            "Close what uses them, and make sure that you may write to that folder.",
        ) from error
    if not own:
        libraries = there(bpy.context.preferences).filepaths.asset_libraries
        for library in _listed(folder):
            libraries.remove(library)
    _refresh_browsers()
    return not own


def are_listed() -> bool:
    """Whether the library is there and on the preferences' list."""
    try:
        folder = assets_folder()
    except SkyarError:
        return False
    return (folder / _BLEND).is_file() and bool(_listed(folder))


def _marked(datablock: Any, description: str, *tags: str) -> Any:
    """The datablock as an asset of the catalog."""
    datablock.asset_mark()
    data = datablock.asset_data
    data.catalog_id, data.description = CATALOG, description
    data.author, data.license = AUTHOR, LICENSE
    for tag in (NAME, *tags):
        data.tags.new(tag, skip_if_exists=True)
    return datablock


def _show(datablock: Any, thumbnail: Path) -> None:
    with bpy.context.temp_override(id=datablock):
        bpy.ops.ed.lib_id_load_custom_preview(filepath=str(thumbnail))


def _write_catalog(path: Path) -> None:
    """Catalogs that the user made in the library are kept."""
    text = path.read_text(encoding="utf-8") if path.is_file() else "VERSION 1\n"
    if CATALOG not in text:
        path.write_text(f"{text.rstrip()}\n\n{CATALOG}:{NAME}:{NAME}\n", encoding="utf-8")


def _list(folder: Path) -> None:
    filepaths = there(bpy.context.preferences).filepaths
    if not _listed(folder):
        filepaths.asset_libraries.new(name=NAME, directory=str(folder))
    for extra in _listed(folder)[1:]:
        filepaths.asset_libraries.remove(extra)
    _listed(folder)[0].path = str(folder)


def _listed(folder: Path) -> list[Any]:
    """The entries for ``folder``, or for the same folder of another Blender, whose preferences were taken along."""
    return [
        library
        for library in there(bpy.context.preferences).filepaths.asset_libraries
        if Path(library.path) == folder or (library.name == NAME and _ends_alike(Path(library.path), folder))
    ]


def _ends_alike(one: Path, other: Path) -> bool:
    return one.parts[-3:] == other.parts[-3:]


def _refresh_browsers() -> None:
    """Let Asset Browsers that are open read the libraries again."""
    for window in there(bpy.context.window_manager).windows:
        for area in window.screen.areas:
            if area.ui_type == "ASSETS":
                with bpy.context.temp_override(window=window, area=area, region=area.regions[-1]):
                    if own_ops.asset.library_refresh.poll():
                        bpy.ops.asset.library_refresh()
