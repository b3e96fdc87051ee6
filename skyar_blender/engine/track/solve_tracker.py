# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the camera's rotation and zoom from the whole picture, keyframe by keyframe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...contract.track_file import FocalSource, Track
from ..types import FrameRGB, Matrix3, StoredMatte
from . import state, travelling
from .analysis import AnalysisScale, Grey
from .assemble import assemble
from .bridge import NO_STEP, whole_step
from .bundle import Observation, evenly, most_trusted
from .confidence import inherited
from .follow import Followed, displacement, follow
from .geometry import (
    Floats,
    centred_homography,
    nearest_rotation,
    overlap,
    rotation_from_vector,
    vector_from_rotation,
)
from .keyframe import FrameRecord, Keyframe, KeyPose, Link, Pose, Status
from .points import Label, Points, select_points
from .recalibrate import recalibrate
from .rejoin import rejoined
from .relocate import relocate
from .sharpness import as_sharp, has_much_to_see
from .travel_step import Step

#: Matches of each frame that are kept.
MATCHES_KEPT = 90
#: ...and of these, matches of the sky.
CLOUDS_KEPT = 24
#: Keyframes whose pictures are kept.
KEYFRAMES_KEPT = 12
#: A keyframe is left when less than this share of the picture still shows it...
MIN_OVERLAP = 0.55
#: ...or less than this share of the points (by their trust) that once agreed does...
MIN_SUPPORT = 0.45
#: ...or the zoom between them exceeds this factor.
MAX_ZOOM = 1.25
#: Least overlap with an older keyframe that is worth a second look.
LOOP_OVERLAP = 0.6
#: Frames in a row that must ask for a zoom.
ZOOM_FRAMES = 6
#: Confidence at which no other guess is tried.
SURE = 0.4
#: Frames after which a camera that travels leaves a keyframe behind, to be found again by.
KEYFRAME_EVERY = 25
#: What goes on for longer covers no lens: a picture with something in it is another shot then, sharp or not.
LONGEST_COVER_SECONDS = 1.0


class SolveTracker:
    """Follows a clip in order; see the interface. Every random draw is seeded by the number of the frame."""

    def __init__(
        self, *, width: int, height: int, fps: float, focal_px: float, focal_source: FocalSource, quality: str
    ) -> None:
        self._scale = AnalysisScale.of(width, height, quality)
        self._fps = fps
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
        image = self._scale.grey(frame)
        if self.count == 0:
            self._start_shot(image, self._points(image, matte))
            return
        data = self._data
        taken = travelling.next_step(data, image, self._scale) if data.trails is not None else None
        found = None if travelling.travels(data, taken, None) and data.travelling else self._search(image)
        if found is None and taken is None:
            taken = travelling.next_step(data, image, self._scale)
        if taken is not None and travelling.travels(data, taken, None if found is None else found[1]):
            self._travel(image, matte, taken)
            return
        found = found or self._relocate(image)
        if found is not None:
            self._accept(image, matte, *found)
            travelling.watch(data, taken, found[1], self._scale, lambda: self._points(image, matte))
            return
        # A camera that stays in its place would have found it again, were it still in the picture.
        alive = taken is not None and taken.alive and (data.travelling or taken.travelled)
        again = None if alive else rejoined(data, image, self._scale)
        if again is not None:
            self._travel(image, matte, again)
        else:
            self._lose(image, matte, alive=alive)

    # -- finding the motion

    def _search(self, image: Grey) -> tuple[Keyframe, Followed] | None:
        """The motion from a keyframe to ``image``, by the best guess that leads to one."""
        data = self._data
        key = data.current_key
        last = data.records[-1]
        best: Followed | None = None
        for attempt, guess in enumerate(self._guesses(image)):
            found = self._follow(key, image, guess, last.focal, attempt)
            if found is not None and (best is None or found.support > best.support):
                best = found
            if best is not None and best.confidence > min(SURE, 0.7 * last.confidence):
                break
        return None if best is None else (key, best)

    def _guesses(self, image: Grey) -> Iterator[Matrix3]:
        """Rotations from the current keyframe to ``image``, the cheapest first."""
        data = self._data
        last = data.records[-1]
        if data.previous is not None and len(data.previous.weights):
            yield np.asarray(rotation_from_vector(data.velocity) @ last.rotation)
            step = self._step(data.previous, image, last.focal)
            if step is not None:
                yield np.asarray(step @ last.rotation)
        yield last.rotation

    def _step(self, previous: state.Previous, image: Grey, focal: float) -> Matrix3 | None:
        """Rotation from the frame before to this one."""
        order = np.argsort(-previous.weights, kind="stable")[:140]
        order = order[previous.weights[order] > 0]
        points = Points(previous.pixels[order], np.full(len(order), Label.FAR, np.uint8), previous.weights[order])
        found = follow(
            previous.image, points, focal, image, self._lens(self._data.records[-1].shot), np.eye(3), focal,
            zooming=False, seed=1000 * self.count, levels=3,
        )  # fmt: skip
        return None if found is None else found.rotation

    def _follow(self, key: Keyframe, image: Grey, guess: Matrix3, focal: float, attempt: int) -> Followed | None:
        """Follow a keyframe into ``image``; once more from the result when the guess was far off."""
        pose = self._data.poses[key.number]
        focal_key, scale = pose.pose.focal, self._lens(pose.shot)
        found: Followed | None = None
        for levels in (2, 1):
            found = follow(
                key.image, key.points, focal_key, image, scale, guess, focal,
                zooming=self._data.zooming, seed=1000 * self.count + 10 * attempt + levels, levels=levels,
            )  # fmt: skip
            if found is None:
                return None
            moved = displacement(
                centred_homography(guess, focal_key, focal),
                centred_homography(found.rotation, focal_key, found.focal),
                scale,
            )
            if moved < 6.0:
                break
            guess, focal = found.rotation, found.focal
        return found

    def _relocate(self, image: Grey) -> tuple[Keyframe, Followed] | None:
        """Look for ``image`` in the keyframes without a guess: the current, the newest, the oldest."""
        data = self._data
        tried: list[int] = []
        for key in (data.current_key, *reversed(data.keyframes[-2:]), data.keyframes[0]):
            if key.number in tried or not has_much_to_see(key.image, key.points):
                continue
            tried.append(key.number)
            focal, scale = data.poses[key.number].pose.focal, self._lens(data.poses[key.number].shot)
            guess = relocate(key.image, image, scale, focal, focal, 1000 * self.count + 500)
            if guess is None:
                continue
            found = self._follow(key, image, guess, focal, 60)
            if found is not None:
                return key, found
        return None

    # -- what becomes of it

    def _accept(self, image: Grey, matte: StoredMatte, key: Keyframe, found: Followed) -> None:
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

    def _travel(self, image: Grey, matte: StoredMatte, taken: Step) -> None:
        """Take a frame along the trails of a camera that travels."""
        data = self._data
        # What looked like the begin of a zoom was the travel.
        data.without_zoom[:] = [replace(r, focal=data.poses[r.key].pose.focal) for r in data.without_zoom]
        self._take_back_zoom(len(data.records))
        last = data.records[-1]
        assert taken.rotation is not None
        step = self._whole_step(image) if last.status == Status.LOST else NO_STEP
        rotation = nearest_rotation(np.asarray(taken.rotation @ last.rotation))
        sure = SURE * min(1.0, taken.inliers / 50) * taken.share
        sure = inherited(sure, data.poses[last.key].confidence)
        data.records.append(FrameRecord(last.shot, last.key, rotation, last.focal, sure, Status.SCENE, step))
        data.velocity = vector_from_rotation(taken.rotation) if last.status != Status.LOST else np.zeros(3)
        at = taken.trails.pixels
        data.previous = state.Previous(image, at, np.ones(len(at)), np.ones(len(at), bool))
        data.travelling = True
        travelling.go_on(data, taken, lambda: self._points(image, matte))
        data.since_change += 1
        stands = travelling.stands(data, taken, self._scale)
        if stands or data.since_change > KEYFRAME_EVERY:
            self._new_keyframe(image, matte, np.eye(3) * 1e4)
        if stands:
            travelling.end(data)

    def _new_keyframe(self, image: Grey, matte: StoredMatte, information: Floats) -> None:
        """Make the last frame a keyframe."""
        data = self._data
        record = data.records[-1]
        before, number = data.poses[record.key], len(data.poses)
        pose = Pose(nearest_rotation(np.asarray(record.rotation @ before.pose.rotation)), record.focal)
        data.poses.append(KeyPose(len(data.records) - 1, before.shot, pose, record.confidence))
        data.links.append(Link(record.key, number, record.rotation, information))
        self._keep(Keyframe(number, image, self._points(image, matte)))
        data.records[-1] = replace(record, key=number, rotation=np.eye(3))

    def _observe(self, key: Keyframe, found: Followed, frame: int) -> None:
        """Keep what was matched, for the agreement of all frames at the end."""
        chosen = most_trusted(found.trust, MATCHES_KEPT)
        self._data.observations.append(
            Observation(
                self._data.poses[key.number].frame,
                frame,
                self._scale.seen(found.origins[chosen]),
                self._scale.seen(found.pixels[chosen]),
                found.trust[chosen],
                found.sky_used,
                self._clouds(found),
            )
        )

    def _clouds(self, found: Followed) -> Floats:
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

    def _change_keyframe(self, image: Grey, matte: StoredMatte, key: Keyframe, found: Followed) -> None:
        """Go back to an older keyframe that shows as much, or make this frame one."""
        data = self._data
        record = data.records[-1]
        key_pose = data.poses[key.number]
        pose = Pose(nearest_rotation(np.asarray(found.rotation @ key_pose.pose.rotation)), found.focal)
        older = self._overlapping(pose, key_pose.shot, {key.number})
        loops: list[tuple[Keyframe, Followed]] = []
        for attempt, old in enumerate(older[:2]):
            guess = np.asarray(pose.rotation @ data.poses[old.number].pose.rotation.T)
            again = self._follow(old, image, guess, pose.focal, 70 + attempt)
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

    def _overlapping(self, pose: Pose, shot: int, without: set[int]) -> list[Keyframe]:
        """Kept keyframes of the shot that show enough of the same view, the oldest first."""
        width, height = self._scale.width, self._scale.height * self._scale.aspect
        found = []
        for key in self._data.keyframes:
            other = self._data.poses[key.number]
            if other.shot != shot or key.number in without:
                continue
            turn = np.asarray(pose.rotation @ other.pose.rotation.T)
            zoom = pose.focal / other.pose.focal
            share = overlap(centred_homography(turn, other.pose.focal, pose.focal), width, height)
            if share > LOOP_OVERLAP and 1 / MAX_ZOOM < zoom < MAX_ZOOM:
                found.append(key)
        return found

    def _lens(self, shot: int) -> AnalysisScale:
        """The scale with the distortion of a shot."""
        distortion = self._data.distortion(shot)
        return replace(self._scale, distortion=distortion) if distortion else self._scale

    def _points(self, image: Grey, matte: StoredMatte) -> Points:
        return select_points(image, self._scale.sky(matte))

    def _keep(self, key: Keyframe) -> None:
        data = self._data
        data.keyframes.append(key)
        if len(data.keyframes) > KEYFRAMES_KEPT:
            # The very first stays: it is what the camera most likely comes back to. So does the one in use.
            oldest = next(i for i, old in enumerate(data.keyframes) if i > 0 and old.number != data.current)
            del data.keyframes[oldest]
        data.current, data.reference_support, data.since_change = key.number, 0.0, 0

    def _start_shot(self, image: Grey, points: Points) -> None:
        data = self._data
        shot = data.records[-1].shot + 1 if data.records else 0
        shot = max([shot, *(pose.shot + 1 for pose in data.poses)])
        number = len(data.poses)
        data.poses.append(KeyPose(len(data.records), shot, Pose(np.eye(3), self._focal), 1.0))
        self._keep(Keyframe(number, image, points))
        data.records.append(FrameRecord(shot, number, np.eye(3), self._focal, 1.0, Status.START))
        data.velocity, data.zooming, data.turn_asked = np.zeros(3), False, 0.0
        data.previous = state.Previous(image, points.pixels, points.prior, points.label != Label.SKY)
        travelling.end(data)
        travelling.begin(data, image, points)

    def _long_lost(self) -> bool:
        records = self._data.records[-max(1, round(LONGEST_COVER_SECONDS * self._fps)) :]
        return all(record.status == Status.LOST for record in records)

    def _lose(self, image: Grey, matte: StoredMatte, *, alive: bool) -> None:
        """Nothing known is in this frame: a new shot when it is sharp, else a gap to bridge later.

        ``alive``: the picture is still that of the same scene, however it moved.
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

    def _whole_step(self, image: Grey) -> Floats:
        """Where no point was followed: how far the whole picture moved since the frame before."""
        previous = self._data.previous
        return NO_STEP if previous is None else whole_step(previous.image, image)


def _parallel(first: Floats, second: Floats) -> Floats:
    """Information of the sum of two independent errors."""
    size = len(first)
    ridge = np.eye(size) * 1e-6 * (np.trace(first) + np.trace(second) + 1e-9)
    covariance = np.linalg.inv(first + ridge) + np.linalg.inv(second + ridge)
    return np.asarray(np.linalg.inv(covariance))
