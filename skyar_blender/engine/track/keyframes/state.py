# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the tracker carries from frame to frame, and its exact form on disk (npz: PNG images, raw floats)."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, GreyImage
from ..features.feature_tracks import FeatureTracks, FrameTracks
from ..features.patches import Patches
from ..features.points import Points
from ..geometry.analysis import AnalysisScale
from ..levelling.sky_edge import SkyEdge
from ..loop_closure.views import NO_DESCRIPTORS, View
from ..rotation.bundle_adjustment import Observation
from .keyframe import FramePose, FrameRecord, Keyframe, KeyPose, Link, Status

VERSION = 10
Bytes: TypeAlias = NDArray[np.uint8]


@dataclass(frozen=True)
class Previous:
    """The frame before, when it was followed: its image, the matches that counted, and which are of the land."""

    image: GreyImage
    pixels: Float64Array
    weights: Float64Array
    land: NDArray[np.bool_]


@dataclass
class TrackerState:
    """What was found so far.

    Attributes:
        focal: focal length in pixels of the analysis image that every shot begins with.
        records: one per frame.
        poses: one per keyframe ever made, by its number.
        links: measured rotations between keyframes.
        keyframes: those whose images are kept.
        current: number of the keyframe that frames are matched against.
        reference_support: most matches, by their trust, that ever agreed with the current keyframe.
        since_change: frames since the keyframe changed.
        zooming: whether the current shot was seen to zoom.
        turn_asked: turn in radians at which the current shot was last asked for its lens.
        distortions: radial distortion (see :mod:`..lens`) of the shots that told one, by their numbers.
        observations: what was matched, for the agreement of all frames at the end.
        without_zoom: the last frames as they are if the shot does not zoom, while that is in doubt.
        velocity: (3,) rotation vector from the last frame but one to the last.
        previous: the frame before; without pixels when it was not followed.
        feature_tracks: points followed from frame to frame, as the last frame had them that was followed at all; None
            where the image only turns.
        trail_numbers: how many trails were ever begun.
        seen: the trails in each frame of which the places may count; the first ``kept`` of them do.
        travelling: whether the camera is taken to travel.
        signs: frames in a row, or nearly so, that show that the camera travels.
        quiet: frames in a row that do not.
        rest: frames until it is looked at again.
        travel: (3,) of the last frame, see :class:`.step.Step`.
        views: what is kept of shots that ended, so that their places can be known again.
        edges: where the sky ends in some frames.
    """

    focal: float
    records: list[FrameRecord] = field(default_factory=list)
    poses: list[KeyPose] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    keyframes: list[Keyframe] = field(default_factory=list)
    current: int = 0
    reference_support: float = 0.0
    since_change: int = 0
    zooming: bool = False
    turn_asked: float = 0.0
    distortions: dict[int, float] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    without_zoom: list[FrameRecord] = field(default_factory=list)
    velocity: Float64Array = field(default_factory=lambda: np.zeros(3))
    previous: Previous | None = None
    feature_tracks: FeatureTracks | None = None
    trail_numbers: int = 0
    seen: list[FrameTracks] = field(default_factory=list)
    kept: int = 0
    travelling: bool = False
    signs: int = 0
    quiet: int = 0
    rest: int = 0
    travel: Float64Array = field(default_factory=lambda: np.zeros(3))
    views: list[View] = field(default_factory=list)
    edges: list[SkyEdge] = field(default_factory=list)

    @property
    def current_key(self) -> Keyframe:
        """The keyframe that frames are matched against."""
        return next(key for key in self.keyframes if key.number == self.current)

    def distortion(self, shot: int) -> float:
        """Radial distortion of a shot, 0 as long as it told none."""
        return self.distortions.get(shot, 0.0)


def pack(state: TrackerState, scale: AnalysisScale) -> bytes:
    """The state as bytes; equal states give equal bytes."""
    arrays: dict[str, NDArray[Any]] = {}
    header = {
        "tracker": "solve",
        "version": VERSION,
        "size": [scale.clip_width, scale.clip_height, scale.width, scale.height],
        "focal": state.focal,
        "current": state.current,
        "reference_support": state.reference_support,
        "since_change": state.since_change,
        "zooming": state.zooming,
        "turn_asked": state.turn_asked,
        "distortions": sorted(state.distortions.items()),
        "previous": state.previous is not None,
        "trails": state.feature_tracks is not None,
        "trail_numbers": state.trail_numbers,
        "kept": state.kept,
        "travelling": state.travelling,
        "signs": state.signs,
        "quiet": state.quiet,
        "rest": state.rest,
        "keyframes": [key.number for key in state.keyframes],
    }
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    arrays["velocity"] = state.velocity
    for name, records in (("record", state.records), ("plain", state.without_zoom)):
        arrays[f"{name}_numbers"] = _ints([(r.shot, r.key, int(r.status)) for r in records], 3)
        arrays[f"{name}_values"] = _rows([(*r.rotation.ravel(), r.focal, r.confidence, *r.step) for r in records], 13)
    arrays["pose_numbers"] = _ints([(p.frame, p.shot) for p in state.poses], 2)
    arrays["pose_values"] = _rows([(*p.pose.rotation.ravel(), p.pose.focal, p.confidence) for p in state.poses], 11)
    arrays["link_numbers"] = _ints([(k.first, k.second) for k in state.links], 2)
    arrays["link_values"] = _rows([(*k.rotation.ravel(), *k.information.ravel()) for k in state.links], 18)
    arrays["seen_numbers"] = _ints(
        [(o.first, o.second, len(o.weight), o.sky, len(o.clouds)) for o in state.observations], 5
    )
    seen = [np.column_stack([o.first_pixels, o.second_pixels, o.weight]) for o in state.observations]
    arrays["seen_values"] = np.concatenate([np.empty((0, 5)), *seen])
    arrays["cloud_values"] = np.concatenate([np.empty((0, 4)), *(o.clouds for o in state.observations)])
    arrays["travel"] = state.travel
    arrays["trail_frames"] = _ints([(each.frame, len(each.number)) for each in state.seen], 2)
    arrays["trail_travels"] = _rows([tuple(each.travel) for each in state.seen], 3)
    arrays["trail_seen"] = np.concatenate([np.empty(0, np.int64), *(each.number for each in state.seen)])
    arrays["trail_pixels"] = np.concatenate([np.empty((0, 2)), *(each.pixels for each in state.seen)])
    if state.feature_tracks is not None:
        arrays["trails_image"] = _png(state.feature_tracks.image)
        arrays["trails_number"] = state.feature_tracks.number
        arrays["trails_values"] = np.column_stack(
            [state.feature_tracks.pixels, state.feature_tracks.flow, state.feature_tracks.depth]
        )
        arrays["trails_patches"] = state.feature_tracks.patches.grey
        arrays["trails_shapes"] = state.feature_tracks.patches.shape
    arrays["view_frames"] = _ints([(each.frame, len(each.trust)) for each in state.views], 2)
    views = [np.column_stack([each.pixels, each.trust]) for each in state.views]
    arrays["view_values"] = np.concatenate([np.empty((0, 3)), *views])
    arrays["view_descriptors"] = np.concatenate([NO_DESCRIPTORS, *(each.descriptors for each in state.views)])
    arrays["edge_numbers"] = _ints(
        [(e.frame, e.turns, len(e.ends), len(e.above), len(e.below)) for e in state.edges], 5
    )
    ends = [part for each in state.edges for part in (each.ends, each.above, each.below)]
    arrays["edge_values"] = np.concatenate([np.empty((0, 2)), *ends])
    for key in state.keyframes:
        arrays[f"key{key.number}_image"] = _png(key.image)
        arrays[f"key{key.number}_pixels"] = key.points.pixels
        arrays[f"key{key.number}_label"] = key.points.label
        arrays[f"key{key.number}_prior"] = key.points.prior
    if state.previous is not None:
        arrays["previous_image"] = _png(state.previous.image)
        arrays["previous_pixels"] = state.previous.pixels
        arrays["previous_weights"] = state.previous.weights
        arrays["previous_land"] = state.previous.land
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack(blob: bytes, scale: AnalysisScale, focal: float) -> TrackerState:
    """Inverse of :func:`pack`. Raises ValueError when damaged, or of another clip size or focal length."""
    try:
        with np.load(io.BytesIO(blob), allow_pickle=False) as arrays:
            return _read(arrays, scale, focal)
    except Exception as error:  # zip, npz, PNG and JSON readers each raise their own kinds on damaged bytes
        raise ValueError(f"the state of the camera tracking cannot be read: {error}") from error


def _read(arrays: Any, scale: AnalysisScale, focal: float) -> TrackerState:
    header = json.loads(arrays["header"].tobytes())
    if header["tracker"] != "solve" or header["version"] != VERSION:
        raise ValueError("it was written by another tracker or version")
    if header["size"] != [scale.clip_width, scale.clip_height, scale.width, scale.height]:
        raise ValueError("it belongs to a clip of another size")
    if header["focal"] != focal:
        raise ValueError("it was made with another focal length")
    records, without_zoom = (
        [
            FrameRecord(
                int(n[0]), int(n[1]), v[:9].reshape(3, 3), float(v[9]), float(v[10]), Status(int(n[2])), v[11:]
            )
            for n, v in zip(arrays[f"{name}_numbers"], arrays[f"{name}_values"], strict=True)
        ]
        for name in ("record", "plain")
    )
    poses = [
        KeyPose(int(n[0]), int(n[1]), FramePose(v[:9].reshape(3, 3), float(v[9])), float(v[10]))
        for n, v in zip(arrays["pose_numbers"], arrays["pose_values"], strict=True)
    ]
    links = [
        Link(int(n[0]), int(n[1]), v[:9].reshape(3, 3), v[9:].reshape(3, 3))
        for n, v in zip(arrays["link_numbers"], arrays["link_values"], strict=True)
    ]
    seen = arrays["seen_numbers"]
    parts = (np.split(arrays[f"{k}_values"], np.cumsum(seen[:, at])) for k, at in (("seen", 2), ("cloud", 4)))
    observations = [
        Observation(int(n[0]), int(n[1]), v[:, :2], v[:, 2:4], v[:, 4], bool(n[3]), clouds)
        for n, v, clouds in zip(seen, *parts, strict=False)
    ]
    keyframes = [
        Keyframe(
            number,
            _image(arrays[f"key{number}_image"], scale),
            Points(arrays[f"key{number}_pixels"], arrays[f"key{number}_label"], arrays[f"key{number}_prior"]),
        )
        for number in header["keyframes"]
    ]
    previous = None
    if header["previous"]:
        image = _image(arrays["previous_image"], scale)
        previous = Previous(image, arrays["previous_pixels"], arrays["previous_weights"], arrays["previous_land"])
    feature_tracks = None
    if header["trails"]:
        values = arrays["trails_values"]
        feature_tracks = FeatureTracks(
            _image(arrays["trails_image"], scale), arrays["trails_number"],
            values[:, :2], values[:, 2:4], values[:, 4], Patches(arrays["trails_patches"], arrays["trails_shapes"]),
        )  # fmt: skip
    ends = np.cumsum(arrays["trail_frames"][:, 1])[:-1]
    places = (np.split(arrays[name], ends) for name in ("trail_seen", "trail_pixels"))
    seen_trails = [
        FrameTracks(int(frame), number, pixels, travel)
        for (frame, _), travel, number, pixels in zip(
            arrays["trail_frames"], arrays["trail_travels"], *places, strict=False
        )
    ]
    ends = np.cumsum(arrays["view_frames"][:, 1])[:-1]
    kept = (np.split(arrays[name], ends) for name in ("view_values", "view_descriptors"))
    views = [
        View(int(frame), values[:, :2], values[:, 2], descriptors)
        for (frame, _), values, descriptors in zip(arrays["view_frames"], *kept, strict=False)
    ]
    numbers = arrays["edge_numbers"]
    kinds = iter(np.split(arrays["edge_values"], np.cumsum(numbers[:, 2:].ravel())))
    edges = [SkyEdge(int(n[0]), int(n[1]), next(kinds), next(kinds), next(kinds)) for n in numbers]
    if records and header["current"] not in header["keyframes"]:
        raise ValueError("its keyframe is missing")
    return TrackerState(
        focal=focal,
        records=records,
        poses=poses,
        links=links,
        observations=observations,
        keyframes=keyframes,
        current=int(header["current"]),
        reference_support=float(header["reference_support"]),
        since_change=int(header["since_change"]),
        zooming=bool(header["zooming"]),
        turn_asked=float(header["turn_asked"]),
        distortions={int(shot): float(value) for shot, value in header["distortions"]},
        without_zoom=without_zoom,
        velocity=arrays["velocity"],
        previous=previous,
        feature_tracks=feature_tracks,
        trail_numbers=int(header["trail_numbers"]),
        seen=seen_trails,
        kept=int(header["kept"]),
        travelling=bool(header["travelling"]),
        signs=int(header["signs"]),
        quiet=int(header["quiet"]),
        rest=int(header["rest"]),
        travel=arrays["travel"],
        views=views,
        edges=edges,
    )


def _ints(rows: list[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    return np.array(rows, np.int64).reshape(-1, width)


def _rows(rows: list[tuple[float, ...]], width: int) -> Float64Array:
    return np.array(rows, np.float64).reshape(-1, width)


def _png(grey: GreyImage) -> Bytes:
    done, data = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise RuntimeError("a keyframe's picture could not be packed")
    return np.asarray(data, np.uint8).ravel()


def _image(data: Bytes, scale: AnalysisScale) -> GreyImage:
    grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if grey is None or grey.shape != (scale.height, scale.width):
        raise ValueError("a keyframe's picture is damaged")
    return np.asarray(grey, np.uint8)
