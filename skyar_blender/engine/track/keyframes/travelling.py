# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the camera travels, and its trails while it does; judged smoothly, never by one frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...types import Float64Array, GreyImage, Matrix3
from ..distorted_turn import distorted_turn
from ..features.feature_tracks import FrameTracks, begun, refilled
from ..features.points import Label, Points
from ..geometry.analysis import AnalysisScale
from ..rotation.rotation_fit import refine
from ..translation.epipolar import explains
from ..translation.step import FrameStep, step
from ..zoomed_turn import zoom_explains
from .follow import Followed
from .state import TrackerState

#: Trails are followed where less than this fraction of the land agrees with a rotation...
_DOUBTFUL = 0.85
#: ...and the camera travels where less than this does, and as many frames show parallax.
_PARALLAX = 0.75
_SIGNS = 3
#: Frames without a sign of travel after which trails end, and those after which a camera is asked whether it stands.
_QUIET = 6
_STANDING = 10
#: Frames after which trails are looked at again where the land is not all far.
_REST = 24
#: Frames of a camera that stands for a while of which the trails are kept, as it may go on.
_WHILE = 25
#: Frames over which a rotation must suit near things.
_OVER = 8
#: Trails that must agree, and their fraction, where travel begins in a frame that no rotation explains: chance takes
#: a few of another place along.
_ABRUPT, _ABRUPT_FRACTION = 35, 0.5
#: Matches without which nothing is judged.
_FEWEST = 20
#: Share of trails that a rotation explains over that time where the camera stands.
_STANDS = 0.9


def begin(data: TrackerState, image: GreyImage, points: Points) -> None:
    """New trails in the newest frame."""
    data.feature_tracks = begun(image, points, data.trail_numbers)
    data.signs = data.quiet = 0
    _remember(data, np.zeros(3))


def next_step(data: TrackerState, image: GreyImage, scale: AnalysisScale) -> FrameStep | None:
    """The step to ``image``, a frame that is not in ``data`` yet; None where there are no trails to follow."""
    if data.feature_tracks is None:
        previous = data.previous
        if previous is None or len(previous.pixels) == 0:
            return None
        at = previous.pixels[previous.land]
        label = np.full(len(at), Label.NEAR, np.uint8)
        begin(data, previous.image, Points(at, label, np.ones(len(at))))
    assert data.feature_tracks is not None
    return step(data.feature_tracks, image, data.velocity, data.travel, data.records[-1].focal, scale)


def go_on(data: TrackerState, taken: FrameStep, points: Callable[[], Points]) -> None:
    """After the newest frame was accepted: its trails, topped up."""
    data.feature_tracks = refilled(taken.feature_tracks, points, data.trail_numbers)
    data.travel = taken.travel
    _remember(data, taken.travel)


def watch(
    data: TrackerState, taken: FrameStep | None, found: Followed, scale: AnalysisScale, points: Callable[[], Points]
) -> None:
    """Of a frame that a rotation explains: go on with its trails, begin some where it is in doubt, or end them."""
    # What begins as a zoom may turn out to be travel.
    doubtful = (found.zoomed or found.land_fraction < _DOUBTFUL) and not data.zooming
    data.rest = max(0, data.rest - 1)
    if data.feature_tracks is None or taken is None:
        if doubtful and data.feature_tracks is None and not data.rest:
            begin(data, data.previous.image, points())  # type: ignore[union-attr]
        return
    go_on(data, taken, points)
    denied = found.zoomed and taken.travelled and not _zooms(data, found, scale)
    if denied or not (doubtful and found.zoomed):
        shown = denied or (doubtful and taken.travelled and not _holds(data, scale))
        if shown and data.signs + 1 >= _SIGNS and _bends(data, scale):
            shown, data.signs = False, 0
        data.signs = data.signs + 1 if shown else max(0, data.signs - 1)
        # Clouds may hold a camera that travels for a while; the trails must be there when they no longer do.
        held_by_clouds = doubtful and taken.travelled and found.from_sky
        data.quiet = 0 if shown or held_by_clouds else data.quiet + 1
    waits = _waits(data)
    if data.zooming or (data.quiet > _QUIET and not waits) or len(taken.feature_tracks) < 8:
        end(data)
        data.rest = _REST
    elif waits:
        del data.seen[data.kept : max(data.kept, len(data.seen) - _WHILE)]


def _waits(data: TrackerState) -> bool:
    """Whether the camera travelled in this shot before: it may start again at any time."""
    return data.kept > 0 and data.records[data.seen[data.kept - 1].frame].shot == data.records[-1].shot


def halt(data: TrackerState) -> None:
    """The camera stands. What was seen so far counts, and its trails go on: slow travel shows late."""
    data.kept = len(data.seen)
    data.travelling, data.signs, data.quiet, data.travel = False, 0, 0, np.zeros(3)


def _bends(data: TrackerState, scale: AnalysisScale) -> bool:
    """Whether a lens that bends lines explains the trails that may be of a camera that travels."""
    kept = data.seen[data.kept :]
    turned = [_turned(data, each.frame) for each in kept]
    return distorted_turn(kept, turned, data.records[-1].focal, scale)


def _turned(data: TrackerState, frame: int) -> Matrix3:
    """Rotation of a frame from the first of its shot."""
    record = data.records[frame]
    return np.asarray(record.rotation @ data.poses[record.key].pose.rotation)


def _zooms(data: TrackerState, found: Followed, scale: AnalysisScale) -> bool:
    """Whether a zoom explains what was found on land nearly as well as travel does."""
    first, second = (scale.ideal(each[~found.in_sky]) for each in (found.origins, found.pixels))
    return len(first) < _FEWEST or zoom_explains(first, second, data.records[-1].focal)


def _holds(data: TrackerState, scale: AnalysisScale) -> bool:
    """Whether what was taken for far is: the rotation that it gave over the last frames suits the near things too."""
    kept = data.seen[data.kept :]
    before, now = kept[max(0, len(kept) - 1 - _OVER)], kept[-1]
    first, second = before.shared_with(now)
    if len(first) < _FEWEST:
        return False
    turn = np.asarray(_turned(data, now.frame) @ _turned(data, before.frame).T)
    focal = data.records[now.frame].focal
    return explains(turn, scale.ideal(first), scale.ideal(second), focal)


def end(data: TrackerState) -> None:
    """No trails from here on. Those of a camera that turned out not to travel never count."""
    if data.travelling:
        data.kept = len(data.seen)
    del data.seen[data.kept :]
    data.feature_tracks, data.travelling, data.signs, data.quiet, data.rest = None, False, 0, 0, 0
    data.travel = np.zeros(3)


def travels(data: TrackerState, taken: FrameStep | None, found: Followed | None) -> bool:
    """Whether the frame to come is taken to be one of a travelling camera."""
    if taken is None or taken.rotation is None:
        return False
    if data.travelling or found is None:
        return data.travelling or sets_out(taken)
    if data.zooming:
        return False
    if found.zoomed:
        # Signs that a zoom does not explain either.
        return taken.travelled and data.signs >= _SIGNS
    if data.without_zoom:
        return False
    return taken.travelled and found.land_fraction < _PARALLAX and data.signs >= _SIGNS


def sets_out(taken: FrameStep) -> bool:
    """Whether a camera that did not travel before does, where its rotation alone is not found."""
    return taken.travelled and taken.inliers >= _ABRUPT and taken.fraction >= _ABRUPT_FRACTION


def stands(data: TrackerState, taken: FrameStep, scale: AnalysisScale) -> bool:
    """Whether a camera that travelled only turns by now."""
    data.quiet = 0 if taken.travelled else data.quiet + 1
    if data.quiet < _STANDING or len(data.seen) <= _STANDING:
        return False
    before, now = data.seen[-1 - _STANDING], data.seen[-1]
    first, second = before.shared_with(now)
    if len(first) < _FEWEST:
        return False
    focal = data.records[-1].focal
    fit = refine(
        np.eye(3), focal, scale.ideal(first), scale.ideal(second), np.ones(len(first)),
        focal_first=focal, zoom=False, start_px=30.0,
    )  # fmt: skip
    return fit is not None and fit.fraction > _STANDS


def _remember(data: TrackerState, travel: Float64Array) -> None:
    feature_tracks = data.feature_tracks
    assert feature_tracks is not None
    if len(feature_tracks):
        data.trail_numbers = max(data.trail_numbers, int(feature_tracks.number.max()) + 1)
    data.seen.append(FrameTracks(len(data.records) - 1, feature_tracks.number, feature_tracks.pixels, travel))
