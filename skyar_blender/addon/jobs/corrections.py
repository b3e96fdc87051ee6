# SPDX-License-Identifier: GPL-3.0-or-later
"""From marked strips to the corrections of a job."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from ...common.new_file import put_file
from ...contract.correction import Correction
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from .. import compat
from ..output_folder import check_free
from ..strips.clip_of_strip import size_of_strip
from ..strips.marks import mark_of, marked_over
from ..strips.mask_images import MaskImages, render_mask
from ..strips.placement import placement

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
            for images in self.images:
                for name in images.files:
                    target = root / _MASKS / images.digest / name
                    if not target.exists():
                        put_file(target, (images.folder / name).read_bytes(), root)
        except OSError as error:
            raise SkyarError(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                f"The masks could not be written to {root}.",
                f"{error.strerror or error}.",
                "Choose an output folder that you may write to.",
            ) from error


def corrections_for(scene: Any, strip: Any) -> PlannedCorrections:
    """What the marked strips over ``strip`` say of it; the one on the highest channel is right where they differ.

    Raises:
        SkyarError: ``unsupported`` when one cannot be rendered; those of :func:`size_of_strip`.
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
    return PlannedCorrections(found, rendered)
