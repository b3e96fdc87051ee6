# SPDX-License-Identifier: GPL-3.0-or-later
"""Times whole runs at several sizes, lengths and numbers of processors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...contract.job import Clip
from .floor import floor_of
from .footage import made_footage, scaled_footage
from .watched_run import StageTimes, WatchedRun, keep_bytecode, watched_run

Size = tuple[int, int]


@dataclass(frozen=True)
class Setup:
    """What one run is like; ``size`` is (width, height), ``cores`` None means all."""

    size: Size
    frames: int
    cores: int | None = None


@dataclass(frozen=True)
class Timing:
    """A run and its floor."""

    setup: Setup
    run: WatchedRun
    floor: StageTimes

    def to_dict(self) -> dict[str, Any]:
        """Plain data: seconds, ms a frame, bytes; ``floor_ratio``: how many times the floor the whole run takes."""
        frames = self.setup.frames
        return {
            "width": self.setup.size[0],
            "height": self.setup.size[1],
            "frames": frames,
            "cores": self.setup.cores or os.cpu_count(),
            "fps": round(frames / self.run.seconds, 3),
            "seconds": round(self.run.seconds, 3),
            "ms_per_frame": round(1000 * self.run.seconds / frames, 2),
            "processor_ms_per_frame": round(1000 * self.run.processor / frames, 2),
            "first_event_seconds": round(self.run.first_event, 3),
            "first_frame_seconds": None if self.run.first_frame is None else round(self.run.first_frame, 3),
            "peak_memory_mb": round(self.run.memory / 2**20, 1),
            "written_mb": round(self.run.written / 2**20, 1),
            "floor_seconds": round(self.floor.wall, 3),
            "floor_processor_seconds": round(self.floor.processor, 3),
            "floor_ratio": round(self.run.seconds / self.floor.wall, 2),
            "stages": {
                name: {"seconds": round(times.wall, 3), "processor_seconds": round(times.processor, 3)}
                for name, times in self.run.stages.items()
            },
        }


def time_runs(
    setups: list[Setup], clip: Clip | None, options: list[str], step: Callable[[], None]
) -> Iterator[Timing]:
    """Time each setup on a made clip, or on ``clip`` scaled; ``options`` are those of ``skyar replace``.

    Everything is written to a folder of its own in the system's temporary one, and removed. ``step`` is called after
    each run.

    Raises:
        SkyarError: what a run tells.
    """
    keep_bytecode()
    for setup in setups:
        with _scratch() as folder:
            footage, output = folder / "clip.mp4", folder / "output"
            if clip is None:
                made_footage(footage, setup.size, setup.frames)
            else:
                scaled_footage(footage, clip, setup.size, setup.frames)
            run = watched_run(["replace", str(footage), *options], output, setup.cores)
            threads = setup.cores or os.cpu_count() or 1
            yield Timing(setup, run, floor_of(Clip(path=str(footage)), output, folder / "floor", threads))
            step()


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="skyar-benchmark-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
