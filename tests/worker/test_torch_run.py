# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole run in torch, on torch's own processor in the place of a GPU, beside one without torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.jobs import report_of

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")

from skyar_blender.contract.errors import ErrorCode, SkyarError  # noqa: E402
from skyar_blender.contract.job import Settings  # noqa: E402
from skyar_blender.contract.layout import OutputFolder  # noqa: E402
from skyar_blender.engine.matte.network import on_device, torch_runtime  # noqa: E402
from skyar_blender.engine.matte.network.architecture import SkyNetwork  # noqa: E402
from skyar_blender.engine.media.exr import read_exr  # noqa: E402
from skyar_blender.engine.media.images import read_matte_png  # noqa: E402
from skyar_blender.engine.tensors import device as devices_of_torch  # noqa: E402
from skyar_blender.worker.process import devices  # noqa: E402

COUNT = 3


@pytest.fixture
def gpu(monkeypatch):
    """A device called ``cuda`` that ``auto`` takes; it is torch's processor."""
    monkeypatch.setattr(devices, "_gpu_possible", lambda: True)
    monkeypatch.setattr(devices, "available_devices", lambda: ["cpu", "cuda"])
    monkeypatch.setitem(devices_of_torch.NAMES, "cuda", "cpu")
    devices_of_torch.torch_device.cache_clear()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
    devices_of_torch.torch_device.cache_clear()


def test_both_runs_give_alike_results_and_say_what_ran_where(make_movie, job_for, run, gpu, tmp_path, monkeypatch):
    """Mattes within 2/255 in the mean, skies within half a percent; memory that is too small is told."""
    settings = Settings(quality="draft", matte_method="network", previews=True)
    jobs = {}
    for name in ("cpu", "auto"):
        job = job_for(make_movie(images=COUNT), settings=settings)
        jobs[name] = replace(job, output=str(tmp_path / name), device=name)
    run(jobs["cpu"])
    refined, short = on_device.refined, []

    def once_too_large(*given):
        if len(short) < 2:
            short.append(given)
            raise torch.OutOfMemoryError("no room")
        return refined(*given)

    monkeypatch.setattr(on_device, "refined", once_too_large)
    run(jobs["auto"])
    one, other = (report_of(Path(job.output)) for job in jobs.values())
    assert one["figures"]["device"] == "cpu" and one["figures"]["on_device"] is None
    assert other["figures"]["device"] == "cuda" and other["figures"]["on_device"] == ["matte", "preview", "sky"]
    told = [warning for warning in other["figures"]["warnings"] if warning["code"] == "device_memory"]
    assert len(told) == 1 and "Matte: some on the processor" in told[0]["why"]
    folders = [OutputFolder(Path(job.output)) for job in jobs.values()]
    for number in range(1, COUNT + 1):
        mattes = [read_matte_png(folder.matte(number)) / 65535 for folder in folders]
        assert np.abs(mattes[0] - mattes[1]).mean() < 2 / 255
        skies = [read_exr(folder.sky(number)) for folder in folders]
        assert (np.abs(skies[0] - skies[1]) / (skies[0] + 0.05)).mean() < 0.005
    assert all(folder.preview.exists() for folder in folders)


def test_a_gpu_that_nobody_asked_for_may_fail(make_movie, job_for, run, gpu, tmp_path, monkeypatch):
    """The processor takes over and says so; a GPU that was asked for by name is an error."""

    def broken(*_: object) -> None:
        raise RuntimeError("an illegal memory access was encountered")

    answer, move = SkyNetwork.forward, torch_runtime.OnDevice.to_processor

    def moved(network: torch_runtime.OnDevice) -> None:
        move(network)
        monkeypatch.setattr(SkyNetwork, "forward", answer)

    monkeypatch.setattr(SkyNetwork, "forward", broken)
    monkeypatch.setattr(torch_runtime.OnDevice, "to_processor", moved)
    monkeypatch.setattr(on_device, "refined", broken)
    settings = Settings(quality="draft", matte_method="network")
    job = replace(job_for(make_movie(images=COUNT), settings=settings, until="matte"), output=str(tmp_path / "auto"))
    run(replace(job, device="auto"))
    figures = report_of(tmp_path / "auto")["figures"]
    failed = [warning for warning in figures["warnings"] if warning["code"] == "device_failed"]
    assert len(failed) == 1 and "matte, network" in failed[0]["what"] and "illegal memory" in failed[0]["why"]
    assert all(OutputFolder(tmp_path / "auto").matte(number).exists() for number in range(1, COUNT + 1))
    monkeypatch.setattr(SkyNetwork, "forward", broken)
    with pytest.raises(SkyarError) as caught:
        run(replace(job, device="cuda", output=str(tmp_path / "cuda")))
    assert caught.value.code == ErrorCode.DEVICE_UNAVAILABLE
