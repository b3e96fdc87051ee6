# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects what a training draws from, and keeps a part of the photographs aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .photographs import Labelled, kept_aside, trainable, with_labels, without_sky
from .places import Place, find_places
from .recipe import batch_size
from .rendered import Rendered, find_rendered
from .samples import Sources
from .skies import Skies, find_panoramas

_SIZE = 256
_REPOSITORY = Path(__file__).resolve().parents[3]
#: Lists of photographs in the data.
_PHOTOS = ("photos.jsonl", "photos2.jsonl")


@dataclass(frozen=True)
class Data:
    """``held_out``: images (H, W, 3) with matte and known at half size, never trained on."""

    sources: Sources
    held_out: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
    counts: dict[str, int]


def gather(
    cut_outs: Path, rendered: list[Path], data: Path | None, skies: int, seed: int, clouds: Path | None = None
) -> Data:
    """Read all sources; without ``data`` there are only the project's own. ``clouds``: labels of the clouds."""
    shards = sorted(cut_outs.glob("*.npy"))
    if not shards:
        raise SystemExit(f"no cut-outs in {cut_outs}: run matting.make_cut_outs first")
    labelled: list[Labelled] = []
    without: list[np.ndarray] = []
    aerial: list[Labelled] = []
    places: list[Place] = []
    clouded: list[Labelled] = []
    held_out: list[Labelled] = []
    panoramas = find_panoramas(_REPOSITORY / "skyboxes")
    if data:
        panoramas += [path for path in find_panoramas(data / "panoramas") if path.stem not in kept_aside()]
        for photos in (data / name for name in _PHOTOS if (data / name).exists()):
            labelled += with_labels(photos)
            without += without_sky(photos)
            held_out += with_labels(photos, aside=True)
            held_out += [_nothing(each) for each in without_sky(photos, aside=True)]
        aerial = trainable(data / "labelled.jsonl")
        places = find_places(data / "panoramas")
        if clouds:
            clouded = with_labels(data / "clouds.jsonl", clouds)
    frames: list[Rendered] = [frame for folder in rendered for frame in find_rendered(folder)]
    sources = Sources(
        skies=Skies(panoramas, skies, seed),
        cut_outs=shards,
        rendered=frames,
        labelled=labelled,
        without=without,
        aerial=aerial,
        places=places,
        clouded=clouded,
    )
    counts = {
        "cut_outs": 100 * len(shards),
        "rendered": len(frames),
        "labelled": len(labelled),
        "without_sky": len(without),
        "aerial": len(aerial),
        "places": len(places),
        "clouded": len(clouded),
        "held_out": len(held_out),
    }
    return Data(sources, [_at_size(each) for each in held_out], counts)


def _nothing(image: np.ndarray) -> Labelled:
    return Labelled(image, np.zeros(image.shape[:2], np.uint8), np.ones(image.shape[:2], np.uint8))


def _at_size(labelled: Labelled) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    height, width = labelled.image.shape[:2]
    longest = max(height, width)
    high, wide = batch_size(_SIZE, (height / longest, width / longest), 32)
    image = cv2.resize(labelled.image, (wide, high), interpolation=cv2.INTER_AREA)
    matte, known = (
        cv2.resize(each, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
        for each in (labelled.matte, labelled.known * 255)
    )
    return image, matte, (known > 250).astype(np.uint8)
