# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that find a shot's light, and how their answers are put together.

One kind looks at all of a frame and answers with a direction, the longer the surer. The other looks at the sky alone
and answers with how likely each direction is. Each is trained apart, with what it can be trained with; together they
are the product of what they say, each as strong as it deserves.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from ...common.toml_file import read_toml
from ...contract.errors import ErrorCode, SkyarError
from ..models_folder import models_folder
from ..types import Float64Array

NAME = "sun_direction"
#: Directions that are told apart by the sky, and the middle of each, radians to the right of the middle of the view.
BINS = 36
CENTRES = (np.arange(BINS) + 0.5) / BINS * 2 * math.pi - math.pi
# Further from the mean than so many deviations tells no more.
_FAR = 4.0


@dataclass(frozen=True)
class Networks:
    """Networks of one shape, averaged: ``layers`` are pairs (networks, in, out) and (networks, out), GELU between."""

    mean: Float64Array
    deviation: Float64Array
    layers: tuple[tuple[Float64Array, Float64Array], ...]

    def values(self, described: Float64Array) -> Float64Array:
        """What they say of ``described`` (frames, numbers), (frames, out)."""
        values = np.clip((described - self.mean) / self.deviation, -_FAR, _FAR)[None]
        for index, (weight, bias) in enumerate(self.layers):
            values = values @ weight + bias[:, None, :]
            if index < len(self.layers) - 1:
                values = _gelu(values)
        return np.asarray(values.mean(axis=0))

    @classmethod
    def of(cls, tensors: dict[str, NDArray[np.float32]], start: str = "") -> Networks:
        """From ``mean``, ``deviation`` (figures,), ``weight0``, ``bias0``, ``weight1`` and so on, after ``start``."""
        layers: list[tuple[Float64Array, Float64Array]] = []
        while f"{start}weight{len(layers)}" in tensors:
            pair = (tensors[f"{start}{name}{len(layers)}"].astype(np.float64) for name in ("weight", "bias"))
            layers.append((next(pair), next(pair)))
        mean, deviation = (tensors[f"{start}{name}"].astype(np.float64) for name in ("mean", "deviation"))
        return cls(mean, deviation, tuple(layers))


@dataclass(frozen=True)
class SunNetworks:
    """``full_frame`` answers forward and right (2), ``sky`` log odds of :data:`BINS` directions.

    ``whole_strength`` and ``sky_strength`` are what each counts; a shot is sure above ``sure_above``.
    """

    full_frame: Networks
    sky: Networks
    whole_strength: float
    sky_strength: float
    sure_above: float

    def log_fractions(self, full_frame: Float64Array, sky: Float64Array) -> Float64Array:
        """How likely each of :data:`BINS` directions is, (frames, BINS) logarithms.

        ``full_frame`` (frames, 2, numbers) is of :func:`.describe.describe`, ``sky`` likewise of
        :func:`.sky_grid.describe_sky`: of frames and their mirror images, so that left and right are alike.
        """
        forward, right = self.towards(full_frame).T
        sky_only = self.sky_only(sky)
        along = forward[:, None] * np.cos(CENTRES) + right[:, None] * np.sin(CENTRES)
        return normalised(self.sky_strength * sky_only + self.whole_strength * along)

    def towards(self, full_frame: Float64Array) -> Float64Array:
        """Forward and right of the middle of the view, (frames, 2); long where sure."""
        seen, mirrored = (self.full_frame.values(full_frame[:, side]) for side in (0, 1))
        return np.asarray((seen + mirrored * (1.0, -1.0)) / 2)

    def sky_only(self, sky: Float64Array) -> Float64Array:
        """What the sky alone tells, (frames, BINS) logarithms."""
        seen, mirrored = (normalised(self.sky.values(sky[:, side])) for side in (0, 1))
        return normalised((seen + mirrored[:, ::-1]) / 2)


def normalised(logarithms: Float64Array) -> Float64Array:
    """Logarithms (frames, BINS) of shares that sum to 1."""
    least = logarithms - logarithms.max(axis=1, keepdims=True)
    return np.asarray(least - np.log(np.exp(least).sum(axis=1, keepdims=True)))


def shipped_networks(folder: Path | None = None) -> SunNetworks:
    """The weights that come with SkyAR.

    Raises:
        SkyarError: ``weights_missing``; ``weights_unreadable`` where they are not what the file beside them says.
    """
    folder = folder or models_folder()
    path = folder / f"{NAME}.safetensors"
    try:
        metadata = read_toml(folder / f"{NAME}.toml")
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != metadata["sha256"]:
            raise ValueError("its SHA-256 is not the one that is written beside it")
        tensors = load(content)
        numbers = (float(metadata[name]) for name in ("whole_strength", "sky_strength", "sure_above"))
        return SunNetworks(Networks.of(tensors), Networks.of(tensors, "sky_"), *numbers)
    except OSError as error:
        raise _bad(ErrorCode.WEIGHTS_MISSING, path, error) from error
    except Exception as error:  # safetensors has errors of its own kind
        raise _bad(ErrorCode.WEIGHTS_UNREADABLE, path, error) from error


def _gelu(values: Float64Array) -> Float64Array:
    """Hendrycks and Gimpel 2016, the approximation by tanh."""
    return np.asarray(0.5 * values * (1 + np.tanh(math.sqrt(2 / math.pi) * (values + 0.044715 * values**3))))


def _bad(code: ErrorCode, path: Path, error: Exception) -> SkyarError:
    return SkyarError(
        code,
        f"The weights that find a shot's light cannot be read: {path}.",
        f"{type(error).__name__}: {error}.",
        "Install SkyAR again; or set where the light comes from yourself.",
    )
