# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all tests that run outside Blender."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

# NumPy's threads as the worker settles them; where tests run beside one another torch's too: threads that wait for
# one another would cost half as much again. Both read it once, so before they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

#: How fast runs were is no business of the user's own runs.
_speeds = tempfile.mkdtemp(prefix="skyar-speeds-")
atexit.register(shutil.rmtree, _speeds, ignore_errors=True)
os.environ["SKYAR_SPEEDS"] = str(Path(_speeds) / "speeds.json")

MakeMovie = Callable[..., Path]

#: Files that take longest, or wait for other processes: they are begun first, so that no process is left alone with
#: one of them at the end (``--dist loadfile --no-loadscope-reorder`` keeps this order).
FIRST = (
    *(
        "test_wandb_online.py",
        "test_environment.py",
        "test_cuts.py",
        "test_network_torch.py",
        "test_travel.py",
    ),
    *("test_resume.py", "test_wandb_weights.py", "test_evaluate_tracking.py", "test_shipped_skies.py"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz", type=float, default=10.0, help="seconds in all for which documents are made up")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(FIRST)))


@pytest.fixture
def make_movie(tmp_path: Path) -> MakeMovie:
    """``make_movie(name, pictures_or_count, **write_movie's options)``: a movie in the test's folder."""

    def make(name: str = "clip.mp4", images: int | Sequence[np.ndarray] = 8, **options: object) -> Path:
        from support.clips import landscape, write_movie  # not at the top: Blender's Python has no PyAV

        if isinstance(images, int):
            images = [landscape(index) for index in range(images)]
        return write_movie(tmp_path / name, images, **options)  # type: ignore[arg-type]

    return make
