# SPDX-License-Identifier: GPL-3.0-or-later
"""Image datablocks of a result: the strip's own footage, and the sequences that the engine made."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.image_names import image_name
from ...common.new_file import link_on_the_way, put_file
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip
from ..nodes.groups.composite import AREA, FOOTAGE, GRAIN, MATTE, PLATE, SKY
from ..nodes.groups.rain import STREAKS
from ..nodes.groups.reflections import MIRROR
from ..nodes.stand_in import stand_in
from ..nodes.tree import Source, Sources, image_in_tree
from ..strips.picture_file import size_of

#: Folder in the output folder for copies of images whose names Blender cannot count.
_FOOTAGE_FOLDER = "footage"


def footage_source(clip: Clip, strip: Any, scene: bpy.types.Scene, output: Path) -> Source:
    """The footage that ``strip`` shows, read as the strip reads it.

    Images of a strip need not be numbered; then links to them, or copies, are numbered in the output folder.
    """
    frames = clip.order or list(range(clip.first, (clip.last or clip.first) + 1))
    meant = strip.colorspace_settings.name, strip.alpha_mode
    if clip.kind == "movie":
        image = _image(scene, FOOTAGE.name, Path(clip.path), "MOVIE", *meant)
        numbers = [frame + 1 for frame in frames]
    else:
        shown = [clip.files[frame] for frame in frames]
        counted = _numbers(shown)
        if len(set(shown)) == 1:
            image = _image(scene, FOOTAGE.name, Path(clip.path) / shown[0], "FILE", *meant)
            numbers = [1] * len(frames)
        elif counted is not None:
            lowest = min(range(len(shown)), key=counted.__getitem__)
            image = _image(scene, FOOTAGE.name, Path(clip.path) / shown[lowest], "SEQUENCE", *meant)
            numbers = counted
        else:
            first = _numbered_copies(Path(clip.path), shown, output / _FOOTAGE_FOLDER)
            image = _image(scene, FOOTAGE.name, first, "SEQUENCE", *meant)
            numbers = list(range(1, len(frames) + 1))
    if hasattr(image, "use_deinterlace") and image.use_deinterlace != strip.use_deinterlace:
        with stand_in(image):
            image.use_deinterlace = strip.use_deinterlace
    return Source(image, numbers)


def matte_source(first: Path, count: int, scene: bpy.types.Scene) -> Source:
    """The matte sequence, whose first image is ``first``: data, not colour."""
    image = _image(scene, MATTE.name, first, "SEQUENCE", "Non-Color")
    return Source(image, list(range(1, count + 1)))


def area_source(first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """The sequence of where the footage may change: data, not colour; None where there is none."""
    if not first.is_file():
        return None
    image = _image(scene, AREA.name, first, "SEQUENCE", "Non-Color")
    return Source(image, list(range(1, count + 1)))


def sky_source(first: Path, count: int, scene: bpy.types.Scene) -> Source:
    """The sequence of the new sky, whose first image is ``first``: scene-linear, primaries of Rec. 709."""
    image = _image(scene, SKY.name, first, "SEQUENCE", "Linear Rec.709")
    return Source(image, list(range(1, count + 1)))


def plate_source(first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """The sequence of the clean plate, scene-linear, sky visibility in its alpha; None where there is none."""
    source = _with_data_in_alpha(PLATE.name, first, count, scene)
    return None if source is None else replace(source, size=size_of(first))


def mirror_source(first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """The sequence of what is mirrored, with how far it is in its alpha; None where there is none."""
    return _with_data_in_alpha(MIRROR.name, first, count, scene)


def _with_data_in_alpha(name: str, first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    if not first.is_file():
        return None
    # Colours are not multiplied by this alpha, nor are they to be.
    image = _image(scene, name, first, "SEQUENCE", "Linear Rec.709", "CHANNEL_PACKED")
    return Source(image, list(range(1, count + 1)))


def grain_source(first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """The images of grain, shown in turn; None where there are none."""
    return _in_turn(GRAIN.name, first, count, scene)


def rain_source(first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """The images of rain, shown in turn; None where there are none."""
    return _in_turn(STREAKS.name, first, count, scene)


def _in_turn(name: str, first: Path, count: int, scene: bpy.types.Scene) -> Source | None:
    """A few images that are shown over and over: data, not colour."""
    images = sum(1 for _ in first.parent.glob("[0-9]*.png"))
    if not images:
        return None
    image = _image(scene, name, first, "SEQUENCE", "Non-Color")
    return Source(image, [1 + index % images for index in range(count)])


def sized(sources: Sources) -> Sources:
    """The same of a draft, whose images may all be smaller than the footage."""
    found: dict[str, Source] = {}
    for each in fields(sources):
        source = getattr(sources, each.name)
        if isinstance(source, Source) and source is not sources.footage:
            found[each.name] = replace(source, size=size_of(Path(bpy.path.abspath(source.image.filepath))))
    return replace(sources, **found)  # type: ignore[arg-type]


def stored_path(path: Path) -> str:
    """``path`` as a .blend keeps it: relative where that is possible, so that file and folder can move together."""
    if bpy.data.filepath:
        try:
            return bpy.path.relpath(str(path))
        except ValueError:
            pass  # another drive of Windows
    return str(path)


def _image(scene: Any, use: str, path: Path, source: str, colour_space: str, alpha_mode: str = "NONE") -> Any:
    """The image of the node ``use``, a new one where there is none; the last two say how its values are meant."""
    image: Any = image_in_tree(scene, use) or bpy.data.images.new(f"{scene.name} {use}", 1, 1)
    with stand_in(image):
        image.filepath = stored_path(path)
        image.source = source
        image.colorspace_settings.name = colour_space
        image.alpha_mode = alpha_mode
        image.reload()  # a run may have written the same files anew
    return image


def _numbers(names: list[str]) -> list[int] | None:
    """The numbers in the names if nothing else tells the names apart, as Blender's image sequences need it."""
    parts = [part for part in map(image_name, names) if part is not None]
    if len(parts) < len(names) or len({part.series for part in parts}) > 1:
        return None
    width = min(len(part.digits) for part in parts)
    counted = all(part.digits == str(part.number).zfill(width) for part in parts)
    return [part.number for part in parts] if counted else None


def _numbered_copies(folder: Path, names: list[str], target: Path) -> Path:
    """Give the images ``names`` of ``folder`` numbers from 1 in ``target``; the path of the first."""
    if link_on_the_way(target / "any", target.parent) is not None:
        raise SkyarError(
            ErrorCode.OUTPUT_TAKEN,
            f"{target} is a link.",
            "Links to the pictures of the strip are to lie there, and nothing is written outside the output folder.",
            "Remove it, and run Replace Sky again.",
        )
    target.mkdir(exist_ok=True)
    suffix = Path(names[0]).suffix.lower()
    for number, name in enumerate(names, start=1):
        path = target / f"{number:06d}{suffix}"
        path.unlink(missing_ok=True)
        try:
            os.link(folder / name, path)
        except OSError:
            put_file(path, (folder / name).read_bytes(), target)
    return target / f"{1:06d}{suffix}"
