# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of all tests that run outside Blender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

MakeMovie = Callable[..., Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz", type=float, default=20.0, help="seconds in all for which documents are made up")


@pytest.fixture
def make_movie(tmp_path: Path) -> MakeMovie:
    """``make_movie(name, pictures_or_count, **write_movie's options)``: a movie in the test's folder."""

    def make(name: str = "clip.mp4", images: int | Sequence[np.ndarray] = 8, **options: object) -> Path:
        from support.clips import landscape, write_movie  # not at the top: Blender's Python has no PyAV

        if isinstance(images, int):
            images = [landscape(index) for index in range(images)]
        return write_movie(tmp_path / name, images, **options)  # type: ignore[arg-type]

    return make
