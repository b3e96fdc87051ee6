# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of shots under two skies, as ``models/training/scenes/make_scenes.py --composite-set`` makes them.

Each pair has a folder with ``a.png`` (8 bits, under the old sky), ``b.png`` (the same under the new one, the truth),
``alpha.png`` (16 bits, 65535 = sky), ``sky_b.exr`` (the new sky alone, scene-linear, exposed as b.png) and
``pair.json``, of which ``kind`` (of place), ``a.sky.name`` and ``b.sky.name`` are used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...contract.errors import ErrorCode, SkyarError
from ...engine.media.images import read_frame, read_image_linear, read_matte_png
from ...engine.types import FrameRGB, LinearRGB, Matte

_METADATA = "pair.json"


@dataclass(frozen=True)
class SkyPair:
    """One pair; ``scene`` is the kind of place, ``old`` and ``new`` are the names of the skies."""

    folder: Path
    scene: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """That of its folder."""
        return self.folder.name

    @property
    def skies(self) -> str:
        """Both skies in words."""
        return f"{self.old} to {self.new}"


@dataclass(frozen=True)
class PairImages:
    """All of one size: ``frame`` under the old sky, ``truth`` under the new one, the exact ``alpha``, the new sky."""

    frame: FrameRGB
    truth: FrameRGB
    alpha: Matte
    sky: LinearRGB


def find_pairs(folder: Path) -> list[SkyPair]:
    """The finished pairs in ``folder``, in the order of their names; folders without a pair.json are none.

    Raises:
        SkyarError: ``clip_missing``: no such folder, or no pair in it; ``clip_unreadable``: a pair.json.
    """
    if not folder.is_dir():
        raise SkyarError(
            ErrorCode.CLIP_MISSING, f"There is no folder {folder}.", "Nothing is at that path.", "Check the path."
        )
    found = [_pair(path) for path in sorted(folder.glob(f"*/{_METADATA}"))]
    if not found:
        raise SkyarError(
            ErrorCode.CLIP_MISSING,
            f"There is no pair of pictures in {folder}.",
            f"None of its folders has a {_METADATA}.",
            "Make a set with models/training/scenes/make_scenes.py --composite-set.",
        )
    return found


def read_pair(pair: SkyPair) -> PairImages:
    """Its images.

    Raises:
        SkyarError: ``clip_missing``, ``clip_unreadable`` or ``sky_unreadable``: one is missing, damaged, or not of
            the size of the others.
    """
    frame, truth = read_frame(pair.folder / "a.png"), read_frame(pair.folder / "b.png")
    alpha = read_matte_png(pair.folder / "alpha.png").astype(np.float32) / np.float32(65535)
    sky = read_image_linear(pair.folder / "sky_b.exr")
    sizes = {"b.png": truth.shape[:2], "alpha.png": alpha.shape, "sky_b.exr": sky.shape[:2]}
    for name, size in sizes.items():
        if size != frame.shape[:2]:
            raise SkyarError(
                ErrorCode.CLIP_UNREADABLE,
                f"The pictures of {pair.folder} do not fit together.",
                f"{name} is {size[1]} x {size[0]}, but a.png is {frame.shape[1]} x {frame.shape[0]}.",
                "Remove this folder and make the set again: only what is missing is rendered.",
            )
    return PairImages(frame, truth, alpha, sky)


def _pair(path: Path) -> SkyPair:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
        names = [metadata["kind"], metadata["a"]["sky"]["name"], metadata["b"]["sky"]["name"]]
        if not all(isinstance(name, str) and name for name in names):
            raise ValueError("a name is no text")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"The facts of a pair cannot be read: {path}.",
            f"It is no JSON with the names of the place and of both skies ({type(error).__name__}: {error}).",
            "Remove its folder and make the set again: only what is missing is rendered.",
        ) from error
    return SkyPair(path.parent, *names)
