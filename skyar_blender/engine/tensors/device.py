# SPDX-License-Identifier: GPL-3.0-or-later
"""The device that torch computes on, and what happens when its memory is full."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...contract.errors import ErrorCode, SkyarError

#: Torch's names of the devices in a job.
NAMES = {"cpu": "cpu", "cuda": "cuda", "rocm": "cuda", "mps": "mps"}

Item = TypeVar("Item")
Result = TypeVar("Result")


class TorchDevice:
    """A device by its name in a job: ``cpu``, ``cuda``, ``rocm`` or ``mps``.

    Attributes:
        precision: of a network: half on a GPU, single on the processor. Images are in single precision everywhere.
        replaceable: whether the processor takes over a step that fails here, since nobody asked for this device.
    """

    def __init__(self, name: str) -> None:
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.allow_tf32 = False  # filters of images would lose their last digits
        self.name = name
        self.device = torch.device(NAMES[name])
        self.precision = torch.float32 if self.device.type == "cpu" else torch.float16
        self.replaceable = False
        self._short: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._telling = threading.Lock()

    def uploaded(self, image: NDArray[Any]) -> Tensor:
        """``image`` of any shape and kind of number that torch has; 16 bits without a sign become float32."""
        if image.dtype == np.uint16:
            signed = torch.from_numpy(np.ascontiguousarray(image).view(np.int16)).to(self.device)
            return signed.to(torch.float32).remainder_(65536)
        return torch.from_numpy(np.ascontiguousarray(image)).to(self.device)

    def downloaded(self, image: Tensor) -> NDArray[Any]:
        """A tensor as an array of its own kind and shape."""
        return np.ascontiguousarray(image.cpu().numpy())

    def in_batches(
        self, work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item], batch: int, what: str
    ) -> tuple[list[Result], int]:
        """``work`` done on ``items``, ``batch`` of them at a time, and the batch that there was room for.

        When the memory is full the batch is halved, and that is noted under the name ``what``.

        Raises:
            torch.OutOfMemoryError: not even one of them has room.
        """
        done: list[Result] = []
        while len(done) < len(items):
            full = None
            try:
                done += work(items[len(done) : len(done) + batch])
            except torch.OutOfMemoryError as error:
                full = error.with_traceback(None)  # what it holds is to be freed
            if full is not None:
                self.tidy()
                if batch == 1:
                    raise full
                batch //= 2
                self.note(what, f"{batch} at a time")
        return done, batch

    def or_else(self, work: Callable[[], Result], on_processor: Callable[[], Result], what: str) -> Result:
        """``work`` on the device; where its memory is full, once more, then ``on_processor``, which is noted.

        Raises:
            SkyarError: ``device_unavailable`` when the device fails in another way and is not replaceable.
        """
        if self.replaceable and what in self._failed:
            return on_processor()
        for _ in range(2):
            try:
                return work()
            except torch.OutOfMemoryError:
                pass
            except RuntimeError as error:
                failure = self.failure(error, f"The step “{what}”")
                if not self.replaceable:
                    raise failure from error
                self.give_up(what, failure)
                return on_processor()
            self.tidy()
        self.note(what, "some on the processor")
        return on_processor()

    def failure(self, error: Exception, what: str) -> SkyarError:
        """What is told when ``what`` (the beginning of a sentence) failed on this device."""
        return device_failure(self.name, error, what)

    def tidy(self) -> None:
        """Give back what is kept for later use, so that there is room."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        elif self.device.type == "mps":
            torch.mps.empty_cache()

    def note(self, what: str, how: str) -> None:
        """Memory was too small for the step ``what``: ``how`` it was done instead."""
        with self._telling:
            self._short[what] = how

    def give_up(self, what: str, failure: SkyarError) -> None:
        """The step ``what`` failed here: from now on it is done on the processor."""
        with self._telling:
            self._failed[what] = failure.why

    @property
    def failed(self) -> dict[str, str]:
        """For each step that failed here and was left to the processor, what the device said."""
        with self._telling:
            return dict(self._failed)

    def short_of_memory(self) -> dict[str, str]:
        """For each step that the memory was too small for, how it was done instead. It is forgotten then."""
        with self._telling:
            short, self._short = self._short, {}
        return short


def device_failure(device: str, error: Exception, what: str) -> SkyarError:
    """What is told when ``what`` (the beginning of a sentence) failed on a device, which may not be there at all."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return SkyarError(
        ErrorCode.DEVICE_UNAVAILABLE,
        f"{what} failed on the device “{device}”.",
        lines[0][:300],
        "Choose the device “cpu”, or free the GPU's memory and run the job again: what is complete is kept.",
    )


@cache
def torch_device(name: str) -> TorchDevice:
    """The device called ``name``, one for the whole process. Raises RuntimeError where torch does not know it."""
    return TorchDevice(name)
