# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the camera's rotation and zoom from the whole image, keyframe by keyframe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....contract.track_file import FocalSource, Track
from ...types import Float64Array, FrameRGB, GreyImage, StoredMatte
from ..confidence import inherited
from ..features.points import Label, Points, select_points
from ..geometry.analysis import AnalysisScale
from ..geometry.gap_interpolation import NO_STEP, global_shift
from ..geometry.rotations import centred_homography, nearest_rotation, overlap, vector_from_rotation
from ..keyframes import state, travelling
from ..keyframes.follow import LAND_AGREES, Followed
from ..keyframes.keyframe import COVERED_SECONDS, FramePose, FrameRecord, Keyframe, KeyPose, Link, Status
from ..keyframes.recalibrate import recalibrate
from ..keyframes.rejoin import rejoined
from ..keyframes.search import SURE, follow_keyframe, lens_of, relocated, search
from ..keyframes.sharpness import as_sharp, has_much_to_see
from ..keyframes.shot_views import remember, views_of_last_shot
from ..levelling.sky_edge import sky_edge
from ..rotation.bundle_adjustment import Observation, evenly, most_trusted
from ..translation.step import FrameStep
from .assemble import assemble

#: Matches of each frame that are kept.
MATCHES_KEPT = 90
#: ...and of these, matches of the sky.
CLOUDS_KEPT = 24
#: Keyframes whose images are kept.
KEYFRAMES_KEPT = 12
#: A keyframe is left when less than this share of the image still shows it...
MIN_OVERLAP = 0.55
#: ...or less than this share of the points (by their trust) that once agreed does...
MIN_SUPPORT = 0.45
#: ...or the zoom between them exceeds this factor.
MAX_ZOOM = 1.25
#: Least overlap with an older keyframe that is worth a second look.
LOOP_OVERLAP = 0.6
#: Frames in a row that must ask for a zoom.
ZOOM_FRAMES = 6
#: Frames after which a camera that travels leaves a keyframe behind, to be found again by.
KEYFRAME_EVERY = 25
#: Frames from one of which the end of the sky is kept to the next; it is of each that is lost.
EDGE_EVERY = 4


class SolveTracker:
    """Follows a clip in order; see the interface. Every random draw is seeded by the number of the frame."""

    def __init__(
        self, *, width: int, height: int, fps: float, focal_px: float, focal_source: FocalSource, quality: str
    ) -> None:
        self._scale = AnalysisScale.of(width, height, quality)
        self._fps = fps
        self._covered = max(1, round(COVERED_SECONDS * fps))
        self._focal = focal_px * self._scale.factor
        self._focal_source = focal_source
        # What somebody asked for stays.
        self._free_focal = focal_source != "given"
        self._data = state.TrackerState(focal=self._focal)

    @property
    def count(self) -> int:
        """How many frames were taken."""
        return len(self._data.records)

    def checkpoint(self) -> bytes:
        """The state so far; see the interface."""
        return state.pack(self._data, self._scale)

    def restore(self, blob: bytes) -> None:
        """Take over a state. Raises ValueError when it is damaged or of a clip of another size."""
        self._data = state.unpack(blob, self._scale, self._focal)

    def solve(self) -> Track:
        """The motion of every frame taken."""
        return assemble(
            self._data, self._scale, self._fps, focal_source=self._focal_source, free_focal=self._free_focal
        )

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take the next frame; see the interface. Raises ValueError when a size is not the clip's."""
        size = (self._scale.clip_height, self._scale.clip_width)
        if frame.shape != (*size, 3) or matte.shape != size:
            raise ValueError(f"frame {frame.shape} and matte {matte.shape} must be of the clip's size {size}")
        self._take(self._scale.grey(frame), matte)
        if (self.count - 1) % EDGE_EVERY == 0 or self._data.records[-1].status == Status.LOST:
            edge = sky_edge(self.count - 1, matte, self._scale)
            self._data.edges += [] if edge is None else [edge]

    def _take(self, image: GreyImage, matte: StoredMatte) -> None:
        if self.count == 0:
            self._start_shot(image, self._points(image, matte))
            return
        data = self._data
        lens = lens_of(data, self._scale, data.records[-1].shot)
        taken = travelling.next_step(data, image, lens) if data.feature_tracks is not None else None
        on_its_way = data.travelling and travelling.travels(data, taken, None)
        found = None if on_its_way else search(data, self._scale, image)
        if found is None and taken is None:
            taken = travelling.next_step(data, image, lens)
        if taken is not None and travelling.travels(data, taken, None if found is None else found[1]):
            self._travel(image, matte, taken)
            return
        found = found or relocated(data, self._scale, image, self._covered)
        if found is not None:
            self._accept(image, matte, *found)
            travelling.watch(data, taken, found[1], lens, lambda: self._points(image, matte))
            return
        # A camera that stays in its place would have found it again, were it still in the image.
        alive = taken is not None and taken.alive and (data.travelling or travelling.sets_out(taken))
        again = None if alive else rejoined(data, image, lens)
        if again is not None:
            self._travel(image, matte, again)
        else:
            self._lose(image, matte, alive=alive)

    # -- what becomes of it

    def _accept(self, image: GreyImage, matte: StoredMatte, key: Keyframe, found: Followed) -> None:
        data = self._data
        key_pose = data.poses[key.number]
        if key.number != data.current:
            data.current, data.reference_support = key.number, found.support
        last = data.records[-1]
        if last.shot != key_pose.shot:
            travelling.end(data)
        if last.status != Status.LOST and last.shot == key_pose.shot:
            before = np.asarray(last.rotation @ data.poses[last.key].pose.rotation)
            now = np.asarray(found.rotation @ key_pose.pose.rotation)
            data.velocity = vector_from_rotation(np.asarray(now @ before.T))
        step = self._whole_step(image) if last.status == Status.LOST else NO_STEP
        data.reference_support = max(data.reference_support, found.support)
        data.previous = state.Previous(image, found.pixels, found.weights, ~found.in_sky)
        self._observe(key, found, len(data.records))
        data.records.append(
            FrameRecord(
                shot=key_pose.shot,
                key=key.number,
                rotation=found.rotation,
                focal=found.focal,
                confidence=inherited(found.confidence, key_pose.confidence),
                status=Status.SKY if found.from_sky else Status.SCENE,
                step=step,
            )
        )
        self._consider_zoom(found)
        # A keyframe must not inherit a focal length that is still in doubt.
        if self._worn(key, found) and not data.without_zoom:
            self._change_keyframe(image, matte, key, found)
        if not data.without_zoom and not data.signs:
            recalibrate(data, self._scale, free_focal=self._free_focal)

    def _travel(self, image: GreyImage, matte: StoredMatte, taken: FrameStep) -> None:
        """Take a frame along the trails of a camera that travels."""
        data = self._data
        # What looked like the begin of a zoom was the travel.
        data.without_zoom[:] = [replace(r, focal=data.poses[r.key].pose.focal) for r in data.without_zoom]
        self._take_back_zoom(len(data.records))
        last = data.records[-1]
        assert taken.rotation is not None
        step = self._whole_step(image) if last.status == Status.LOST else NO_STEP
        rotation = nearest_rotation(np.asarray(taken.rotation @ last.rotation))
        sure = SURE * min(1.0, taken.inliers / 50) * taken.fraction
        sure = inherited(sure, data.poses[last.key].confidence)
        data.records.append(FrameRecord(last.shot, last.key, rotation, last.focal, sure, Status.SCENE, step))
        data.velocity = vector_from_rotation(taken.rotation) if last.status != Status.LOST else np.zeros(3)
        at = taken.feature_tracks.pixels
        data.previous = state.Previous(image, at, np.ones(len(at)), np.ones(len(at), bool))
        data.travelling = True
        travelling.go_on(data, taken, lambda: self._points(image, matte))
        data.since_change += 1
        stands = travelling.stands(data, taken, lens_of(data, self._scale, last.shot))
        if stands or data.since_change > KEYFRAME_EVERY:
            self._new_keyframe(image, matte, np.eye(3) * 1e4)
        if stands:
            travelling.halt(data)

    def _new_keyframe(self, image: GreyImage, matte: StoredMatte, information: Float64Array) -> None:
        """Make the last frame a keyframe."""
        data = self._data
        record = data.records[-1]
        before, number = data.poses[record.key], len(data.poses)
        pose = FramePose(nearest_rotation(np.asarray(record.rotation @ before.pose.rotation)), record.focal)
        data.poses.append(KeyPose(len(data.records) - 1, before.shot, pose, record.confidence))
        data.links.append(Link(record.key, number, record.rotation, information))
        self._keep(Keyframe(number, image, self._points(image, matte)))
        data.records[-1] = replace(record, key=number, rotation=np.eye(3))

    def _observe(self, key: Keyframe, found: Followed, frame: int) -> None:
        """Keep what was matched, for the agreement of all frames at the end."""
        # What the clouds hold while the land says otherwise is told by the clouds alone.
        alone = found.from_sky and found.land_fraction < LAND_AGREES
        trust = np.where(found.in_sky, found.trust, 0.0) if alone else found.trust
        chosen = most_trusted(trust, MATCHES_KEPT)
        self._data.observations.append(
            Observation(
                self._data.poses[key.number].frame,
                frame,
                self._scale.seen(found.origins[chosen]),
                self._scale.seen(found.pixels[chosen]),
                trust[chosen],
                found.sky_used,
                self._clouds(found),
            )
        )

    def _clouds(self, found: Followed) -> Float64Array:
        """Matches of the sky (m, 4), spread over all that there are."""
        chosen = evenly(np.flatnonzero(found.in_sky), CLOUDS_KEPT)
        return np.hstack([self._scale.seen(found.origins[chosen]), self._scale.seen(found.pixels[chosen])])

    def _consider_zoom(self, found: Followed) -> None:
        """Believe a zoom only when frame after frame asks for it; else take it back."""
        data = self._data
        if not found.zoomed:
            self._take_back_zoom(len(data.records) - 1)
            return
        record = data.records[-1]
        if found.plain is not None:
            record = replace(record, rotation=found.plain.rotation, focal=found.plain.focal)
        data.without_zoom.append(record)
        if len(data.without_zoom) == ZOOM_FRAMES:
            data.without_zoom.clear()
            data.zooming = True

    def _take_back_zoom(self, end: int) -> None:
        """Put the motion without zoom in the place of the records before ``end`` that are in doubt."""
        data = self._data
        data.records[end - len(data.without_zoom) : end] = data.without_zoom
        data.without_zoom.clear()

    def _worn(self, key: Keyframe, found: Followed) -> bool:
        data = self._data
        focal = data.poses[key.number].pose.focal
        homography = centred_homography(found.rotation, focal, found.focal)
        width, height = self._scale.width, self._scale.height * self._scale.aspect
        zoom = found.focal / focal
        data.since_change += 1
        shared = overlap(homography, width, height)
        if shared < MIN_OVERLAP or not 1 / MAX_ZOOM < zoom < MAX_ZOOM:
            return True
        # A keyframe is cheap to keep and each change costs accuracy, so thin evidence alone waits a little.
        return found.support < MIN_SUPPORT * data.reference_support and data.since_change > 4

    def _change_keyframe(self, image: GreyImage, matte: StoredMatte, key: Keyframe, found: Followed) -> None:
        """Go back to an older keyframe that shows as much, or make this frame one."""
        data = self._data
        record = data.records[-1]
        key_pose = data.poses[key.number]
        pose = FramePose(nearest_rotation(np.asarray(found.rotation @ key_pose.pose.rotation)), found.focal)
        older = self._overlapping(pose, key_pose.shot, {key.number})
        loops: list[tuple[Keyframe, Followed]] = []
        for attempt, old in enumerate(older[:2]):
            guess = np.asarray(pose.rotation @ data.poses[old.number].pose.rotation.T)
            again = follow_keyframe(data, self._scale, old, image, guess, pose.focal, 70 + attempt)
            if again is not None and again.confidence > 0.3:
                loops.append((old, again))
                self._observe(old, again, len(data.records) - 1)
        for old, again in loops:
            if again.support > found.support and again.inliers > 30:
                between = np.asarray(found.rotation.T @ again.rotation)
                information = _parallel(again.information, found.information)
                turned = np.asarray(found.rotation.T @ information @ found.rotation)
                data.links.append(Link(old.number, key.number, between, turned))
                data.records[-1] = replace(
                    record, key=old.number, rotation=again.rotation, focal=again.focal,
                    confidence=inherited(again.confidence, data.poses[old.number].confidence),
                )  # fmt: skip
                data.current, data.reference_support, data.since_change = old.number, again.support, 0
                return
        self._new_keyframe(image, matte, found.information)
        for old, again in loops:
            data.links.append(Link(old.number, data.current, again.rotation, again.information))

    def _overlapping(self, pose: FramePose, shot: int, without: set[int]) -> list[Keyframe]:
        """Kept keyframes of the shot that show enough of the same view, the oldest first."""
        width, height = self._scale.width, self._scale.height * self._scale.aspect
        found = []
        for key in self._data.keyframes:
            other = self._data.poses[key.number]
            if other.shot != shot or key.number in without:
                continue
            turn = np.asarray(pose.rotation @ other.pose.rotation.T)
            zoom = pose.focal / other.pose.focal
            fraction = overlap(centred_homography(turn, other.pose.focal, pose.focal), width, height)
            if fraction > LOOP_OVERLAP and 1 / MAX_ZOOM < zoom < MAX_ZOOM:
                found.append(key)
        return found

    def _points(self, image: GreyImage, matte: StoredMatte) -> Points:
        return select_points(image, self._scale.sky(matte))

    def _keep(self, key: Keyframe) -> None:
        data = self._data
        data.keyframes.append(key)
        if len(data.keyframes) > KEYFRAMES_KEPT:
            # The very first stays: it is what the camera most likely comes back to. So does the one in use.
            oldest = next(i for i, old in enumerate(data.keyframes) if i > 0 and old.number != data.current)
            remember(data, data.keyframes.pop(oldest), self._scale)
        data.current, data.reference_support, data.since_change = key.number, 0.0, 0

    def _start_shot(self, image: GreyImage, points: Points) -> None:
        data = self._data
        shot = data.records[-1].shot + 1 if data.records else 0
        if data.records:
            data.views += views_of_last_shot(data, self._scale)
        shot = max([shot, *(pose.shot + 1 for pose in data.poses)])
        number = len(data.poses)
        data.poses.append(KeyPose(len(data.records), shot, FramePose(np.eye(3), self._focal), 1.0))
        self._keep(Keyframe(number, image, points))
        data.records.append(FrameRecord(shot, number, np.eye(3), self._focal, 1.0, Status.START))
        data.velocity, data.zooming, data.turn_asked = np.zeros(3), False, 0.0
        data.previous = state.Previous(image, points.pixels, points.prior, points.label != Label.SKY)
        travelling.end(data)
        travelling.begin(data, image, points)

    def _long_lost(self) -> bool:
        """Whether it lasts longer than a cover: an image with something in it is another shot then, sharp or not."""
        return all(record.status == Status.LOST for record in self._data.records[-self._covered :])

    def _lose(self, image: GreyImage, matte: StoredMatte, *, alive: bool) -> None:
        """Nothing known is in this frame: a new shot when it is sharp, else a gap to bridge later.

        ``alive``: the image is still that of the same scene, however it moved.
        """
        data = self._data
        self._take_back_zoom(len(data.records))
        points = self._points(image, matte)
        if (
            not alive
            and has_much_to_see(image, points)
            and (self._long_lost() or as_sharp(image, data.current_key.image))
        ):
            self._start_shot(image, points)
            return
        last = data.records[-1]
        step = self._whole_step(image)
        data.previous = state.Previous(image, np.empty((0, 2)), np.empty(0), np.empty(0, bool))
        data.records.append(FrameRecord(last.shot, last.key, last.rotation, last.focal, 0.0, Status.LOST, step))

    def _whole_step(self, image: GreyImage) -> Float64Array:
        """Where no point was followed: how far the whole image moved since the frame before."""
        previous = self._data.previous
        return NO_STEP if previous is None else global_shift(previous.image, image)


def _parallel(first: Float64Array, second: Float64Array) -> Float64Array:
    """Information of the sum of two independent errors."""
    size = len(first)
    ridge = np.eye(size) * 1e-6 * (np.trace(first) + np.trace(second) + 1e-9)
    covariance = np.linalg.inv(first + ridge) + np.linalg.inv(second + ridge)
    return np.asarray(np.linalg.inv(covariance))
