# SPDX-License-Identifier: GPL-3.0-or-later
"""How views of panoramas compare with those of photographs: fine detail, gradients, colours and range.

`python skyboxes/measure_views.py cumulus cloudy path/to/photograph.jpg` prints a line of figures for each; names are
skies of this folder. Views are of 28 mm at 1080p, eight all around, 16 degrees up; parts of them that are burnt out
or that lie below the horizon do not count. Figures are of display values, 0 .. 1:

- finest, second: energy of luminance in the two finest octaves, as a part of the third finest's; a panorama that has
  fewer pixels than the view has little in the finest.
- steep: of the gradients of luminance from pixel to pixel, the 99th percentile by the median.
- dark, bright: 2nd and 98th percentiles of luminance; burnt: part of the pixels at 1.
- shade, light: mean red and blue by green of the darkest and of the brightest quarter of what has little colour.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from making.curve import displayed
from making.exr import read_exr
from making.views import Image, figures

SKYBOXES = Path(__file__).parent


def panorama(name: str) -> Image:
    """(height, width, 3), display values 0 .. 1, of a sky of this folder or of a picture file."""
    path = SKYBOXES / name / "sky.exr" if (SKYBOXES / name).is_dir() else Path(name)
    if path.suffix == ".exr":
        return np.asarray(displayed(read_exr(path)), np.float32)
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise SystemExit(f"There is no picture {path}.")
    pixels = pixels[..., ::-1]
    return np.asarray(displayed(pixels) if pixels.dtype == np.float32 else pixels / 255, np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("panoramas", nargs="+", help="skies of this folder, or pictures")
    for each in parser.parse_args().panoramas:
        numbers = figures(panorama(each))
        print(
            f"{Path(each).stem:24}",
            *(f"{name} {number:.3g}" for name, number in numbers.items()),
            sep="  ",
            flush=True,
        )
