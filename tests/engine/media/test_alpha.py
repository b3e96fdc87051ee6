# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage that is see-through: its alpha is read, its colours lie over black, and nothing is sky for certain."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from support.clips import landscape, landscape_matte

from skyar_blender.contract.job import Clip
from skyar_blender.engine.matte.see_through import over_plain_sky, with_alpha
from skyar_blender.engine.media.clip import open_clip


def rgba(index: int) -> np.ndarray:
    """The landscape without its sky, of which the file keeps a colour all the same."""
    alpha = 255 - np.rint(landscape_matte(index) / 257).astype(np.uint8)
    return np.dstack([landscape(index), alpha])


def sequence(folder: Path, ending: str) -> Clip:
    names = [f"{index}{ending}" for index in range(3)]
    for index, name in enumerate(names):
        image = cv2.cvtColor(rgba(index), cv2.COLOR_RGBA2BGRA)
        if ending == ".tif":
            image = image.astype(np.uint16) * 257
        cv2.imwrite(str(folder / name), image)
    return Clip(path=str(folder), kind="sequence", files=names)


def movie(folder: Path, codec: str, pixels: str) -> Clip:
    path = folder / ("clip.webm" if codec == "libvpx-vp9" else "clip.mov")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24)
        stream.height, stream.width, stream.pix_fmt = 96, 160, pixels
        if codec == "libvpx-vp9":
            stream.options = {"crf": "5", "b": "0", "deadline": "realtime", "cpu-used": "8"}
        for index in range(3):
            frame = av.VideoFrame.from_ndarray(rgba(index), format="rgba").reformat(format=pixels)
            frame.pts, frame.time_base = index, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return Clip(path=str(path))


@pytest.mark.parametrize("kind", [".png", ".tif", ".webp", "png", "libvpx-vp9"])
def test_alpha_is_read_and_colours_lie_over_black(tmp_path: Path, kind: str) -> None:
    if kind.startswith("."):
        clip = sequence(tmp_path, kind)
    else:
        clip = movie(tmp_path, kind, "rgba" if kind == "png" else "yuva420p")
    near = 0 if kind in (".png", ".tif", "png") else 30
    reader = open_clip(clip)
    assert reader.has_alpha
    frames, alphas = dict(reader.frames([0, 1, 2])), dict(reader.alphas([0, 1, 2]))
    for index in range(3):
        image = rgba(index)
        error = np.abs(alphas[index].astype(int) - image[..., 3])
        assert error.mean() <= near / 20 and np.quantile(error, 0.98) <= near
        nothing, all_of_it = image[..., 3] == 0, image[..., 3] == 255
        assert np.quantile(frames[index][nothing], 0.98) <= near
        assert np.abs(frames[index].astype(int) - image[..., :3])[all_of_it].mean() <= near / 3


def test_a_clip_without_alpha_has_none(tmp_path: Path, make_movie) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), landscape(0))
    assert not open_clip(Clip(path=str(tmp_path), kind="sequence", files=["1.png"])).has_alpha
    assert not open_clip(Clip(path=str(make_movie(images=1)))).has_alpha


def test_nothing_is_sky_with_the_exact_edge() -> None:
    alpha = rgba(0)[..., 3]
    doubtful = cv2.GaussianBlur(landscape_matte(0).astype(np.float32) / 65535, (0, 0), 2)
    found = with_alpha(doubtful, alpha)
    assert np.abs(found - landscape_matte(0) / 65535).max() < 0.12
    edge = (alpha > 0) & (alpha < 255)
    assert edge.any() and np.allclose(found[edge], 1 - alpha[edge] / 255, atol=1e-6)
    assert with_alpha(doubtful, None) is doubtful
    shown = over_plain_sky(np.zeros((96, 160, 3), np.uint8), alpha)
    assert shown[alpha == 0].min() > 150 and not shown[alpha == 255].any()
