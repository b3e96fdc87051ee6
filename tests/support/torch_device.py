# SPDX-License-Identifier: GPL-3.0-or-later
"""The device on which the pairs of implementations are compared: torch's processor, or a GPU that is named."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")

from skyar_blender.engine.tensors.device import TorchDevice  # noqa: E402

#: By its name in a job.
DEVICE = os.environ.get("SKYAR_TEST_DEVICE", "cpu")


def chosen_device() -> TorchDevice:
    """A device of its own for one test."""
    return TorchDevice(DEVICE)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Several threads only wait for one another on images so small."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
