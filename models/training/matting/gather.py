# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects what a training draws from, and keeps a part of the photographs aside."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .photographs import Labelled, trainable, with_labels, without_sky
from .places import Place, find_places
from .recipe import batch_size
from .rendered import Rendered, find_rendered
from .samples import Sources
from .skies import Skies, find_panoramas

_ASIDE = 12
_SIZE = 256
_REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Data:
    """``held_out``: pictures (H, W, 3) with matte and known at half size, never trained on."""

    sources: Sources
    held_out: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
    counts: dict[str, int]


def gather(cut_outs: Path, rendered: list[Path], data: Path | None, skies: int, seed: int) -> Data:
    """Read all sources; without ``data`` there are only the project's own."""
    shards = sorted(cut_outs.glob("*.npy"))
    if not shards:
        raise SystemExit(f"no cut-outs in {cut_outs}: run matting.make_cut_outs first")
    labelled: list[Labelled] = []
    without: list[np.ndarray] = []
    aerial: list[Labelled] = []
    places: list[Place] = []
    folders = [_REPOSITORY / "skyboxes"]
    if data:
        folders.append(data / "panoramas")
        labelled = with_labels(data / "photos.jsonl")
        without = without_sky(data / "photos.jsonl")
        aerial = trainable(data / "labelled.jsonl")
        places = find_places(data / "panoramas")
    frames: list[Rendered] = [frame for folder in rendered for frame in find_rendered(folder)]
    aside = [_at_size(each) for each in labelled if _is_aside(each.picture)]
    aside += [_at_size(_nothing(each)) for each in without if _is_aside(each)]
    sources = Sources(
        skies=Skies(find_panoramas(*folders), skies, seed),
        cut_outs=shards,
        rendered=frames,
        labelled=[each for each in labelled if not _is_aside(each.picture)],
        without=[each for each in without if not _is_aside(each)],
        aerial=aerial,
        places=places,
    )
    counts = {
        "cut_outs": 100 * len(shards),
        "rendered": len(frames),
        "labelled": len(labelled),
        "without_sky": len(without),
        "aerial": len(aerial),
        "places": len(places),
        "held_out": len(aside),
    }
    return Data(sources, aside, counts)


def _is_aside(picture: np.ndarray) -> bool:
    return zlib.crc32(np.ascontiguousarray(picture[::16, ::16]).tobytes()) % _ASIDE == 0


def _nothing(picture: np.ndarray) -> Labelled:
    return Labelled(picture, np.zeros(picture.shape[:2], np.uint8), np.ones(picture.shape[:2], np.uint8))


def _at_size(labelled: Labelled) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    height, width = labelled.picture.shape[:2]
    longest = max(height, width)
    high, wide = batch_size(_SIZE, (height / longest, width / longest), 32)
    picture = cv2.resize(labelled.picture, (wide, high), interpolation=cv2.INTER_AREA)
    matte, known = (
        cv2.resize(each, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
        for each in (labelled.matte, labelled.known * 255)
    )
    return picture, matte, (known > 250).astype(np.uint8)
