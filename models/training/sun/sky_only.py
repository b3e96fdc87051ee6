# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that look at the sky alone: trained with domes, each seen by many cameras under many clouds."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.training.sun.fit import Float64Array, Hyperparameters, fit
from models.training.sun.sky_views import Camera, described_views
from skyar_blender.engine.media.images import read_image_linear
from skyar_blender.engine.sky.disc import sun_disc
from skyar_blender.engine.sun.networks import BINS, CENTRES

RECIPE = Hyperparameters(widths=(192, 64), dropout=(0.05, 0.2, 0.1), epochs=24, batch=256, decay=0.1, count=6)
#: Views of each rendered dome, and of each panorama.
VIEWS, VIEWS_OF_REAL = 24, 150
#: How narrow the answer is that it is trained to give: a bell of some ten degrees.
_BELL = 25.0
#: Panoramas of 8 bits, whose sun is cut off: its azimuth, degrees to the right of the middle.
_SUNS = {"kloofendal_48d_partly_cloudy_puresky_4k.jpg": 34.2, "kloppenheim_06_puresky_4k.jpg": 36.5}
_DOME = (256, 64)


def train_sky_only(views: Float64Array, azimuth: Float64Array) -> dict[str, Float64Array]:
    """Tensors of networks that answer log odds of directions; ``views`` (n, 2, numbers), ``azimuth`` (n), radians."""
    numbers = np.concatenate([views[:, 0], views[:, 1]])
    answers = np.concatenate([_likely(azimuth), _likely(-azimuth)])
    return fit(numbers, answers, _negative_log_likelihood, RECIPE, "sky_")


def dome_views(
    folder: Path, cameras: list[Camera], cache: Path
) -> tuple[Float64Array, Float64Array, NDArray[np.int64]]:
    """Views of all domes in ``folder``, the sun's azimuth in each, and the number of its dome."""
    found = []
    for path in sorted(folder.glob("*.npz")):
        seed = int(path.stem)
        kept = cache / f"{seed:06d}.npz"
        if not kept.exists():
            stored = np.load(path)
            azimuth = math.radians(float(stored["sun"][0]))
            views, suns = described_views(stored["light"], azimuth, cameras, VIEWS, np.random.default_rng((seed, 11)))
            cache.mkdir(parents=True, exist_ok=True)
            np.savez(kept, views=views.astype(np.float32), suns=suns)
        found.append((np.load(kept), seed))
    views, suns = (np.concatenate([each[name] for each, _ in found]) for name in ("views", "suns"))
    return views, suns, np.concatenate([np.full(len(each["suns"]), seed) for each, seed in found])


def panorama_views(paths: list[Path], cameras: list[Camera]) -> tuple[Float64Array, Float64Array]:
    """Views of panoramas of real skies, or of our own, that have a sun."""
    views, suns = [], []
    for index, path in enumerate(paths):
        image = read_image_linear(path)
        sun = sun_disc(image)
        azimuth = _SUNS.get(path.name, sun[0] if sun is not None else None)
        if azimuth is None:
            continue
        upper = image[: image.shape[0] // 2]
        dome = cv2.resize(upper, _DOME, interpolation=cv2.INTER_AREA)
        rng = np.random.default_rng((index, 12))
        seen = described_views(dome, math.radians(azimuth), cameras, VIEWS_OF_REAL, rng, painted=False)
        views.append(seen[0])
        suns.append(seen[1])
    return np.concatenate(views), np.concatenate(suns)


def _likely(azimuth: Float64Array) -> Float64Array:
    fractions = np.exp(_BELL * (np.cos(CENTRES[None] - np.nan_to_num(azimuth)[:, None]) - 1))
    fractions /= fractions.sum(axis=1, keepdims=True)
    fractions[~np.isfinite(azimuth)] = 1 / BINS
    return fractions


def _negative_log_likelihood(given: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    return -(answer * torch.log_softmax(given, dim=1)).sum(dim=1).mean()
