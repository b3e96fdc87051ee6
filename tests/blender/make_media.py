# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what the tests inside Blender look at; runs in the engine's Python, for as long as the tests do.

Each line of standard input is a list of orders as JSON: ``{"make": "movie" | "pictures" | "output", ...}`` as below.
It is answered by a line of standard output when all are done.
"""

from __future__ import annotations

import json
import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import msgspec
import numpy as np
import OpenEXR
from blender.blocks import blocks, number_of
from blender.make_arrays import (
    FRAMES,
    GRAIN,
    GRAINS,
    HAZE,
    RAINS,
    STOPS,
    TINT,
    made_grain,
    made_matte,
    made_mirror,
    made_plate,
    made_rain,
    made_sky,
)
from support.clips import cover_first, landscape, without_first_image, write_movie

from skyar_blender.common.stored_sizes import WORKING
from skyar_blender.contract.job import Clip, Look
from skyar_blender.engine.composite.light import Light
from skyar_blender.engine.composite.look import Layers, composite
from skyar_blender.engine.composite.plate_size import to_store
from skyar_blender.engine.media.clip import open_clip, source_frames
from skyar_blender.engine.media.exr import encode_sky_visibility, read_exr, read_plate, write_exr
from skyar_blender.engine.media.images import encode_matte_png, read_matte_png
from skyar_blender.engine.media.in_order import frames_in_order


def image(kind: str, index: int, width: int, height: int, pan: float = 2.0) -> np.ndarray:
    """``blocks``: a number in black and white; ``numbered``: grey 10 + 4 * index;
    ``landscape``: hills under a sky; ``left half``: white there, else black;
    ``alpha``: landscape, half see-through;
    ``deep``: landscape in 16 bits, with values between those of 8 bits."""
    if kind == "blocks":
        return blocks(index, width, height)
    if kind == "numbered":
        return np.full((height, width, 3), 10 + 4 * index, np.uint8)
    scenery = landscape(index, width, height, pan)
    if kind == "left half":
        return (
            np.where(np.arange(width) < width // 2, 255, 0)
            .astype(np.uint8)[None, :, None]
            .repeat(height, 0)
            .repeat(3, 2)
        )
    if kind == "alpha":
        alpha = np.linspace(0, 255, width).astype(np.uint8)[None, :, None].repeat(height, 0)
        return np.concatenate([scenery, alpha], 2)
    if kind == "deep":
        fine = np.random.default_rng(index).integers(-128, 128, scenery.shape)
        return np.clip(scenery.astype(int) * 257 + fine, 0, 65535).astype(np.uint16)
    return scenery


def movie(
    path: str,
    kind: str,
    frames: int,
    width: int,
    height: int,
    rate: str = "24",
    pan: float = 2.0,
    late: bool = False,
    cover: str = "",
    **options: Any,
) -> None:
    """``late``: without its first image. ``cover``: ``first`` or ``last``, where among the streams one is, twice
    as large. ``options`` as of ``write_movie``, lossless unless they say otherwise."""
    images = [image(kind, index, width, height, pan) for index in range(frames)]
    if cover:
        options["cover"] = image(kind, frames, 2 * width, 2 * height)
    write_movie(Path(path), images, rate=Fraction(rate), **({"codec": "ffv1", "pixels": "bgr0"} | options))
    if late:
        without_first_image(Path(path))
    if cover == "first":
        cover_first(Path(path))


def images(folder: str, names: list[str], kind: str, width: int, height: int) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(names):
        if name.endswith(".exr"):  # of which the values are those of the image, whatever they mean
            write_exr(Path(folder) / name, image(kind, index, width, height).astype(np.float32) / 255)
            continue
        order = cv2.COLOR_RGBA2BGRA if kind == "alpha" else cv2.COLOR_RGB2BGR
        cv2.imwrite(str(Path(folder) / name), cv2.cvtColor(image(kind, index, width, height), order))


def output(folder: str, frames: int, width: int, height: int) -> None:
    """An output folder as a worker leaves it, with the images of ``make_arrays.py``."""
    root = Path(folder)
    for name in ("matte", "sky", "plate", "reflection", "grain", "rain"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for number in range(1, frames + 1):
        cv2.imwrite(
            str(root / "matte" / f"{number:06d}.png"), np.rint(made_matte(number, width, height) * 65535).astype("u2")
        )
        for name, kind, made in (
            ("sky", "RGB", made_sky(number, frames, width, height)),
            ("plate", "RGBA", made_plate(number, width, height)),
            ("reflection", "RGBA", made_mirror(number, width, height)),
        ):
            header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
            channels = {kind: np.ascontiguousarray(made.astype(np.float16))}
            OpenEXR.File(header, channels).write(str(root / name / f"{number:06d}.exr"))
    clip = {"width": width, "height": height, "rate": "24", "frames": frames}
    for name, count, made in (("grain", GRAINS, made_grain), ("rain", RAINS, made_rain)):
        for number in range(1, count + 1):
            levels = np.rint(made(number, width, height) * 65535).astype("u2")
            cv2.imwrite(str(root / name / f"{number:06d}.png"), levels)
    light = {"first_frame": 0, "tint": TINT, "stops": STOPS, "haze": HAZE}
    figures = {"light": [light], "grain": {"colour": GRAIN}}
    (root / "report.json").write_text(json.dumps({"version": 1, "clip": clip, "figures": figures}))


def smaller_plates(folder: str) -> None:
    """Bring the plates of an output folder to the size at which the engine stores them."""
    for path in sorted((Path(folder) / "plate").iterdir()):
        plate, sky_visibility = read_plate(path)
        size = plate.shape[1], plate.shape[0]
        path.unlink()  # it may be shared with another folder
        path.write_bytes(encode_sky_visibility(to_store(plate, size), to_store(sky_visibility, size)))


def small_draft(folder: str) -> None:
    """Make all images of a result there, but for plates, as small as a draft has them."""
    root = Path(folder)
    for path in sorted((root / "sky").iterdir()):
        sky = read_exr(path)
        path.unlink()
        write_exr(path, to_store(sky, (sky.shape[1], sky.shape[0]), WORKING["draft"]))
    for path in sorted(each for name in ("matte", "grain") for each in (root / name).glob("*.png")):
        levels = read_matte_png(path)
        size = levels.shape[1], levels.shape[0]
        small = to_store(levels.astype(np.float32), size, WORKING["draft"])
        path.write_bytes(encode_matte_png(np.rint(small).astype(np.uint16)))


def composited(path: str, number: int, width: int, height: int, looks: list[dict[str, Any]]) -> None:
    """Frame ``number`` of the landscape with the images of ``make_arrays.py``, as the engine puts them together.

    One 8-bit image for each of ``looks``, in an .npz.
    """
    frame = image("landscape", number - 1, width, height)
    plate = made_plate(number, width, height).astype(np.float16).astype(np.float32)
    mirror = made_mirror(number, width, height).astype(np.float16).astype(np.float32)
    layers = Layers(
        (np.rint(made_matte(number, width, height) * 65535) / 65535).astype(np.float32),
        made_sky(number, FRAMES, width, height).astype(np.float16).astype(np.float32),
        np.ascontiguousarray(plate[..., :3]),
        np.ascontiguousarray(plate[..., 3]),
        made_grain(number, width, height).astype(np.float32),
        tuple(GRAIN),
        made_rain(number, width, height).astype(np.float32),
        (np.ascontiguousarray(mirror[..., :3]), np.ascontiguousarray(mirror[..., 3])),
    )
    lights = [Light(tuple(TINT), STOPS, tuple(HAZE), look.pop("shot_exposure", 0.0)) for look in looks]
    pairs = zip(looks, lights, strict=True)
    np.savez(path, *(composite(frame, layers, Look(**look), light) for look, light in pairs))


def read(path: str, clip: dict[str, Any], number: int) -> None:
    """Source frame ``number`` of a job's clip as the engine sees it, 8 bits, as .npy."""
    (_, frame) = next(open_clip(msgspec.convert(clip, Clip)).frames([number]))
    np.save(path, frame)


def numbers(path: str, clips: list[dict[str, Any]]) -> None:
    """The number in each image of each clip, read as the worker does, as JSON."""
    read = []
    for given in clips:
        clip = Clip(**given)
        reader = open_clip(clip)
        read.append([number_of(image) for _, image in frames_in_order(reader, source_frames(clip, reader))])
    Path(path).write_text(json.dumps(read))


MAKERS = {
    "movie": movie,
    "pictures": images,
    "output": output,
    "smaller_plates": smaller_plates,
    "small_draft": small_draft,
    "composited": composited,
    "read": read,
    "numbers": numbers,
}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what else is printed is no answer
    for line in iter(sys.stdin.readline, ""):
        for order in json.loads(line):
            MAKERS[order.pop("make")](**order)
        print("done", file=answers, flush=True)


if __name__ == "__main__":
    main()
