# SPDX-License-Identifier: GPL-3.0-or-later
"""From marked strips and strokes of the Sky Brush to the corrections of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import bpy

from ...common.new_file import put_file
from ...common.strokes import Stroke
from ...contract.clip import Clip
from ...contract.correction import Correction
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from .. import compat
from ..output_folder import check_free
from ..strips.clip_of_strip import clip_of_strip, size_of_strip
from ..strips.marks import mark_of, marked_over
from ..strips.mask_images import MaskImages, render_mask
from ..strips.placement import placement
from ..strips.stroke_images import PREFIX, stroke_images
from ..strips.strokes import shown_sources, strokes_on

#: Where masks lie in an output folder; their names tell what they show, so that jobs can be compared.
_MASKS = OutputFolder(Path()).masks


@dataclass(frozen=True)
class PlannedCorrections:
    """The corrections of a job, and their images, which still wait to be put into its output folder."""

    found: list[Correction]
    images: list[MaskImages]

    def put_into(self, job: Job) -> None:
        """Copy the images into the output folder of ``job``; those that are there are left alone.

        Raises:
            SkyarError: ``output_taken``, ``output_not_writable``.
        """
        root = Path(job.output)
        if not self.images:
            return
        try:
            check_free(job)
        except OSError as error:
            raise _not_written(root, error) from error
        self.write(root)

    def write(self, root: Path) -> None:
        """Copy the images to where they belong below ``root``.

        Raises:
            SkyarError: ``output_not_writable``.
        """
        try:
            for images in self.images:
                for name in images.files:
                    target = root / _MASKS / images.digest / name
                    if not target.exists():
                        put_file(target, (images.folder / name).read_bytes(), root)
        except OSError as error:
            raise _not_written(root, error) from error


def corrections_for(scene: bpy.types.Scene, strip: bpy.types.Strip) -> PlannedCorrections:
    """What the marked strips over ``strip`` and the strokes on it say of it.

    Where they differ, strokes are right, then the marked strip on the highest channel.

    Raises:
        SkyarError: ``unsupported`` when one cannot be rendered or read; those of :func:`size_of_strip`.
    """
    left, right = compat.handles(strip)
    size = size_of_strip(strip)
    found: list[Correction] = []
    rendered: list[MaskImages] = []
    for marked in marked_over(scene, strip):
        truth = mark_of(marked)
        assert truth is not None
        start, end = compat.handles(marked)
        frames = range(max(left, start), min(right, end))
        images = render_mask(scene, marked, frames, size)
        rendered.append(images)
        place = (_MASKS / images.digest).as_posix()
        still = len(images.files) == 1
        for where, group in groupby(frames, key=lambda frame: placement(scene, strip, size, frame)):
            held = list(group)
            names = [] if still else images.files[held[0] - frames[0] : held[-1] - frames[0] + 1]
            found.append(
                Correction(
                    path=f"{place}/{images.files[0]}" if still else place,
                    truth=truth,
                    first=held[0] - left,
                    last=held[-1] - left,
                    files=names,
                    placement=where,
                )
            )
    strokes = strokes_on(strip)
    if strokes:
        painted = stroke_corrections(strokes, clip_of_strip(strip, scene), size)
        found, rendered = found + painted.found, rendered + painted.images
    return PlannedCorrections(found, rendered)


def stroke_corrections(strokes: Sequence[Stroke], clip: Clip, size: tuple[int, int]) -> PlannedCorrections:
    """What ``strokes`` say of ``clip``, whose images are of ``size``; those of frames that it does not show wait."""
    found: list[Correction] = []
    painted: list[MaskImages] = []
    places: dict[int, int] = {}
    for index, source in enumerate(shown_sources(clip)):
        places.setdefault(source, index)
    for source in sorted({stroke.frame for stroke in strokes} & places.keys()):
        index = places[source]
        for truth, images in stroke_images([each for each in strokes if each.frame == source], size).items():
            painted.append(images)
            path = (_MASKS / images.digest / images.files[0]).as_posix()
            found.append(Correction(path=path, truth=truth, first=index, last=index))
    return PlannedCorrections(found, painted)


def strokes_in(corrections: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of a stored job's ``corrections`` that are strokes of the Sky Brush."""
    return [each for each in corrections if Path(str(each.get("path"))).parent.name.startswith(PREFIX)]


def _not_written(root: Path, error: OSError) -> SkyarError:
    return SkyarError(
        ErrorCode.OUTPUT_NOT_WRITABLE,
        f"The masks could not be written to {root}.",
        f"{error.strerror or error}.",
        "Choose an output folder that you may write to.",
    )
