# SPDX-License-Identifier: GPL-3.0-or-later
"""A solved track in another order of frames: reversed, slowed down, with frames left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...contract.track_file import FocalSource, Matrix, SamePlace, Source, Track, TrackFrame
from ..types import Matrix3
from .geometry.rotations import camera_matrix, scaled


def shots_of(track: Track) -> list[int]:
    """For each frame the number of the shot that it belongs to; a cut begins a new one."""
    shots, current = [], 0
    for frame in track.frames:
        current += frame.source == "cut"
        shots.append(current)
    return shots


def at_size(track: Track, size: tuple[int, int]) -> Track:
    """The same for images of another ``size`` (width, height) in square pixels; that of all directions stays."""
    if size == (track.width, track.height):
        return track
    scale = size[0] / track.width
    focal = [each * scale for each in track.focal_px] if isinstance(track.focal_px, list) else track.focal_px * scale
    resized = replace(track, width=size[0], height=size[1], focal_px=focal)
    frames: list[TrackFrame] = []
    first = 0
    for index, frame in enumerate(track.frames):
        first = index if frame.source == "cut" else first
        here, there = (camera_matrix(resized.focal(each), *size) for each in (index, first))
        motion = scaled(here @ np.array(frame.rotation) @ np.linalg.inv(there))
        residual = None if frame.residual_px is None else frame.residual_px * scale
        frames.append(replace(frame, homography=motion.tolist(), residual_px=residual))
    return replace(resized, frames=frames)


def in_job_order(track: Track, places: Sequence[int]) -> Track:
    """The track of a job whose frame k shows frame ``places[k]`` of ``track``.

    Motion is given anew from the first frame of each shot as it appears, so that frame 0 is the identity.
    """
    world: list[Matrix] = []
    clouds: list[list[float] | None] = []
    distorted: list[float] = []
    shots = shots_of(track)
    same: list[SamePlace | None] = []
    told: list[FocalSource] = []
    faced: dict[int, tuple[int, Matrix3]] = {}
    frames: list[TrackFrame] = []
    reference: TrackFrame | None = None
    shot = -1
    for index, place in enumerate(places):
        frame = track.frames[place]
        begins = reference is None or shots[place] != shot
        if reference is None or begins:
            reference, shot = frame, shots[place]
            if track.world is not None:
                world.append((np.array(frame.rotation) @ np.array(track.world[shot])).tolist())
            if track.focal_sources:
                told.append(track.focal_sources[shot])
            if track.same_place:
                same.append(_same_place(track, shot, frame, len(same), faced))
            if track.distortion:
                distorted.append(track.distortion[shot])
            if track.clouds:
                drift = track.clouds[shot]
                clouds.append(None if drift is None else (np.array(frame.rotation) @ drift).tolist())
        source: Source = "scene" if frame.source == "cut" else frame.source
        if begins and index:
            source = "cut"
        frames.append(replace(_relative(frame, reference), index=index, source=source))
    focal = track.focal_px
    if isinstance(focal, list):
        focal = [focal[place] for place in places]
    return replace(
        track,
        frames=frames,
        focal_px=focal,
        world=None if track.world is None else world,
        clouds=clouds,
        distortion=distorted,
        same_place=same,
        focal_sources=told,
    )


def _same_place(
    track: Track, shot: int, frame: TrackFrame, number: int, faced: dict[int, tuple[int, Matrix3]]
) -> SamePlace | None:
    """Of the ``number``-th shot in the new order, which begins with ``frame`` of ``shot``.

    ``faced``: by the shot of ``track`` that first showed a place, the first one in the new order that does, and how
    its camera stands to that one's; it grows.
    """
    place = track.same_place[shot]
    root, turn = (shot, np.eye(3)) if place is None else (place.shot, np.array(place.rotation))
    stands = np.array(frame.rotation) @ turn
    if root not in faced:
        faced[root] = number, stands
        return None
    first, before = faced[root]
    sure = 1.0 if place is None else place.confidence
    return SamePlace(shot=first, rotation=(stands @ before.T).tolist(), confidence=sure)


def _relative(frame: TrackFrame, reference: TrackFrame) -> TrackFrame:
    homography = np.array(frame.homography) @ np.linalg.inv(np.array(reference.homography))
    rotation = np.array(frame.rotation) @ np.array(reference.rotation).T
    return replace(frame, homography=scaled(homography).tolist(), rotation=rotation.tolist())
