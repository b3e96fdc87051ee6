# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `contact_sheet.jpg`: each sky as a flat panorama, through lenses of 18, 28 and 85 mm, and a piece of a view
of 28 mm in 4K, pixel for pixel.

Run it from the project's folder with the engine's Python: `.venv/bin/python -m skyboxes.make_contact_sheet`.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from skyar_blender.common.sky_library import list_skies
from skyar_blender.contract.job import Sky
from skyar_blender.engine.colour import frame_from_linear
from skyar_blender.engine.sky.load import load_sky

HEIGHT, WIDTH = 200, 300
#: Width of the film, mm, and of a view in 4K, pixels.
FILM, WIDE = 36.0, 3840
#: Where the views look, azimuth and elevation in degrees, where a sky has no subject.
AHEAD = (0.0, 14.0)
SUBJECTS = {
    "supermoon": (14, 22),
    "jupiter": (20, 24),
    "alien_ship": (-12, 16),
    "floating_castle": (16, 18),
    "thunderstorm": (18, 12),
}
#: Seconds into a sky that moves.
MOMENTS = {"thunderstorm": 1.04}


def camera(azimuth: float, elevation: float) -> NDArray[np.float64]:
    """Matrix from world (right, down, forward) to camera directions."""
    a, e = np.radians(azimuth), np.radians(elevation)
    ahead = np.array([np.sin(a) * np.cos(e), -np.sin(e), np.cos(a) * np.cos(e)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    return np.stack([right, np.cross(ahead, right), ahead])


def row_of(name: str, title: str) -> NDArray[np.uint8]:
    """One sky: panorama and views, side by side, with its title."""
    image = load_sky(Sky(source=name, start=MOMENTS.get(name, 0.0))).image
    flat = cv2.imread(str(next(sky.thumbnail for sky in list_skies() if sky.name == name)))
    cells = [cv2.resize(flat, (2 * HEIGHT, HEIGHT), interpolation=cv2.INTER_AREA)]
    matrix = camera(*SUBJECTS.get(name, AHEAD))
    for focal in (18 / FILM * WIDTH, 28 / FILM * WIDTH, 85 / FILM * WIDTH, 28 / FILM * WIDE):
        view = frame_from_linear(image.view(matrix, focal, WIDTH, HEIGHT))
        cells.append(np.ascontiguousarray(view[..., ::-1]))
    cv2.putText(cells[0], title, (9, HEIGHT - 11), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(cells[0], title, (8, HEIGHT - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    return np.hstack(cells)


if __name__ == "__main__":
    sheet = np.vstack([row_of(sky.name, sky.title) for sky in list_skies()])
    cv2.imwrite(str(Path(__file__).parent / "contact_sheet.jpg"), sheet, [cv2.IMWRITE_JPEG_QUALITY, 80])
