# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes into each sky's `sky.toml` how much room its images take: `detail`, bytes a pixel of its views as stored.

From it a run is told beforehand what it will take on the disk. Run it from the project's folder with the engine's
Python when a sky was made: `.venv/bin/python -m skyboxes.measure_detail`.
"""

import re
from pathlib import Path

import numpy as np

from skyar_blender.common.sky_library import SkyEntry, list_skies
from skyar_blender.contract.job import Sky
from skyar_blender.engine.media.exr import encode_exr
from skyar_blender.engine.sky.load import load_sky
from skyar_blender.engine.sky_image import SkyImage

from .make_contact_sheet import FILM, camera

WIDTH, HEIGHT = 854, 480
#: Views of 28 mm in eight directions, a little up.
LENS, UP, HEADINGS = 28.0, 8.0, range(0, 360, 45)
_LINE = re.compile(r"^detail = .*\n", re.MULTILINE)


def detail_of(image: SkyImage) -> float:
    """Mean bytes a pixel of the views of a sky."""
    views = (image.view(camera(heading, UP), LENS / FILM * WIDTH, WIDTH, HEIGHT) for heading in HEADINGS)
    return float(np.mean([len(encode_exr(view)) for view in views])) / (WIDTH * HEIGHT)


def note(sky: SkyEntry, detail: float) -> None:
    """Write it into the sky's description, in the place of what was there, before its tables."""
    path = Path(sky.image).parent / "sky.toml"
    plain, table, rest = _LINE.sub("", path.read_text(encoding="utf-8")).partition("\n[")
    path.write_text(f"{plain}detail = {detail:.2f}  # bytes a pixel of its views\n{table}{rest}", encoding="utf-8")


if __name__ == "__main__":
    for each in list_skies():
        found = detail_of(load_sky(Sky(source=each.name)).image)
        note(each, found)
        print(f"{each.name:18} {found:.2f}", flush=True)
