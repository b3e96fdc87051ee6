# SPDX-License-Identifier: GPL-3.0-or-later
"""Which implementation each step of a job gets: decided once, by the job's device."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ...contract.job import Look
from ...engine.composite.light import Light
from ...engine.composite.look import Layers, composite
from ...engine.devices import WHOLE
from ...engine.sky.load import LoadedSky
from ...engine.types import FrameRGB

if TYPE_CHECKING:
    from ...engine.composite.on_device import Composite
    from ...engine.tensors.device import TorchDevice


@dataclass(frozen=True)
class Computing:
    """Where steps are computed: on the processor, or where the ``device`` can do all of it, in torch on that one.

    Attributes:
        automatic: whether nobody asked for the device: then the processor does what fails there.
        used: names of the steps that were computed on the device.
    """

    device: str = "cpu"
    automatic: bool = False
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self._torch is not None:
            self._torch.replaceable = self.automatic

    def matte(self, matte_method: str) -> None:
        """Mattes are made by the method of that name, of which the network alone knows devices."""
        if self.device != "cpu" and matte_method == "network":
            self.used.add("matte")

    def sky(self, sky: LoadedSky) -> LoadedSky:
        """``sky`` with its views made there."""
        if self._torch is None:
            return sky
        from ...engine.sky.on_device import on_device

        held = on_device(sky, self._torch)
        if held is not sky:
            self.used.add("sky")
        return held

    def composite(self, frame: FrameRGB, layers: Layers, look: Look, light: Light) -> FrameRGB:
        """See :func:`..engine.composite.look.composite`."""
        if self._torch is not None:
            self.used.add("preview")
        return self._composite(frame, layers, look, light)

    def short_of_memory(self) -> tuple[str, str, str] | None:
        """What happened, why and what to do, where the device's memory was too small for something; told once."""
        short = {} if self._torch is None else self._torch.short_of_memory()
        if not short:
            return None
        how = ", ".join(f"{step}: {done}" for step, done in sorted(short.items()))
        return (
            f"The memory of the device “{self.device}” was too small for some of the work, which took longer.",
            f"{how[:1].upper()}{how[1:]}. Nothing is missing.",
            "Close what else uses the GPU, or choose the device “cpu”.",
        )

    def failed(self) -> tuple[str, str, str] | None:
        """What happened, why and what to do, where the device failed and the processor took over."""
        failed = {} if self._torch is None else self._torch.failed
        if not failed:
            return None
        return (
            f"The device “{self.device}” failed, and the processor did its work: {', '.join(sorted(failed))}.",
            f"The device says: {next(iter(failed.values()))}",
            "Nothing is missing. Choose the device “cpu” to save the attempt.",
        )

    @cached_property
    def _torch(self) -> TorchDevice | None:
        if self.device not in WHOLE:
            return None
        from ...engine.tensors.device import torch_device

        return torch_device(self.device)

    @cached_property
    def _composite(self) -> Composite:
        if self._torch is None:
            return composite
        from ...engine.composite.on_device import composite_on

        return composite_on(self._torch)
