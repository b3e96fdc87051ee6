# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what Blender rendered before and after Replace Sky: ``compare_renders.py FOLDER``.

``FOLDER`` holds ``before``, ``after`` and ``mix_zero`` (8-bit PNG, no view transform, named by frame) and,
somewhere under ``shot``, the output folder of the job.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import OpenEXR
from compare_outputs import output_folder

Image = npt.NDArray[np.float32]

SURE = 0.999  #: matte above which a pixel is sky for certain (below 1 - SURE: foreground for certain)
INNER = 9  #: pixels that a region is shrunk by, to stay clear of its rim
MIX_ZERO = 1.0  #: /255: the most that Mix 0 may differ from the original, in any pixel
SKY_CHANGE = 8.0  #: /255: the least mean change of the sky
SKY_ERROR = 2.0  #: /255: the most by which the median sky pixel may differ from the sky that the engine drew
FOREGROUND_LIKENESS = 0.9  #: the least correlation of the foreground's brightness before and after


def read_image(path: Path) -> Image:
    """The PNG as height x width x 3, 0..255, BGR; SystemExit when it cannot be read."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        sys.exit(f"cannot read {path}")
    return np.asarray(image, np.float32)


def read_matte(path: Path) -> Image:
    """The matte as height x width, 0 (foreground) to 1 (sky)."""
    matte = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if matte is None or matte.dtype != np.uint16 or matte.ndim != 2:
        sys.exit(f"{path} is not a 16-bit grey picture")
    return matte.astype(np.float32) / 65535


def read_sky(path: Path) -> Image:
    """The sky as it shows on a screen: the linear EXR through the sRGB curve (IEC 61966-2-1), 0..255, BGR."""
    with OpenEXR.File(str(path)) as file:
        linear = np.clip(file.channels()["RGB"].pixels.astype(np.float32), 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    return np.asarray(encoded[..., ::-1] * 255, np.float32)


def shrink(region: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    """The region without the pixels nearer than ``by`` to its rim."""
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return cv2.erode(region.astype(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE).astype(bool)


def compare_frame(folder: Path, output: Path, name: str) -> list[str]:
    """Print the figures of one frame; returns what is wrong with it."""
    before, after, mix_zero = (read_image(folder / kind / name) for kind in ("before", "after", "mix_zero"))
    number = int(Path(name).stem)
    matte = read_matte(output / "matte" / f"{number:06d}.png")
    sky = read_sky(output / "sky" / f"{number:06d}.exr")
    if not before.shape[:2] == after.shape[:2] == mix_zero.shape[:2] == matte.shape == sky.shape[:2]:
        return [f"{name}: renders, matte and sky differ in size"]

    in_sky, in_foreground = shrink(matte >= SURE, INNER), shrink(matte <= 1 - SURE, INNER)
    if min(in_sky.mean(), in_foreground.mean()) < 0.02:
        return [f"{name}: {in_sky.mean():.1%} sky and {in_foreground.mean():.1%} foreground: too little of one"]

    zero = float(np.abs(mix_zero - before).max())
    change = float(np.abs(after - before)[in_sky].mean())
    error = float(np.median(np.abs(after - sky)[in_sky]))
    grey_before, grey_after = before.mean(axis=2)[in_foreground], after.mean(axis=2)[in_foreground]
    likeness = float(np.corrcoef(grey_before, grey_after)[0, 1])
    print(
        f"{name}: sky {in_sky.mean():.0%}, changed by {change:.1f}, off the engine's by {error:.2f}; "
        f"foreground {in_foreground.mean():.0%}, correlation {likeness:.3f}; Mix 0 differs by {zero:.0f}"
    )
    wrong = []
    if zero > MIX_ZERO:
        wrong.append(f"{name}: Mix 0 differs from the original by {zero:.0f}/255")
    if change < SKY_CHANGE:
        wrong.append(f"{name}: the sky changed by {change:.1f}/255 only")
    if error > SKY_ERROR:
        wrong.append(f"{name}: the rendered sky is {error:.1f}/255 off the one that the engine drew")
    if not likeness >= FOREGROUND_LIKENESS:
        wrong.append(f"{name}: the foreground before and after correlates by {likeness:.2f} only")
    return wrong


def compare_renders(folder: Path) -> None:
    """Compare every rendered frame; SystemExit with all that is wrong."""
    before, after, mix_zero = (
        sorted(path.name for path in (folder / kind).glob("*.png")) for kind in ("before", "after", "mix_zero")
    )
    if len(before) < 2 or not before == after == mix_zero:
        counts = f"{len(before)}, {len(after)} and {len(mix_zero)}"
        sys.exit(f"before, after and mix_zero hold {counts} pictures; expected the same two or more")
    output = output_folder(folder / "shot")
    wrong = [fault for name in before for fault in compare_frame(folder, output, name)]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(before)} frames compared")


if __name__ == "__main__":
    compare_renders(Path(sys.argv[1]))
