# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sky of a photograph may be: what :mod:`.label_photos` starts from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from skyar_blender.engine.matte.adaptive import AdaptiveMatte

Image = NDArray[np.uint8]
Float32Array = NDArray[np.float32]
#: Least and most of the difference from the sky at which a small thing is half and fully there, times the threshold.
_FAINT, _CLEAR = 0.6, 1.4


def adaptive(image: Image, quality: str) -> Float32Array:
    """The network-free matte, fitted to this photograph alone."""
    return AdaptiveMatte(quality).fit([image]).matte(image, None)


def cut(image: Image, matte: Float32Array, sure: Float32Array, open_to: NDArray[np.bool_]) -> Float32Array:
    """GrabCut where ``open_to``, from a matte and what is sure (1 sky, 0 none, NaN neither); hard edges.

    Sky and the rest are each learnt near the places in question only, as far-off colours do not matter there.
    """
    if not open_to.any():
        return matte
    mask = np.where(matte > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    shut = ~open_to
    mask[shut & (matte > 0.5)] = cv2.GC_FGD
    mask[shut & (matte <= 0.5)] = cv2.GC_BGD
    mask[sure == 1] = cv2.GC_FGD
    mask[sure == 0] = cv2.GC_BGD
    near = cv2.dilate(open_to.astype(np.uint8), np.ones((61, 61), np.uint8))
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    seen = np.ascontiguousarray(mask[part])
    if not (seen & 1).any() or (seen & 1).all():
        return matte
    cv2.setRNGSeed(0)
    cv2.grabCut(
        np.ascontiguousarray(image[part]),
        seen,
        None,
        np.zeros((1, 65)),
        np.zeros((1, 65)),
        4,
        cv2.GC_INIT_WITH_MASK,
    )
    result = matte.copy()
    result[part] = np.where(open_to[part], (seen & 1).astype(np.float32), matte[part])
    return result


def things(image: Image, matte: Float32Array, box: list[float]) -> Float32Array:
    """The matte without what stands out in a box from the sky that its border shows.

    The sky inside is interpolated from the border (left to right, top to bottom, mean of both).
    """
    x0, y0, x1, y1 = (round(v) for v in box[:4])
    least = box[4] if len(box) > 4 else 18.0
    height, width = matte.shape
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    part = cv2.GaussianBlur(image, (0, 0), 0.6)[y0:y1, x0:x1].astype(np.float32)
    smooth = cv2.medianBlur(image, 5)[y0:y1, x0:x1].astype(np.float32)
    across = np.linspace(0, 1, x1 - x0, dtype=np.float32)[None, :, None]
    down = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None, None]
    sideways = smooth[:, :1] * (1 - across) + smooth[:, -1:] * across
    upright = smooth[:1] * (1 - down) + smooth[-1:] * down
    sky = (sideways + upright) / 2
    far = np.abs(part - sky).max(axis=-1)
    there = np.clip((far / least - _FAINT) / (_CLEAR - _FAINT), 0, 1)
    result = matte.copy()
    result[y0:y1, x0:x1] = 1 - _filled(there.astype(np.float32))
    return result


def _filled(there: Float32Array) -> Float32Array:
    """Holes of a thing are part of it where they are small, and specks of noise are not."""
    solid = cv2.morphologyEx((there > 0.5).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, parts, sizes, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    keep = np.zeros(count, bool)
    keep[1:] = sizes[1:, cv2.CC_STAT_AREA] >= 6
    near = cv2.dilate(keep[parts].astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    contours, _ = cv2.findContours(keep[parts].astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    filled = keep[parts].astype(np.uint8)
    for contour in contours:
        if cv2.contourArea(contour) < 30:
            cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
    return np.maximum(there * near, filled.astype(np.float32)).astype(np.float32)


def crown(image: Image, matte: Float32Array, region: NDArray[np.bool_]) -> Float32Array:
    """The matte with gaps between leaves in ``region``, by colour.

    The sky's colour is the mean of the sure sky nearby; the foreground's that of the third of the region's pixels
    that is farthest from it. Each pixel's alpha is its place between the two, noise cut off at both ends.
    """
    levels = image.astype(np.float32)
    sure = ((matte > 0.97) & ~cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)).astype(
        np.float32
    )
    if not sure.any():
        return matte
    small = (matte.shape[1] // 8, matte.shape[0] // 8)
    fractions = cv2.resize(sure, small, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(levels * sure[..., None], small, interpolation=cv2.INTER_AREA)
    sky = np.zeros_like(sums)
    known = np.zeros(fractions.shape, bool)
    for reach in (1.5, 4.0, 10.0, 30.0):
        weight = cv2.GaussianBlur(fractions, (0, 0), reach)
        mean = cv2.GaussianBlur(sums, (0, 0), reach) / np.maximum(weight, 1e-6)[..., None]
        new = ~known & ((weight > 0.02) | (reach == 30.0))
        sky[new] = mean[new]
        known |= new
    away = cv2.resize(cv2.GaussianBlur(sky, (0, 0), 1.0), matte.shape[1::-1]) - levels
    far = np.sqrt((away * away).sum(axis=-1))
    threshold = np.quantile(far[region], 2 / 3)
    axis = away[region & (far >= threshold)].mean(axis=0)
    place = 1 - (away @ axis) / max(float(axis @ axis), 1.0)
    alpha = np.clip((place - 0.15) / 0.7, 0, 1)
    return np.where(region, alpha, matte).astype(np.float32)


@cache
def _session(path: Path) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def from_network(image: Image, path: Path) -> Float32Array:
    """Matte of an earlier network, long side 384, at the size it works at."""
    height, width = image.shape[:2]
    scale = 384 / max(height, width)
    size = (round(width * scale), round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    down = np.repeat(np.linspace(0, 1, size[1], dtype=np.float32)[:, None, None], size[0], axis=1)
    filled = np.pad(np.concatenate([small, down], -1), ((0, -size[1] % 32), (0, -size[0] % 32), (0, 0)), mode="edge")
    (logits,) = _session(path).run(["logits"], {"picture": filled.transpose(2, 0, 1)[None]})
    whole = cv2.resize(logits.reshape(logits.shape[-2:]), filled.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    inside = np.ascontiguousarray(whole[: size[1], : size[0]])
    return np.asarray(1 / (1 + np.exp(-cv2.resize(inside, (width, height)))), np.float32)
