# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes long to load, kept for the next job of the same process that wants the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...contract.job import Job, Sky
from ...engine.matte.interface import MatteMethod
from ...engine.matte.refinement.scratch_buffers import SCRATCH
from ...engine.sky.load import LoadedSky, load_sky
from .matting import matting_of


class Loaded:
    """The network and the sky that were last asked for."""

    def __init__(self, alone: bool = False) -> None:
        """``alone``: no other job comes, so that what this one needs no more can go."""
        self._alone = alone
        self._matting: tuple[Any, MatteMethod] | None = None
        self._sky: tuple[Any, LoadedSky] | None = None

    def matting(self, job: Job, weights: Path | None, device: str) -> MatteMethod:
        """As :func:`.matting.matting_of`."""
        settings = job.settings
        asked = settings.matte_method, settings.quality, device, _state(weights)
        if self._matting is None or self._matting[0] != asked:
            self._matting = None  # so that two are never held
            self._matting = asked, matting_of(job, weights, device)
        return self._matting[1]

    @property
    def holds_matting(self) -> bool:
        """Whether the network is there without being loaded again."""
        return self._matting is not None

    def mattes_are_made(self) -> None:
        """Let go of the network, and of what it keeps of single frames: a fifth of a gigabyte at 1920x1080."""
        if self._alone:
            self._matting = None
            SCRATCH.let_go()

    def sky(
        self, sky: Sky, matting: Callable[[], MatteMethod], enough: int | None = None, roughly: bool = False
    ) -> LoadedSky:
        """As :func:`..engine.sky.load.load_sky`; a movie is read anew, as it plays from its beginning."""
        asked = sky, _state(Path(sky.source)), enough, roughly
        if self._sky is not None and self._sky[0] == asked:
            return self._sky[1]
        self._sky = None
        loaded = load_sky(sky, matting=matting, enough=enough, roughly=roughly)
        if loaded.replays:
            self._sky = asked, loaded
        return loaded


def _state(path: Path | None) -> tuple[str, int, int] | None:
    """Tells a file that was changed meanwhile; None where it is none, as are shipped weights and skies."""
    try:
        found = None if path is None else path.stat()
    except OSError:
        return None
    return None if found is None else (str(path), found.st_size, found.st_mtime_ns)
