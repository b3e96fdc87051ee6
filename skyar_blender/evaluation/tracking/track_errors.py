# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a track is from the true motion, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ...engine.lens import Lens
from ...engine.types import Float64Array, Matrix3, StoredMatte

#: Half the number of frames over which an error that stays the same is no jitter.
_STEADY = 3
#: Pixels between the points that are measured in the sky.
_GRID = 24


@dataclass(frozen=True)
class Truth:
    """Of one frame: the first frame of its shot, and the homography of points at infinity from there, in pixels.

    With a ``distortion`` (see :mod:`...lens`) those are the pixels of the images without it.
    """

    start: int
    homography: Matrix3
    distortion: float = 0.0


@dataclass(frozen=True)
class TrackErrors:
    """``per_frame`` (n,): mean distance in pixels of the points measured; ``jitter``: rms of what changes fast."""

    per_frame: Float64Array
    jitter: float


def corner_errors(
    found: Sequence[Matrix3], truths: Sequence[Truth], width: int, height: int, distorted: Sequence[float] = ()
) -> TrackErrors:
    """Where a track (a homography for each frame) puts the corners of the frames, against where they are.

    Points are taken back to the first frame of the shot by the truth and forth again by the track. ``distorted`` is
    the track's distortion in each frame; none means none.
    """
    right, bottom = width - 1.0, height - 1.0
    corners = np.array([[0.0, 0.0], [right, 0.0], [right, bottom], [0.0, bottom]])
    return _errors(found, distorted, truths, [corners] * len(found), (width, height))


def errors_over(
    frames: int,
    found: Sequence[Matrix3],
    truths: Sequence[Truth],
    width: int,
    height: int,
    distorted: Sequence[float] = (),
) -> Float64Array:
    """How far the corners of a frame are off when only the motion since ``frames`` before is asked: (n,) pixels.

    Not a number where there is no such frame in the shot. A shot that the track begins anew by mistake is blamed.
    """
    errors = np.full(len(found), np.nan)
    later = [k for k in range(frames, len(found)) if truths[k - frames].start == truths[k].start]
    moved = [found[k] @ np.linalg.inv(found[k - frames]) for k in later]
    true = [
        Truth(
            k - frames,
            np.asarray(truths[k].homography @ np.linalg.inv(truths[k - frames].homography)),
            truths[k].distortion,
        )
        for k in later
    ]
    bends = [distorted[k] for k in later] if distorted else ()
    errors[later] = corner_errors(moved, true, width, height, bends).per_frame
    return errors


def sky_errors(
    found: Sequence[Matrix3], truths: Sequence[Truth], mattes: Sequence[StoredMatte], distorted: Sequence[float] = ()
) -> TrackErrors:
    """As :func:`corner_errors`, of a grid over the sky that the first frame of the shot showed too."""
    points = [_seen_sky(truth, mattes[truth.start], now) for truth, now in zip(truths, mattes, strict=True)]
    height, width = mattes[0].shape
    return _errors(found, distorted, truths, points, (width, height))


def _errors(
    found: Sequence[Matrix3],
    distorted: Sequence[float],
    truths: Sequence[Truth],
    points: Sequence[Float64Array],
    size: tuple[int, int],
) -> TrackErrors:
    errors = []
    for homography, bend, truth, there in zip(found, distorted or [0.0] * len(found), truths, points, strict=True):
        if len(there):
            source = _moved(there, np.asarray(np.linalg.inv(truth.homography)), truth.distortion, size)
            errors.append(_moved(source, np.asarray(homography), bend, size) - there)
        else:
            errors.append(np.zeros((1, 2)))
    length = [float(np.linalg.norm(error, axis=1).mean()) for error in errors]
    return TrackErrors(np.array(length), _jitter(np.array([error.mean(axis=0) for error in errors])))


def _moved(points: Float64Array, homography: Matrix3, distortion: float, size: tuple[int, int]) -> Float64Array:
    """Pixels (n, 2) as seen, through a homography of those of the image without distortion."""
    centre, lens = np.array([(length - 1) / 2 for length in size]), Lens.of(1.0, distortion, *size)
    ideal = lens.ideal(points - centre) + centre
    moved = cv2.perspectiveTransform(ideal[None], homography)[0]
    return np.asarray(lens.seen(moved - centre) + centre)


def _jitter(errors: Float64Array) -> float:
    """Root mean square of the distance of an error vector (n, 2) from its own moving average."""
    if len(errors) <= 2 * _STEADY:
        return 0.0
    padded = np.pad(errors, ((_STEADY, _STEADY), (0, 0)), mode="reflect", reflect_type="odd")
    weights = np.ones(2 * _STEADY + 1) / (2 * _STEADY + 1)
    smooth = np.stack([np.convolve(padded[:, k], weights, mode="valid") for k in (0, 1)], axis=1)
    return float(np.sqrt(np.square(errors - smooth).sum(axis=1).mean()))


def _seen_sky(truth: Truth, first: StoredMatte, now: StoredMatte) -> Float64Array:
    """Grid points (n, 2) of a frame's sky that were sky in the first frame."""
    height, width = now.shape
    grid = np.stack(np.meshgrid(np.arange(4, width, _GRID), np.arange(4, height, _GRID)), axis=-1)
    points = grid.reshape(-1, 2).astype(np.float64)
    source = _moved(points, np.asarray(np.linalg.inv(truth.homography)), truth.distortion, (width, height))
    column, row = np.rint(source).astype(int).T
    kept = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    kept &= now[points[:, 1].astype(int), points[:, 0].astype(int)] > 60000
    kept[kept] = first[row[kept], column[kept]] > 60000
    return np.asarray(points[kept])
