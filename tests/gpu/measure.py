# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten minutes on a GPU: are both implementations alike there, how many mattes a second, how long is a whole run?

    python tests/gpu/measure.py --device cuda --output gpu.json

It needs the engine's packages, torch for the device, and pytest. Each part is told as it is done; what does not fit
into ``--minutes`` is left out and said to be. On ``cpu`` the processor stands in for the GPU, at seconds a frame:
give it a small ``--size``. It ends with an error where a part failed, or both are not alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.clips import landscape  # noqa: E402

from skyar_blender.engine.matte.interface import PreviousFrame  # noqa: E402
from skyar_blender.engine.matte.network.method import NetworkModel  # noqa: E402
from skyar_blender.engine.matte.network.on_device import TorchSteps  # noqa: E402
from skyar_blender.engine.matte.network.torch_runtime import TorchSegmenter  # noqa: E402
from skyar_blender.engine.matte.network.weights import shipped_weights  # noqa: E402
from skyar_blender.engine.tensors.device import TorchDevice  # noqa: E402

_PAIRS = ("engine/matte/test_torch_steps.py", "engine/sky/test_on_device.py", "engine/composite/test_on_device.py")


def alike(device: str, seconds: float) -> dict[str, Any]:
    """The tests that compare both implementations, on the device."""
    command = [sys.executable, "-m", "pytest", "-q", *(str(ROOT / "tests" / name) for name in _PAIRS)]
    environment = os.environ | {"SKYAR_TEST_DEVICE": device}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds)
    return {"passed": done.returncode == 0, "said": done.stdout.strip().splitlines()[-12:]}


def mattes(device: str, seconds: float, size: tuple[int, int]) -> dict[str, Any]:
    """Mattes a second, frame after frame, and how the time of a frame is spent."""
    there = TorchDevice(device)
    steps = TorchSteps(TorchSegmenter(shipped_weights("safetensors"), device, 512), there)
    frames = [landscape(index, *size, pan=4.0) for index in range(2 * steps.batch)]
    model = NetworkModel(steps, None)
    spent = dict.fromkeys(("network and judging", "refining and smoothing"), 0.0)
    made, previous = 0, None
    model.look(frames[:1])
    model.matte(frames[0], None)  # to warm up
    end = time.perf_counter() + seconds
    while not made or time.perf_counter() < end:
        first = made % len(frames)
        some = [frame.copy() for frame in frames[first : first + steps.batch]]  # none is known already
        before = time.perf_counter()
        model.look(some)
        between = time.perf_counter()
        begun = made
        for frame in some:
            matte = model.matte(frame, previous)
            previous = PreviousFrame(frame, np.rint(matte * 65535).astype(np.uint16))
            made += 1
            if time.perf_counter() > end:  # a frame takes seconds where there is no GPU
                break
        spent["network and judging"] += (between - before) * (made - begun) / len(some)
        spent["refining and smoothing"] += time.perf_counter() - between
    taken = sum(spent.values())
    cuda = there.device.type == "cuda"
    return {
        "frames": made,
        "fps": round(made / taken, 1),
        "ms": {name: round(1000 * each / made, 2) for name, each in spent.items()},
        "device_memory_mb": round(torch.cuda.max_memory_allocated() / 2**20) if cuda else None,
        "short_of_memory": there.short_of_memory(),
    }


def whole_run(device: str, seconds: float, size: tuple[int, int], output: Path) -> dict[str, Any]:
    """``skyar benchmark`` on the device, with the floor that decoding and writing alone take."""
    path = output.with_suffix(f".{device}.json")
    options = ["--size", f"{size[0]}x{size[1]}", "--frames", "60", "--device", device, "--json", str(path)]
    command = [sys.executable, "-m", "skyar_blender.worker.cli", "benchmark", *options]
    subprocess.run(command, cwd=ROOT, check=True, timeout=seconds)
    (run,) = json.loads(path.read_text(encoding="utf-8"))["runs"]
    return dict(run)


def main() -> None:
    """Measure what there is time for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", choices=["cpu", "cuda", "rocm", "mps"])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), help="width and height; default 1080p")
    parser.add_argument("--output", type=Path, default=Path("gpu.json"))
    given = parser.parse_args()
    end = time.monotonic() + 60 * given.minutes
    output, size = given.output.resolve(), (given.size[0], given.size[1])
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else platform.processor() or platform.machine()
    figures: dict[str, Any] = {"device": given.device, "machine": gpu, "torch": torch.__version__}
    parts: dict[str, Callable[[float], dict[str, Any]]] = {
        "alike": lambda left: alike(given.device, min(left, 180)),
        "mattes": lambda left: mattes(given.device, min(left / 3, 30), size),
        "whole run": lambda left: whole_run(given.device, left, size, output),
        "whole run on the processor": lambda left: whole_run("cpu", left, size, output),
    }
    for name, part in parts.items():
        left = end - time.monotonic()
        try:
            figures[name] = part(left) if left > 20 else {"left out": "there was no time"}
        except (subprocess.SubprocessError, OSError, RuntimeError, ValueError) as error:
            figures[name] = {"failed": f"{type(error).__name__}: {error}"}
        print(name, json.dumps(figures[name], indent=1), flush=True)
        output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    bad = [name for name in parts if "failed" in figures[name] or figures[name].get("passed") is False]
    if bad:
        sys.exit(f"Not as it should be: {', '.join(bad)}. {output} tells more.")


if __name__ == "__main__":
    main()
