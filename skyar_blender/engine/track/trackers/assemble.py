# SPDX-License-Identifier: GPL-3.0-or-later
"""The track of a whole clip from what was found frame by frame: shots, gaps, reference frames."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ....common.confidence import WEAK
from ....contract.track_file import FocalSource, SamePlace, Source, Track, TrackFrame
from ...lens import Lens
from ...types import Float64Array, Matrix3
from ..confidence import shot_confidence
from ..features.feature_tracks import FrameTracks
from ..geometry.analysis import AnalysisScale
from ..geometry.gap_interpolation import NO_STEP
from ..geometry.rotations import camera_matrix, nearest_rotation, scaled
from ..keyframes.keyframe import COVERED_SECONDS, FrameRecord, Status
from ..keyframes.keyframe_graph import refine_keyframes
from ..keyframes.shot_views import views_of_last_shot
from ..keyframes.state import TrackerState
from ..levelling.levelled import levelled, parts_of
from ..levelling.sky_edge import SkyEdge, horizon
from ..loop_closure.shots import same_places
from ..rotation.bundle_adjustment import adjust_rotations
from ..rotation.calibration import calibrated
from ..rotation.cloud_drift import cloud_drift
from ..translation.solve import Travelled, travelled
from .shared_lens import ShotLens, shared_lens, suits
from .shot_motion import UNSUPPORTED, Motion, bridged

#: A change of focal length below this fraction is not told from none.
ZOOM_CHANGE = 0.003
_SOURCE: dict[Status, Source] = {
    Status.START: "scene", Status.SCENE: "scene", Status.SKY: "sky", Status.LOST: "interpolated",
}  # fmt: skip


class _Agreed(NamedTuple):
    """The ``motions`` of a shot, the ``drift`` of its clouds (see :func:`.cloud_drift.cloud_drift`), and ``ties``
    between its frames, counted from its first, whose turn is known by what both show. ``roughly``: its focal length
    is not known well, and was weighed against the usual one."""

    motions: list[Motion]
    drift: Float64Array | None
    ties: list[tuple[int, int]]
    roughly: bool = False


def assemble(
    state: TrackerState, scale: AnalysisScale, fps: float, *, focal_source: FocalSource, free_focal: bool
) -> Track:
    """The track of all frames in ``state``; every number in it is finite.

    ``focal_source`` is that of the focal length that ``state`` began with. With ``free_focal`` each shot whose
    motion tells its focal length gets that one, and those that tell none the one of the others.
    """
    rotations = refine_keyframes(state.poses, state.links)
    records = _covered(state.records, max(1, round(COVERED_SECONDS * fps)))
    motions = [
        Motion(
            r.shot,
            nearest_rotation(np.asarray(r.rotation @ rotations[r.key])),
            r.focal,
            r.confidence,
            r.status,
            r.step * (1.0, scale.aspect),
            state.distortion(r.shot),
        )
        for r in records
    ]
    frames: list[Motion] = []
    starts: list[Motion] = []
    drifts: list[list[float] | None] = []
    beforehand = Lens(state.focal, 0.0, scale.half_diagonal)
    shots = _shots(motions)
    found = [
        _agreed(
            motions[first:last],
            first,
            state,
            scale,
            fps,
            beforehand,
            free_focal=free_focal,
            usual=focal_source == "default",
        )
        for first, last in shots
    ]
    own = found
    if free_focal:
        found = _with_one_lens(found, motions, shots, state, scale, fps)
    for (first, last), shot in zip(shots, found, strict=True):
        agreed, drift = shot.motions, shot.drift
        starts.append(agreed[0])
        drifts.append(None if drift is None else np.degrees(agreed[0].rotation @ drift).tolist())
        edges = [each for each in state.edges if first <= each.frame < last]
        level = _level(bridged(agreed), shot.ties, edges, first, scale)
        frames += _rebased(level, alone=last - first == len(motions) == 1)
    sources: list[FocalSource] = [
        "other_shot" if after is not before
        else focal_source if after.motions[0].focal == state.focal
        else "weighed" if after.roughly else "solved"
        for before, after in zip(own, found, strict=True)
    ]  # fmt: skip
    focals = [frame.focal / scale.factor for frame in frames]
    varies = bool(focals) and max(focals) / min(focals) > 1 + ZOOM_CHANGE
    fixed = focals[0] if focals else state.focal / scale.factor
    if not varies:
        focals = [fixed] * len(frames)
    same = _same_places(state, frames, shots, scale)
    for (first, last), place in zip(shots, same, strict=True):
        if place is not None:
            surest = place.confidence
            frames[first:last] = [
                replace(each, confidence=min(each.confidence, surest)) for each in frames[first:last]
            ]
    return Track(
        width=scale.clip_width,
        height=scale.clip_height,
        fps=fps,
        focal_px=focals if varies else fixed,
        focal_source=next((each for each in ("solved", "weighed") if each in sources), focal_source),
        focal_sources=sources,
        distortion=[start.distortion for start in starts],
        frames=_frames(frames, focals, scale),
        clouds=drifts,
        same_place=same,
    )


def _same_places(
    state: TrackerState, frames: Sequence[Motion], shots: Sequence[tuple[int, int]], scale: AnalysisScale
) -> list[SamePlace | None]:
    if len(shots) < 2:
        return [None] * len(shots)
    views = [
        view for view in (*state.views, *views_of_last_shot(state, scale)) if frames[view.frame].status != Status.LOST
    ]
    return same_places(
        views,
        [range(first, last) for first, last in shots],
        [frame.rotation for frame in frames],
        [frame.focal for frame in frames],
        [frames[first].distortion for first, _ in shots],
        scale,
    )


def _with_one_lens(
    found: Sequence[_Agreed],
    motions: Sequence[Motion],
    shots: Sequence[tuple[int, int]],
    state: TrackerState,
    scale: AnalysisScale,
    fps: float,
) -> list[_Agreed]:
    """The shots again; those that told no lens have that of the others, where their matches do not object."""
    lenses = []
    for each in found:
        agreed = each.motions
        focal, distortion = agreed[0].focal, agreed[0].distortion
        zooms = any(motion.focal != focal for motion in agreed if motion.status != Status.LOST)
        told = not each.roughly and (focal != state.focal or distortion != 0)
        lenses.append(ShotLens(focal, distortion, len(agreed), told, zooms))
    shared = shared_lens(lenses)
    result = list(found)
    if shared is None:
        return result
    lens = Lens(*shared, scale.half_diagonal)
    for index, ((first, last), shot) in enumerate(zip(shots, lenses, strict=True)):
        if shot.told or shot.zooms:
            continue
        before = [replace(each, focal=lens.focal, distortion=lens.distortion) for each in motions[first:last]]
        again = _agreed(before, first, state, scale, fps, lens, free_focal=False, usual=False)
        if suits(_residual(found[index].motions), _residual(again.motions)):
            result[index] = again
    return result


def _residual(motions: Sequence[Motion]) -> float | None:
    """Root mean square of all matches in pixels; None where there are none."""
    known = [(motion.points, motion.residual) for motion in motions if motion.residual is not None]
    count = sum(points for points, _ in known)
    return math.sqrt(sum(points * each * each for points, each in known) / count) if count else None


def _agreed(
    motions: Sequence[Motion],
    start: int,
    state: TrackerState,
    scale: AnalysisScale,
    fps: float,
    beforehand: Lens,
    *,
    free_focal: bool,
    usual: bool,
) -> _Agreed:
    """A shot that begins at frame ``start`` after all that was matched in it has been heard.

    ``beforehand``: the lens that was taken before any motion told one; ``usual``: nothing was known of it.
    """
    known = [motion.status != Status.LOST for motion in motions]
    inside = [
        replace(each, first=each.first - start, second=each.second - start)
        for each in state.observations
        if start <= each.first < each.second < start + len(motions)
        and known[each.first - start]
        and known[each.second - start]
    ]
    lens = Lens(motions[0].focal, motions[0].distortion, scale.half_diagonal)
    zooms = np.array([motion.focal / lens.focal for motion in motions])
    rotations = [motion.rotation for motion in motions]
    trip = None
    usual = usual and lens.focal == beforehand.focal
    if np.ptp(zooms) == 0:
        trip = travelled(rotations, start, _kept(state), lens, scale.seen, free_focal=free_focal, usual=usual)
    if trip is not None:
        # Where the camera travels, what looks far is not always, so only the trails are heard.
        among = set(trip.frames.tolist())
        inside = [each for each in inside if each.second not in among]
        lens = replace(lens, focal=trip.focal)
        agreement = adjust_rotations(_joined(rotations, trip), zooms, inside, lens, start_px=6.0, turns=trip.turns())
    elif inside:
        agreement = calibrated(rotations, zooms, inside, lens, free_focal=free_focal, beforehand=beforehand)
    else:
        return _Agreed(list(motions), None, [])
    lens = agreement.lens
    inside = [each.ideal(lens) for each in inside]
    sure = shot_confidence(agreement, zooms, inside, scale, trip)
    points, residuals = agreement.points.copy(), agreement.residuals.copy()
    if trip is not None:
        points[trip.frames], residuals[trip.frames] = trip.points, trip.residuals
    agreed = [
        replace(
            motion,
            confidence=float(sure[index]),
            rotation=np.asarray(agreement.rotations[index]),
            distortion=lens.distortion,
            focal=lens.focal * zooms[index],
            points=int(points[index]),
            residual=float(residuals[index]) if points[index] else None,
        )
        if known[index]
        else replace(motion, distortion=lens.distortion)
        for index, motion in enumerate(motions)
    ]
    ties = [(each.first, each.second) for each in inside if not each.sky and sure[each.second] >= WEAK]
    roughly = trip is not None and trip.roughly
    return _Agreed(agreed, cloud_drift(agreement, zooms, inside, fps), ties, roughly)


def _level(
    motions: list[Motion],
    ties: Sequence[tuple[int, int]],
    edges: Sequence[SkyEdge],
    start: int,
    scale: AnalysisScale,
) -> list[Motion]:
    """The motions of a shot that begins at frame ``start``, level again where its parts lost one another."""
    parts = parts_of(ties, len(motions))
    if not parts.any():
        return motions
    found: dict[int, Float64Array] = {}
    for edge in edges:
        motion = motions[edge.frame - start]
        down = horizon(edge, Lens(motion.focal, motion.distortion, scale.half_diagonal))
        if down is not None:
            found[edge.frame - start] = down
    level = levelled(
        np.array([motion.rotation for motion in motions]),
        np.array([motion.confidence for motion in motions]),
        parts,
        np.array(list(found), np.int64),
        np.array(list(found.values())).reshape(-1, 3),
        len(edges),
    )
    return [
        replace(motion, rotation=rotation, confidence=float(sure))
        for motion, rotation, sure in zip(motions, level.rotations, level.confidence, strict=True)
    ]


def _kept(state: TrackerState) -> Sequence[FrameTracks]:
    """The trails of frames in which the camera travelled."""
    return state.seen if state.travelling else state.seen[: state.kept]


def _joined(rotations: Sequence[Matrix3], trip: Travelled) -> list[Matrix3]:
    """``rotations`` with the turns of ``trip``; what comes after each of its frames goes along."""
    turns = {turn.second: turn for turn in trip.turns()}
    result = list(rotations)
    for index in range(1, len(rotations)):
        turn = turns.get(index)
        if turn is None:
            step = rotations[index] @ rotations[index - 1].T
            result[index] = nearest_rotation(np.asarray(step @ result[index - 1]))
        else:
            result[index] = nearest_rotation(np.asarray(turn.rotation @ result[turn.first]))
    return result


def _frames(motions: Sequence[Motion], focals: Sequence[float], scale: AnalysisScale) -> list[TrackFrame]:
    width, height = scale.clip_width, scale.clip_height
    result: list[TrackFrame] = []
    inverse: Matrix3 = np.eye(3)
    for index, (motion, focal) in enumerate(zip(motions, focals, strict=True)):
        source = _SOURCE[motion.status]
        new_shot = index > 0 and motion.shot != motions[index - 1].shot
        if index == 0 or new_shot:
            inverse = np.asarray(np.linalg.inv(camera_matrix(focal, width, height)))
            homography: Matrix3 = np.eye(3)
        else:
            homography = np.asarray(camera_matrix(focal, width, height) @ motion.rotation @ inverse)
        result.append(
            TrackFrame(
                index=index,
                homography=scaled(homography).tolist(),
                rotation=motion.rotation.tolist(),
                confidence=float(np.clip(motion.confidence, 0, 1)),
                source="cut" if new_shot else source,
                points=motion.points,
                residual_px=None if motion.residual is None else motion.residual / scale.factor,
            )
        )
    return result


def _covered(records: Sequence[FrameRecord], longest: int) -> list[FrameRecord]:
    """Short shots between two parts of the same shot become gaps: something covered the lens."""
    runs: list[tuple[int, int]] = []
    for index, record in enumerate(records):
        if runs and records[runs[-1][0]].shot == record.shot:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    result = list(records)
    for place, (first, _) in enumerate(runs):
        before = [run for run in runs[:place] if records[run[0]].shot == records[first].shot]
        if not before or first - before[-1][1] > longest:
            continue
        bridge = records[before[-1][1] - 1]
        for index in range(before[-1][1], first):
            result[index] = replace(bridge, confidence=0.0, status=Status.LOST, step=NO_STEP)
    return result


def _shots(motions: Sequence[Motion]) -> list[tuple[int, int]]:
    """First and one past the last frame of each shot."""
    if not motions:
        return []
    starts = [i for i, motion in enumerate(motions) if i == 0 or motion.shot != motions[i - 1].shot]
    return list(zip(starts, [*starts[1:], len(motions)], strict=True))


def _rebased(motions: Sequence[Motion], *, alone: bool) -> list[Motion]:
    """Rotations relative to the first frame of the shot, which is only as sure as what follows it.

    ``alone`` says that the clip has no other frame, so that nothing can have moved.
    """
    base = motions[0].rotation.T
    result = [replace(motion, rotation=nearest_rotation(np.asarray(motion.rotation @ base))) for motion in motions]
    first = result[0]
    without_support = 1.0 if alone else UNSUPPORTED
    sure = max((motion.confidence for motion in result[1:4]), default=without_support)
    result[0] = replace(first, rotation=np.eye(3), confidence=sure)
    return result
