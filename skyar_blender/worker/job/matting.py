# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting method that a job asks for, on the device that it runs on."""

from __future__ import annotations

from pathlib import Path

from ...contract.job import Job
from ...engine.matte.interface import MatteMethod
from ...engine.matte.methods import matte_method
from ..process.devices import choose_device


def device_of(job: Job, weights: Path | None) -> str:
    """The device that a job runs on; errors as :func:`.devices.choose_device`.

    ``auto`` looks for no GPU where the network's ``weights`` are given in ONNX, which the processor alone runs.
    """
    gpu_helps = job.settings.matte_method != "network" or weights is None or weights.suffix.lower() != ".onnx"
    return choose_device(job.device, gpu_helps)


def matting_of(job: Job, weights: Path | None, device: str) -> MatteMethod:
    """The job's matting method, ready to work; ``weights`` None are those that come with SkyAR.

    Raises:
        SkyarError: see :class:`..engine.matte.network.method.NetworkMatte`.
    """
    return matte_method(job.settings.matte_method, job.settings.quality, weights, device)
