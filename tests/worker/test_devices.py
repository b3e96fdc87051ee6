# SPDX-License-Identifier: GPL-3.0-or-later
"""A GPU that is asked for by name is there or is missed; ``auto`` takes what can be used."""

from __future__ import annotations

import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.worker.job.computing import Computing
from skyar_blender.worker.process import devices
from skyar_blender.worker.process.devices import choose_device


@pytest.fixture
def torch_sees(monkeypatch):
    """``torch_sees(*devices)``: what torch tells, or the error that it raises."""

    def see(*found):
        def available():
            if isinstance(found[0], Exception):
                raise found[0]
            return list(found)

        monkeypatch.setattr(devices, "_gpu_possible", lambda: True)
        monkeypatch.setattr(devices, "torch_installed", lambda: True)
        monkeypatch.setattr(devices, "available_devices", available)

    return see


@pytest.mark.parametrize("named", ["cuda", "rocm", "mps"])
@pytest.mark.parametrize("found", [("cpu",), (OSError("no library libcudart"),)], ids=["no GPU", "broken"])
def test_a_gpu_that_is_named_and_not_there_is_an_error(torch_sees, named, found):
    torch_sees(*found)
    with pytest.raises(SkyarError) as caught:
        choose_device(named, gpu_helps=True)
    assert caught.value.code == ErrorCode.DEVICE_UNAVAILABLE and caught.value.why and "cpu" in caught.value.todo


@pytest.mark.parametrize(
    ("found", "chosen"),
    [(("cpu",), "cpu"), (("cpu", "cuda"), "cuda"), ((OSError("no library libcudart"),), "cpu")],
    ids=["no GPU", "a GPU", "broken"],
)
def test_auto_is_never_an_error(torch_sees, found, chosen, caplog):
    torch_sees(*found)
    assert choose_device("auto", gpu_helps=True) == chosen
    assert choose_device("auto", gpu_helps=False) == "cpu"
    assert ("libcudart" in caplog.text) == isinstance(found[0], Exception)


def test_on_metal_the_network_alone_runs_on_the_gpu():
    computing, sky = Computing("mps"), object()
    assert computing.sky(sky) is sky and computing.short_of_memory() is None
    assert computing.used == set()
