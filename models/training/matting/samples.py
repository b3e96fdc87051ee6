# SPDX-License-Identifier: GPL-3.0-or-later
"""One training sample: drawn from some source, composed, filmed; the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from . import camera_effects
from .compose import compose
from .framed import framed
from .overlays import overlay
from .photographs import Labelled
from .places import Place
from .rendered import Rendered
from .skies import Skies

Random = np.random.Generator
#: How often each source is drawn.
_WEIGHTS = {
    "cut_out": 0.18,
    "framed": 0.07,
    "rendered": 0.10,
    "labelled": 0.24,
    "clouded": 0.09,
    "without": 0.14,
    "aerial": 0.03,
    "resky": 0.05,
    "place": 0.10,
}
#: Mean of a label, of 255, from which next to nothing but sky is seen.
_ALL_SKY = 235
#: A source of fewer images than this is drawn less often, so that none is learnt by heart.
_PLENTY = {"rendered": 400, "labelled": 150, "resky": 150, "without": 150, "aerial": 150, "place": 9, "clouded": 600}


@dataclass(frozen=True)
class Sample:
    """``frames`` of one shot a moment apart.

    ``image``: (frames, H, W, 3) 8-bit RGB; ``matte`` and ``known``: (frames, H/2, W/2) 8 bits, 255 = sky, and where
    the matte is known.
    """

    image: np.ndarray
    matte: np.ndarray
    known: np.ndarray


class Sources:
    """All there is to draw from; sources that are missing give their share to the cut-outs."""

    def __init__(
        self,
        skies: Skies,
        cut_outs: list[Path],
        rendered: list[Rendered],
        labelled: list[Labelled],
        without: list[np.ndarray],
        aerial: list[Labelled],
        places: list[Place],
        clouded: list[Labelled],
    ) -> None:
        self.skies = skies
        self._cut_outs = [np.load(path, mmap_mode="r") for path in cut_outs]
        self._rendered, self._labelled, self._without, self._aerial = rendered, labelled, without, aerial
        self._places, self._clouded = places, clouded
        there = {
            "cut_out": self._cut_outs,
            "framed": self._cut_outs,
            "clouded": clouded,
            "rendered": rendered,
            "labelled": labelled,
            "without": without,
            "aerial": aerial,
            "resky": labelled,
            "place": places,
        }
        names = [name for name in _WEIGHTS if there[name]]
        weights = np.array([_WEIGHTS[name] * min(1.0, len(there[name]) / _PLENTY.get(name, 1)) for name in names])
        self._names, self._weights = names, weights / weights.sum()

    def draw(self, seed: tuple[int, ...], size: tuple[int, int], frames: int = 1) -> Sample:
        """The sample of a seed, ``size`` = (height, width)."""
        random = np.random.default_rng(seed)
        name = self._names[int(random.choice(len(self._names), p=self._weights))]
        image, matte, known, strength = getattr(self, f"_{name}_pair")(random, size)
        image = camera_effects.graded(random, image, strength)
        noise = random.choice([0, random.uniform(0, 0.03), random.uniform(0, 0.1)])
        quality = int(random.integers(20, 130))
        views = _views(random, image.shape[:2], size, frames, level=name != "aerial")
        shot = [_seen(image, view, size) for view in views]
        laid = overlay(random, *size)
        return Sample(
            image=np.stack([camera_effects.recorded(random, laid.over(each), noise, quality) for each in shot]),
            matte=np.stack([_halved(laid.beside(_seen(matte, view, size))) for view in views]),
            known=np.stack([(_halved(_seen(known, view, size)) > 250).astype(np.uint8) for view in views]),
        )

    def _any_cut_out(self, random: Random) -> np.ndarray:
        shard = self._cut_outs[int(random.integers(len(self._cut_outs)))]
        return np.asarray(shard[int(random.integers(len(shard)))])

    def _cut_out_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        return self._composed(random, _cropped(random, self._any_cut_out(random), size, (0.45, 1.0)))

    def _framed_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        height, width = (round(each * 1.12) for each in size)
        return self._composed(random, framed(random, lambda: self._any_cut_out(random), height, width))

    def _rendered_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        rendered = self._rendered[int(random.integers(len(self._rendered)))]
        if random.random() < 0.5:
            image = _cropped(random, rendered.seen(), size, (0.5, 1.0))
            matte = image[..., 3].astype(np.float32) / 255
            return image[..., :3].astype(np.float32) / 255, matte, np.ones_like(matte), 0.8
        return self._composed(random, _cropped(random, rendered.cut_out(), size, (0.5, 1.0)))

    def _labelled_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        chosen = self._labelled[int(random.integers(len(self._labelled)))]
        if chosen.matte.mean() > _ALL_SKY and random.random() < 0.8:  # birds in the blue teach little, and are many
            return self._labelled_pair(random, size)
        return _real(random, chosen, size)

    def _clouded_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        return _real(random, self._clouded[int(random.integers(len(self._clouded)))], size)

    def _aerial_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        return _real(random, self._aerial[int(random.integers(len(self._aerial)))], size)

    def _without_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        photograph = self._without[int(random.integers(len(self._without)))]
        image = _cropped(random, photograph, size, (0.4, 1.0)).astype(np.float32) / 255
        nothing = np.zeros(image.shape[:2], np.float32)
        return image, nothing, np.ones_like(nothing), 0.7

    def _resky_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        """A labelled photograph under another sky."""
        chosen = self._labelled[int(random.integers(len(self._labelled)))]
        return self._composed(random, _cropped(random, _cut(chosen.image, chosen.matte), size, (0.6, 1.0)))

    def _place_pair(self, random: Random, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
        """A view as it is, or under another sky."""
        place = self._places[int(random.integers(len(self._places)))]
        image, matte, known = place.view(random, round(size[0] * 1.12), round(size[1] * 1.12))
        if known.all() and random.random() < 0.3:
            image, matte = (np.rint(each * 255).astype(np.uint8) for each in (image, matte))
            return self._composed(random, _cut(image, matte))
        return image, matte, known, 0.5

    def _composed(self, random: Random, cut_out: np.ndarray) -> tuple:  # type: ignore[type-arg]
        sky = self.skies.draw(random, *cut_out.shape[:2])
        image, matte = compose(random, cut_out, sky)
        return image, matte, np.ones_like(matte), 1.0


def _cut(image: np.ndarray, matte: np.ndarray) -> np.ndarray:
    """A photograph, 8 bits, as a cut-out (see ``cutouts.canvas``) that mirrors nothing."""
    return np.dstack([image, 255 - matte, np.zeros_like(image)])


def _real(random: Random, labelled: Labelled, size: tuple[int, int]) -> tuple:  # type: ignore[type-arg]
    stacked = np.dstack([labelled.image, labelled.matte, labelled.known * 255])
    part = _cropped(random, stacked, size, (0.5, 1.0)).astype(np.float32) / 255
    return part[..., :3], part[..., 3], np.floor(part[..., 4] + 0.01), 0.6


def _cropped(random: Random, image: np.ndarray, size: tuple[int, int], fraction: tuple[float, float]) -> np.ndarray:
    """A part of about the shape of ``size``, mirrored half the time, a little larger than ``size``."""
    height, width = image.shape[:2]
    aspect = size[1] / size[0] * np.exp(random.normal(0, 0.12))
    wide = min(width, height * aspect) * random.uniform(*fraction)
    high = wide / aspect
    wide, high = max(8, int(wide)), max(8, int(high))
    top, left = int(random.integers(0, max(1, height - high + 1))), int(random.integers(0, max(1, width - wide + 1)))
    part = image[top : top + high, left : left + wide]
    target = (round(size[1] * 1.12), round(size[0] * 1.12))
    interpolation = cv2.INTER_AREA if wide > target[0] else cv2.INTER_LINEAR
    scaled = np.dstack(
        [
            cv2.resize(part[..., start : start + 4], target, interpolation=interpolation)
            for start in range(0, part.shape[-1], 4)
        ]
    )
    return np.ascontiguousarray(scaled[:, ::-1]) if random.random() < 0.5 else scaled


def _views(
    random: Random, shape: tuple[int, int], size: tuple[int, int], frames: int, level: bool
) -> list[np.ndarray]:
    """Affine maps (2x3) from the composed image to each frame: a tilted camera that moves a little."""
    angle = random.normal(0, 4 if level else 8) if random.random() < 0.88 else random.uniform(-180, 180)
    scale = size[0] / shape[0] * 1.1 / max(0.75, abs(np.cos(np.radians(angle))))
    scale *= random.uniform(1.0, 1.1)
    shift = random.normal(0, 0.02, 2) * size[0]
    views = []
    pan, turn, zoom = random.normal(0, 0.012, 2) * size[0], random.normal(0, 0.4), np.exp(random.normal(0, 0.004))
    for frame in range(frames):
        view = cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), angle + turn * frame, scale * zoom**frame)
        view[:, 2] += np.array([size[1] - shape[1], size[0] - shape[0]]) / 2 + shift + pan * frame
        views.append(view)
    return views


def _seen(image: np.ndarray, view: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.warpAffine(image, view, size[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _halved(map_: np.ndarray) -> np.ndarray:
    small = cv2.resize(map_, (map_.shape[1] // 2, map_.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
