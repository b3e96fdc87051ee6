# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage two: the camera's motion."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ...contract.confidence import WEAK, frames_in_words
from ...contract.job import GIVEN_MOTIONS
from ...contract.report import TrackFigures, WeakFrames
from ...contract.track_file import Track
from ...engine.media.pictures import encode_png
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import prefetch
from ...engine.sphere.directions import focal_of
from ...engine.track.export import in_job_order, shots_of
from ...engine.track.focal import focal_px_to_mm
from ...engine.track.interface import Tracker
from ...engine.track.overlay.graph import confidence_graph
from ...engine.track.sphere_tracker import SphereTracker
from ...engine.track.trackers import make_tracker
from ...engine.track.weak_ranges import WeakRange, weak_ranges
from ..camera_motion import read_motion
from ..gathered import StageReport
from ..results import first_matte
from ..shot import Shot

#: The motion of each source frame, in the state folder.
SOLVED = "track_solved.json"
_CHECKPOINT_EVERY = 50
#: Weak ranges that a warning lists.
_LISTED = 5


def run(shot: Shot) -> tuple[Track, StageReport]:
    """The motion of each source frame in use, ascending; ``track.json`` holds it in the job's order."""
    sources = shot.sources
    solved = shot.folder.state / SOLVED
    if solved.exists():
        track = Track.from_json(solved.read_text(encoding="utf-8"))
        if not shot.folder.track.exists():
            export(shot, track)
            shot.folder.confidence.unlink(missing_ok=True)
        rows = shot.progress("track", len(sources), len(sources)).finish()
    else:
        tracker = _resumed_tracker(shot)
        progress = shot.progress("track", len(sources), tracker.count)
        for source, frame in prefetch(shot.analysed(shot.survey.stand_ins(sources)[tracker.count :])):
            matte = shot.survey.bars_of(source).filled(first_matte(shot, source))
            tracker.add(at_size(frame, shot.shown_size), at_size(matte, shot.shown_size))
            progress.step()
            if tracker.count % _CHECKPOINT_EVERY == 0:
                _save(shot, tracker)
        track = tracker.solve()
        if shot.spherical:
            # Such cameras hold the horizon level by themselves.
            track = replace(
                track,
                projection="equirectangular",
                focal_px=focal_of(shot.shown_size[0]),
                world=track.world or [np.eye(3).tolist()] * (1 + max(shots_of(track))),
            )
        shot.written.write_text(solved, track.to_json())
        export(shot, track)
        (shot.folder.state / "track_checkpoint.bin").unlink(missing_ok=True)
        shot.folder.confidence.unlink(missing_ok=True)
        rows = progress.finish()
    told = Track.from_json(shot.folder.track.read_text(encoding="utf-8"))
    if not shot.folder.confidence.exists():
        _draw(shot, told)
    return track, StageReport(rows) + _report(shot, told)


def export(shot: Shot, track: Track) -> None:
    """Write ``track.json`` from the motion of each source frame in use."""
    places = {source: place for place, source in enumerate(shot.sources)}
    exported = in_job_order(track, [places[source] for source in shot.order])
    shot.written.write_text(shot.folder.track, exported.to_json())


def _resumed_tracker(shot: Shot) -> Tracker:
    settings = shot.job.settings
    given = read_motion(shot.job, len(shot.order))

    def new() -> Tracker:
        if shot.spherical and settings.motion == "SOLVE":
            return SphereTracker(width=shot.shown_size[0], height=shot.shown_size[1], fps=float(shot.reader.rate))
        return make_tracker(
            settings.motion,
            width=shot.shown_size[0],
            height=shot.shown_size[1],
            fps=float(shot.reader.rate),
            focal_mm=settings.focal_length,
            quality=settings.quality,
            metadata_mm=shot.reader.focal_mm,
            given=given,
            places=[shot.number_of[source] - 1 for source in shot.sources],
        )

    tracker = new()
    try:
        tracker.restore((shot.folder.state / "track_checkpoint.bin").read_bytes())
    except FileNotFoundError:
        return tracker
    except ValueError as error:
        shot.warn("checkpoint_damaged", "Tracking starts from the first frame again.", f"{error}.")
        return new()
    return tracker


def _save(shot: Shot, tracker: Tracker) -> None:
    shot.written.write(shot.folder.state / "track_checkpoint.bin", tracker.checkpoint())


def _draw(shot: Shot, track: Track) -> None:
    """The graph of the confidence."""
    shot.written.write(shot.folder.confidence, encode_png(confidence_graph(track)))


def _report(shot: Shot, track: Track) -> StageReport:
    confidence = [frame.confidence for frame in track.frames]
    ranges = weak_ranges(track)
    figures = TrackFigures(
        confidence_mean=round(float(np.mean(confidence)), 4),
        confidence_min=round(float(np.min(confidence)), 4),
        focal_length_mm=round(focal_px_to_mm(track.focal(0), track.width, track.height), 2),
        focal_length_source=track.focal_source,
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
    if weak and shot.job.settings.motion in GIVEN_MOTIONS:
        shot.warn(
            "weak_track",
            f"The given camera is uncertain in {weak} of {len(confidence)} frames.",
            "It has no pose of its own there, so that it was filled in from both sides, or a poor one.",
            "Look at these frames; solve them anew if the sky slides there.",
        )
    elif weak and shot.job.settings.motion == "SOLVE":
        shot.warn(
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
