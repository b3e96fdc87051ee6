# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot's light comes from: several small networks look at what describes its frames, and are averaged."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from ...contract.errors import ErrorCode, SkyarError
from ..lens import Lens
from ..matte.network.weights import models_folder
from ..types import FrameRGB, Matrix3, Matte
from .describe import describe
from .view import Floats, heading

NAME = "sun_direction"
# Further from the mean than so many deviations tells no more.
_FAR = 4.0


@dataclass(frozen=True)
class Sun:
    """The azimuth that a shot's light comes from.

    Attributes:
        azimuth: degrees to the right of the world's forward, -180..180.
        confidence: 0 (no idea) .. 1.
        sure: whether it can be relied on to within some 30 degrees.
    """

    azimuth: float
    confidence: float
    sure: bool


@dataclass(frozen=True)
class SunNetworks:
    """Weights: ``layers`` are pairs (networks, in, out) and (networks, out), with GELU between them."""

    mean: Floats
    deviation: Floats
    layers: tuple[tuple[Floats, Floats], ...]
    sure_above: float

    def towards(self, described: Floats) -> Floats:
        """Where the light comes from, (frames, 2): forward and right of the middle of the view; long where sure.

        ``described``, (frames, numbers), is of :func:`.describe.describe`.
        """
        values = np.clip((described - self.mean) / self.deviation, -_FAR, _FAR)[None]
        for index, (weight, bias) in enumerate(self.layers):
            values = values @ weight + bias[:, None, :]
            if index < len(self.layers) - 1:
                values = _gelu(values)
        return np.asarray(values.mean(axis=0))


def find_sun(
    frames: Iterable[tuple[FrameRGB, Matte, Matrix3, Lens]], networks: SunNetworks | None = None
) -> Sun | None:
    """The sun of a shot from some of its frames; None where there are no frames.

    Each frame comes with its matte (0..1, of its size), the matrix from world to camera directions and its lens. A
    frame and its mirror image are both looked at, so that left and right are alike.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``.
    """
    networks = networks or shipped_networks()
    total = np.zeros(2)
    count = 0
    for frame, matte, rotation, lens in frames:
        forward, right = towards_of(networks, frame, matte, rotation, lens)
        turned = heading(rotation)
        total += (
            forward * math.cos(turned) - right * math.sin(turned),
            forward * math.sin(turned) + right * math.cos(turned),
        )
        count += 1
    if not count:
        return None
    confidence = min(1.0, float(np.hypot(*total)) / count)
    azimuth = math.degrees(math.atan2(total[1], total[0]))
    return Sun(azimuth, confidence, confidence >= networks.sure_above)


def towards_of(networks: SunNetworks, frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens) -> Floats:
    """:meth:`SunNetworks.towards` of one frame and its mirror image, (2)."""
    both = describe_both(frame, matte, rotation, lens)
    seen, mirrored = networks.towards(both)
    return np.asarray((seen + mirrored * (1.0, -1.0)) / 2)


def describe_both(frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens) -> Floats:
    """A frame and its mirror image described, (2, numbers)."""
    turned = heading(rotation)
    # The world turned so that the view looks forward, then mirrored with the picture: left becomes right in both.
    cos, sin = math.cos(turned), math.sin(turned)
    ahead = rotation @ np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    swap = np.diag([-1.0, 1.0, 1.0])
    mirrored = describe(np.ascontiguousarray(frame[:, ::-1]), matte[:, ::-1].copy(), swap @ ahead @ swap, lens)
    return np.stack([describe(frame, matte, rotation, lens), mirrored])


def shipped_networks(folder: Path | None = None) -> SunNetworks:
    """The weights that come with SkyAR.

    Raises:
        SkyarError: ``weights_missing``; ``weights_unreadable`` where they are not what the file beside them says.
    """
    folder = folder or models_folder()
    path = folder / f"{NAME}.safetensors"
    try:
        facts = tomllib.loads((folder / f"{NAME}.toml").read_text(encoding="utf-8"))
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != facts["sha256"]:
            raise ValueError("its SHA-256 is not the one that is written beside it")
        return networks_from(load(content), float(facts["sure_above"]))
    except OSError as error:
        raise _bad(ErrorCode.WEIGHTS_MISSING, path, error) from error
    except Exception as error:  # safetensors has errors of its own kind
        raise _bad(ErrorCode.WEIGHTS_UNREADABLE, path, error) from error


def networks_from(tensors: dict[str, NDArray[np.float32]], sure_above: float) -> SunNetworks:
    """Networks from tensors ``mean``, ``deviation``, and ``weight0``, ``bias0``, ``weight1`` and so on."""
    layers: list[tuple[Floats, Floats]] = []
    while f"weight{len(layers)}" in tensors:
        pair = (tensors[f"{name}{len(layers)}"].astype(np.float64) for name in ("weight", "bias"))
        layers.append((next(pair), next(pair)))
    mean, deviation = (tensors[name].astype(np.float64) for name in ("mean", "deviation"))
    return SunNetworks(mean, deviation, tuple(layers), sure_above)


def _gelu(values: Floats) -> Floats:
    """Hendrycks and Gimpel 2016, the approximation by tanh."""
    return np.asarray(0.5 * values * (1 + np.tanh(math.sqrt(2 / math.pi) * (values + 0.044715 * values**3))))


def _bad(code: ErrorCode, path: Path, error: Exception) -> SkyarError:
    return SkyarError(
        code,
        f"The weights that find a shot's light cannot be read: {path}.",
        f"{type(error).__name__}: {error}.",
        "Install SkyAR again; or set where the light comes from yourself.",
    )
