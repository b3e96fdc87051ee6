# SPDX-License-Identifier: GPL-3.0-or-later
"""The true motion of a clip that was filmed or rendered: read from a file beside it, not made up here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from ...contract.errors import ErrorCode, SkyarError
from ...engine.track.geometry.rotations import camera_matrix
from ...engine.types import Float64Array, Matrix3
from .track_errors import Truth

_CAMERA = "camera.json"
_ORIENTATION = ".orientation.json"


def camera_truth(folder: Path) -> list[Truth] | None:
    """The truth in ``folder``/camera.json, as the scene generator writes it; None where there is no such file.

    ``rotation`` there (n, 3, 3) takes directions of the camera (x right, y down, z forward) to those of the world.

    Raises:
        SkyarError: ``clip_unreadable``.
    """
    path = folder / _CAMERA
    metadata = _read(path)
    if metadata is None:
        return None
    try:
        lens = camera_matrix(float(metadata["focal_px"]), int(metadata["width"]), int(metadata["height"]))
        rotations = np.array(metadata["rotation"], np.float64).reshape(-1, 3, 3)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(path, error) from error
    return _truths([turn.T @ rotations[0] for turn in rotations], lens)


def recorded_orientation(clip: Path) -> Float64Array | None:
    """Rotation vectors (n, 3), radians, of a camera that recorded its own orientation, since the first frame.

    Read from the file beside ``clip`` that is named like it and ends in ``.orientation.json``: quaternions (w, x, y,
    z) of the body and of the stabilised image in it, in the axes of its sensor. None where there is no such file.

    Raises:
        SkyarError: ``clip_unreadable``.
    """
    path = clip.with_name(clip.stem + _ORIENTATION)
    metadata = _read(path)
    if metadata is None:
        return None
    try:
        body, image = (
            Rotation.from_quat(np.roll(np.array(metadata[name], np.float64), -1, axis=1))
            for name in ("camera_orientation", "image_orientation")
        )
        turned = body * image
        return np.asarray((turned[0].inv() * turned).as_rotvec())
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(path, error) from error


def fitted_truth(
    recorded: Float64Array, found: Sequence[Matrix3], lens: Matrix3, distorted: Sequence[float]
) -> list[Truth]:
    """The recorded motion in the axes of the image, which nobody knows: one linear map of all of them is fitted.

    Nine numbers for the whole clip, the scale of the lens among them, against three for each frame.

    Args:
        recorded: rotation vectors (n, 3) of :func:`recorded_orientation`.
        found: rotation of each frame that was found (n of them).
        lens: K of the clip.
        distorted: its distortion in each frame.
    """
    tracked = Rotation.from_matrix(np.array(found)).as_rotvec()
    fitted, *_ = np.linalg.lstsq(recorded[: len(tracked)], tracked, rcond=None)
    turned = Rotation.from_rotvec(recorded[: len(tracked)] @ fitted).as_matrix()
    return [
        replace(truth, distortion=bend) for truth, bend in zip(_truths(list(turned), lens), distorted, strict=False)
    ]


def _truths(rotations: Sequence[Matrix3], lens: Matrix3) -> list[Truth]:
    inverse = np.linalg.inv(lens)
    return [Truth(0, np.asarray(lens @ turn @ inverse)) for turn in rotations]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(metadata, dict):
        raise _unreadable(path, ValueError("it is no object"))
    return metadata


def _unreadable(path: Path, error: Exception) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE,
        f"The recorded motion cannot be read: {path}.",
        f"{type(error).__name__}: {error}.",
        "Write it again, or take it away to measure the clip without truth.",
    )
