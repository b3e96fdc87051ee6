# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting method that a job asks for, on the device that it runs on."""

from __future__ import annotations

from pathlib import Path

from ..contract.job import Job
from ..engine.matte.interface import MatteMethod
from ..engine.matte.methods import matte_method
from .devices import choose_device


def device_of(job: Job) -> str:
    """The device that a job runs on; errors as :func:`.devices.choose_device`.

    A GPU is looked for only where something can run on one: the network, unless its weights are given in ONNX.
    """
    settings = job.settings
    gpu_helps = settings.matte_method == "network" and Path(settings.matting_weights or "").suffix.lower() != ".onnx"
    return choose_device(job.device, gpu_helps)


def matting_of(job: Job, device: str) -> MatteMethod:
    """The job's matting method, ready to work.

    Raises:
        SkyarError: see :class:`..engine.matte.network.method.NetworkMatte`.
    """
    settings = job.settings
    weights = None if settings.matting_weights is None else Path(settings.matting_weights)
    return matte_method(settings.matte_method, settings.quality, weights, device)
