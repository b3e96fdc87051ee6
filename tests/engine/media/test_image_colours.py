# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a sequence are taken in the colour space of their strip, whatever kind of file they are."""

from __future__ import annotations

from base64 import b64encode
from fractions import Fraction
from itertools import product
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.contract.colour_transform import CUBE_SIDE, ColourTransform, packed_cube
from skyar_blender.contract.job import Clip
from skyar_blender.engine.colour import frame_from_linear, linear_from_frame
from skyar_blender.engine.media.clip import ClipReader, open_clip
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.media.hdr import linear_of_codes

#: Ten stops on a straight line of codes, red and green swapped; and the light of another gamut.
LOG = ColourTransform(curve=[2.0 ** (10 * code / 255 - 7) for code in range(256)], matrix=[0, 1, 0, 1, 0, 0, 0, 0, 1])
WIDE = ColourTransform(curve=[code / 63 for code in range(64)], matrix=[1.5, -0.4, -0.1, 0, 1, 0, 0, -0.1, 1.1])


def opened(path: Path, space: str | None, colour: ColourTransform | None = None) -> ClipReader:
    files = [path.name]
    return open_clip(Clip(path=str(path.parent), kind="sequence", files=files, colour_space=space, colour=colour))


def seen(reader: ClipReader) -> tuple[np.ndarray, np.ndarray]:
    """Its frame, and its light."""
    return next(reader.frames([0]))[1], next(reader.linear_frames([0]))[1]


def stored(folder: Path, kind: str) -> tuple[Path, np.ndarray]:
    """An image, and its codes 0..1."""
    path, codes = folder / f"a.{kind.split()[0]}", landscape(0)
    if kind == "exr":
        write_exr(path, codes.astype(np.float32) / 255)
        return path, codes / 255
    cv2.imwrite(str(path), codes[..., ::-1].astype(np.uint16) * 257 if "deep" in kind else codes[..., ::-1])
    return path, codes / 255


@pytest.mark.parametrize("kind", ["png", "png deep", "tif deep", "exr"])
def test_log(tmp_path: Path, kind: str) -> None:
    path, codes = stored(tmp_path, kind)
    frame, light = seen(opened(path, "Some Log", LOG))
    np.testing.assert_allclose(light, 2.0 ** (10 * codes[..., [1, 0, 2]] - 7), rtol=0.012)
    assert light.max() > 1.5  # nothing is clipped
    assert np.abs(linear_from_frame(frame) - np.minimum(light, 1)).max() < 0.01


def test_floats_beyond_0_and_1(tmp_path: Path) -> None:
    values = np.zeros((32, 32, 3), np.float32)
    values[..., 0], values[..., 1], values[16:] = 3.0, 0.001, (0.5, 8.0, 0.25)
    write_exr(tmp_path / "a.exr", values)
    frame, light = seen(opened(tmp_path / "a.exr", "Linear Rec.709", WIDE))  # its name says enough
    np.testing.assert_allclose(light, values, rtol=2e-3)
    assert np.array_equal(frame, frame_from_linear(light)) and frame.max() == 255
    _, wide = seen(opened(tmp_path / "a.exr", "Some Gamut", WIDE))
    expected = np.maximum(values @ np.array(WIDE.matrix).reshape(3, 3).T, 0)
    np.testing.assert_allclose(wide, expected, rtol=2e-3, atol=1e-6)
    _, log = seen(opened(tmp_path / "a.exr", "Some Log", LOG))
    assert np.isfinite(log).all() and log[0, 0, 1] > 2 * 2.0**3  # the curve goes on beyond its end


def test_other_spaces_of_floats_and_of_codes(tmp_path: Path) -> None:
    exr, codes = stored(tmp_path, "exr")
    frame, _ = seen(opened(exr, "sRGB"))
    assert np.abs(frame.astype(int) - np.rint(codes * 255)).max() <= 1
    assert np.array_equal(seen(opened(exr, None))[0], frame_from_linear(seen(opened(exr, None))[1]))
    png, codes = stored(tmp_path, "png deep")
    _, light = seen(opened(png, "Rec.2100-PQ"))
    assert np.array_equal(light, linear_of_codes(np.rint(codes * 65535).astype(np.uint16), "pq"))
    frame, same = seen(opened(png, "sRGB"))
    assert frame.dtype == same.dtype == np.uint8 and np.array_equal(frame, landscape(0))


@pytest.mark.parametrize("kind", ["png", "png deep", "exr"])
def test_a_space_that_only_samples_tell(tmp_path: Path, kind: str) -> None:
    def light_of(red, green, blue):
        return red * green + blue, 2 * green * blue, blue * (1 - red)  # mixed, and linear along each axis

    steps = [step / (CUBE_SIDE - 1) for step in range(CUBE_SIDE)]
    cube = packed_cube([light_of(*codes) for codes in product(steps, repeat=3)])
    colour = ColourTransform(curve=[0, 1], matrix=[1, 0, 0, 0, 1, 0, 0, 0, 1], cube=cube)
    path, codes = stored(tmp_path, kind)
    frame, light = seen(opened(path, "Some Look", colour))
    np.testing.assert_allclose(light, np.stack(light_of(*np.moveaxis(codes, 2, 0)), axis=-1), atol=2e-3)
    assert np.array_equal(frame, frame_from_linear(light))
    for wrong in (cube[:-8], "no base64!", cube[:-8] + b64encode(b"\0\x7c" * 3).decode()):
        with pytest.raises(ValueError, match="cube"):
            ColourTransform(curve=[0, 1], matrix=[1, 0, 0, 0, 1, 0, 0, 0, 1], cube=wrong)


def test_alpha_counts_in_light(tmp_path: Path) -> None:
    rgba = np.dstack([landscape(0)[..., ::-1], np.full((96, 160), 51, np.uint8)])
    cv2.imwrite(str(tmp_path / "a.png"), rgba)
    _, light = seen(opened(tmp_path / "a.png", "Some Log", LOG))
    codes = landscape(0)[..., [1, 0, 2]] / 255
    np.testing.assert_allclose(light, 0.2 * 2.0 ** (10 * codes - 7), rtol=0.01)


@pytest.mark.parametrize(
    ("codec", "ending", "pixels"),
    [("targa", "TGA", "bgr24"), ("targa", "tga", "bgra"), ("sgi", "rgb", "rgb24"), ("dpx", "dpx", "gbrp10be")],
)
def test_kinds_that_blender_knows(tmp_path: Path, codec: str, ending: str, pixels: str) -> None:
    path, alpha = tmp_path / f"a.{ending}", np.full((96, 160), 255, np.uint8)
    alpha[:20] = 0
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 160, 96, pixels, Fraction(1, 24)
    frame = av.VideoFrame.from_ndarray(np.dstack([landscape(0), alpha]), format="rgba").reformat(format=pixels)
    path.write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)]))
    # Blender takes the codes of DPX for light.
    reader = opened(path, "sRGB" if codec == "dpx" else None)
    found, light = seen(reader)
    assert np.abs(found[20:].astype(int) - landscape(0)[20:]).max() <= 1
    if pixels == "bgra":
        assert np.array_equal(next(reader.alphas([0]))[1], alpha) and not found[:20].any()
    else:
        assert (next(reader.alphas([0]))[1] == 255).all()
    if codec == "dpx":
        assert np.allclose(seen(opened(path, None))[1], landscape(0) / 255, atol=4e-3) and light.dtype == np.float32
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(Exception, match="cannot be read"):
        opened(path, None)
