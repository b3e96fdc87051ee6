# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage two: the camera's motion."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...common.confidence import WEAK, frames_in_words
from ...contract.job import GIVEN_MOTIONS
from ...contract.report import TrackFigures, WeakFrames
from ...contract.track_file import Track
from ...engine.media.images import encode_png
from ...engine.media.pixel_aspect import at_size, shown_size
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sphere.directions import focal_of
from ...engine.track.export import at_size as at_clip_size
from ...engine.track.export import in_job_order, shots_of
from ...engine.track.geometry.focal import focal_px_to_mm
from ...engine.track.overlay.graph import confidence_graph
from ...engine.track.trackers.choose import make_tracker
from ...engine.track.trackers.interface import Tracker
from ...engine.track.trackers.sphere_tracker import SphereTracker
from ...engine.track.weak_ranges import WeakRange, weak_ranges
from ...engine.types import FrameRGB, StoredMatte
from ..job.camera_motion import read_motion
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..process.progress import StageProgress
from ..stored.images import first_matte

#: The motion of each source frame, in the state folder.
SOLVED = "track_solved.json"
_CHECKPOINT_EVERY = 50
#: Frames that wait for the tracker, at most.
_AHEAD = 3
#: Weak ranges that a warning lists.
_LISTED = 5


class Following:
    """The tracker, which takes the frames in a thread of its own as they pass with their first mattes.

    Attributes:
        seconds: that the tracker has worked.
        resumed: frames that an earlier run had followed.
    """

    def __init__(self, running: RunningJob) -> None:
        self.seconds = 0.0
        self._running, self._tracker = running, _resumed_tracker(running)
        self.resumed = self._tracker.count
        self._left = running.survey.stand_ins(running.sources)[self.resumed :]
        self._pool = BoundedPool(1, _AHEAD)

    @property
    def wanted(self) -> set[int]:
        """Source frames that it still has to see."""
        return set(self._left)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While frames pass; what went wrong in the thread is raised here or by :meth:`take`."""
        with self._pool:
            yield

    def take(self, source: int, frame: FrameRGB, matte: StoredMatte) -> None:
        """See a frame, as it is analysed, and its first matte, in ascending order."""
        times = 0  # a frame stands in for others that show nothing
        while times < len(self._left) and self._left[times] == source:
            times += 1
        if times:
            del self._left[:times]
            self._pool.submit(partial(self._add, source, frame, matte, times))

    def solve(self, progress: StageProgress) -> Track:
        """The motion of each source frame in use, ascending. Frames that have not passed are read."""
        running = self._running
        for _ in range(self._tracker.count - self.resumed):
            progress.step()
        for source, frame in prefetch(running.analysed(self._left)):
            self._add(source, frame, first_matte(running, source), 1)
            progress.step()
        return self._tracker.solve()

    def _add(self, source: int, frame: FrameRGB, stored: StoredMatte, times: int) -> None:
        begun, running = time.monotonic(), self._running
        matte = running.survey.bars_of(source).filled(stored)
        image = at_size(frame, running.shown_size), at_size(matte, running.shown_size)
        for _ in range(times):
            self._tracker.add(*image)
            if self._tracker.count % _CHECKPOINT_EVERY == 0:
                running.written.write(_checkpoint(running), self._tracker.checkpoint())
        self.seconds += time.monotonic() - begun


def following(running: RunningJob) -> Following | None:
    """What follows the camera as frames pass; None where the motion is not wanted or was found before."""
    if "track" not in running.job.stages or (running.folder.state / SOLVED).exists():
        return None
    return Following(running)


def run(running: RunningJob, followed: Following | None) -> tuple[Track, StageReport]:
    """The motion of each source frame in use, ascending; ``track.json`` holds it in the job's order.

    ``followed``: what has seen the frames, None where the motion was found before.
    """
    sources = running.sources
    solved = running.folder.state / SOLVED
    if followed is None:
        track = Track.from_json(solved.read_text(encoding="utf-8"))
        if not running.folder.track.exists():
            export(running, track)
            running.folder.confidence.unlink(missing_ok=True)
        rows = running.progress("track", len(sources), len(sources)).finish()
    else:
        begun = time.monotonic() - followed.seconds
        progress = running.progress("track", len(sources), followed.resumed, begun)
        track = followed.solve(progress)
        if running.spherical:
            # Such cameras hold the horizon level by themselves.
            track = replace(
                track,
                projection="equirectangular",
                focal_px=focal_of(running.shown_size[0]),
                world=track.world or [np.eye(3).tolist()] * (1 + max(shots_of(track))),
            )
        text = track.to_json()
        running.written.write_text(solved, text)
        track = Track.from_json(text)  # as a rerun reads it: NumPy's numbers would round otherwise than Python's
        export(running, track)
        _checkpoint(running).unlink(missing_ok=True)
        running.folder.confidence.unlink(missing_ok=True)
        rows = progress.finish()
    exported = Track.from_json(running.folder.track.read_text(encoding="utf-8"))
    if not running.folder.confidence.exists():
        _draw(running, exported)
    return track, StageReport(rows) + _report(running, exported)


def export(running: RunningJob, track: Track) -> None:
    """Write ``track.json`` from the motion of each source frame in use."""
    places = {source: place for place, source in enumerate(running.sources)}
    exported = in_job_order(track, [places[source] for source in running.order])
    exported = at_clip_size(exported, shown_size(*running.clip_size, running.reader.pixel_aspect))
    running.written.write_text(running.folder.track, exported.to_json())


def _resumed_tracker(running: RunningJob) -> Tracker:
    settings = running.job.settings
    given = read_motion(running.job, len(running.order))

    def new() -> Tracker:
        if running.spherical and settings.motion == "SOLVE":
            return SphereTracker(
                width=running.shown_size[0], height=running.shown_size[1], fps=float(running.reader.rate)
            )
        return make_tracker(
            settings.motion,
            width=running.shown_size[0],
            height=running.shown_size[1],
            fps=float(running.reader.rate),
            focal_mm=settings.focal_length,
            quality=settings.quality,
            metadata_mm=running.reader.focal_mm,
            given=given,
            places=[running.number_of[source] - 1 for source in running.sources],
        )

    tracker = new()
    try:
        tracker.restore(_checkpoint(running).read_bytes())
    except FileNotFoundError:
        return tracker
    except ValueError as error:
        running.warn("checkpoint_damaged", "Tracking starts from the first frame again.", f"{error}.")
        return new()
    return tracker


def _checkpoint(running: RunningJob) -> Path:
    return running.folder.state / "track_checkpoint.bin"


def _draw(running: RunningJob, track: Track) -> None:
    """The graph of the confidence."""
    running.written.write(running.folder.confidence, encode_png(confidence_graph(track)))


def _report(running: RunningJob, track: Track) -> StageReport:
    confidence = [frame.confidence for frame in track.frames]
    ranges = weak_ranges(track)
    figures = TrackFigures(
        confidence_mean=round(float(np.mean(confidence)), 4),
        confidence_min=round(float(np.min(confidence)), 4),
        focal_length_mm=round(focal_px_to_mm(track.focal(0), track.width, track.height), 2),
        focal_length_source=track.focal_source,
        focal_length_sources=list(track.focal_sources),
        same_place_as=track.places(),
        lens_distortion=[round(value, 4) for value in track.distortion],
        # What `settings.wind` would be to go on with it; the vertical of the camera is near enough to that of the
        # world.
        old_clouds_wind=[None if drift is None else round(drift[1], 3) for drift in track.clouds],
        weak_ranges=[WeakFrames(**asdict(each)) for each in ranges],
    )
    residuals = [frame.residual_px for frame in track.frames]
    frames: dict[str, list[Any]] = {
        "confidence": [round(value, 4) for value in confidence],
        "source": [frame.source for frame in track.frames],
        "track_points": [frame.points for frame in track.frames],
        "track_residual_px": [None if value is None else round(value, 3) for value in residuals],
    }
    weak = sum(value < WEAK for value in confidence)
    if weak and running.job.settings.motion in GIVEN_MOTIONS:
        running.warn(
            "weak_track",
            f"The given camera is uncertain in {weak} of {len(confidence)} frames.",
            "It has no pose of its own there, so that it was filled in from both sides, or a poor one.",
            "Look at these frames; solve them anew if the sky slides there.",
        )
    elif weak and running.job.settings.motion == "SOLVE":
        running.warn(
            "weak_track",
            f"The camera's motion is uncertain in {weak} of {len(confidence)} frames.",
            f"{_listed(ranges)}.",
            "Look at these frames. " + " ".join(f"{text}." for text in dict.fromkeys(r.suggestion for r in ranges)),
        )
    return StageReport(figures=[figures], frames=frames)


def _listed(ranges: list[WeakRange]) -> str:
    words = [f"{frames_in_words(each.first, each.last)}: {each.reason}" for each in ranges[:_LISTED]]
    more = len(ranges) - _LISTED
    return "; ".join(words + ([f"and {more} more in report.json"] if more > 0 else [])).capitalize()
