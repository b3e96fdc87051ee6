# SPDX-License-Identifier: GPL-3.0-or-later
"""``track.json``: the camera's motion, frame by frame.

Where the clip's pixels are not square, all is in square ones: ``width`` is that of the image as it is shown.

``homography`` maps pixel coordinates (x right, y down, pixel centres at whole numbers) of a point at infinity in
the reference frame to this frame; the reference is frame 0, or the first frame after the last cut. ``rotation``
maps directions (x right, y down, z forward) in the reference camera to this camera, so that
``homography = K rotation K0^-1`` with K built from ``focal_px`` and the centre of the image.

Where a lens bends straight lines, ``distortion`` says by how much, and homographies and focal lengths are those of
the image without it: a pixel seen at ``d`` from the centre would be at ``d / (1 + distortion |d|^2 / h^2)``, with
``h`` half the diagonal of the image.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from .documents import is_number, parse_json

TRACK_VERSION = 4
#: Files of these versions are read; before 3 no distortion was looked for, before 4 no place seen before, and all
#: shots had one source of their focal length.
_READABLE = (2, 3, TRACK_VERSION)

Matrix = list[list[float]]
Source = Literal["scene", "sky", "interpolated", "cut"]
Projection = Literal["rectilinear", "equirectangular"]
FocalSource = Literal["given", "metadata", "solved", "weighed", "other_shot", "camera", "default"]


@dataclass(frozen=True, kw_only=True)
class TrackFrame:
    """Motion of one frame; ``confidence`` is 0 (a guess) to 1 (sure).

    A clip of one frame is a still: nothing can have moved, so that its confidence is 1, whatever it shows. A shot of
    one frame in a longer clip has little, as no other frame says that it is a shot.

    ``source`` says what the motion was read from: the landscape, the sky, neighbours in time, or nothing, because
    a new shot starts here. ``points`` is how many points of the image agree on the motion, and ``residual_px``
    their root mean square distance from it in pixels of the clip; 0 and None where no point was followed.
    """

    index: int
    homography: Matrix
    rotation: Matrix
    confidence: float
    source: Source
    points: int = 0
    residual_px: float | None = None


@dataclass(frozen=True, kw_only=True)
class SamePlace:
    """That a shot shows the place of an earlier one, the ``shot``-th from 0.

    ``rotation`` maps directions of the camera in the first frame of that shot to those of the camera in the first of
    this one; ``confidence`` is 0 to 1.
    """

    shot: int
    rotation: Matrix
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Track:
    """The whole clip. ``focal_px`` is one number, or one per frame where it changes.

    ``focal_source`` says where the focal length came from: the person who asked, the clip's metadata, the motion,
    another camera whose motion this is, or nowhere, so that a usual one was taken. ``focal_sources`` says it for each
    shot, ``other_shot`` where the motion of another one told it, ``weighed`` where the motion told it only roughly,
    and a usual one was weighed against it; empty where all have ``focal_source``.

    ``world`` has one rotation per shot, from directions of the world (x right, y straight down, z forward, where the
    middle of a panorama lies) to those of the camera in the first frame of the shot, so that ``rotation`` times it
    tells how the camera of a frame stands in the world. It is that of the given camera, or the one that was found
    from the horizon; None as long as the job has not come to the sky.

    ``clouds`` has one entry per shot: how the old clouds drift by themselves, as a rotation in degrees per second
    about the axes of the camera in the first frame of the shot, or None where they do not tell. Empty where nobody
    looked.

    ``distortion`` has one number per shot (see above), 0 where the lens is straight; empty where nobody looked.

    ``same_place`` has one entry per shot: the first of all that show its place, or None where that is itself; empty
    where nobody looked.

    Of a clip of all directions ``projection`` is ``equirectangular``; then ``focal_px`` are pixels per radian at the
    horizon, and homographies are the identity.
    """

    width: int
    height: int
    fps: float
    focal_px: float | list[float]
    focal_source: FocalSource
    frames: list[TrackFrame] = field(default_factory=list)
    world: list[Matrix] | None = None
    clouds: list[list[float] | None] = field(default_factory=list)
    distortion: list[float] = field(default_factory=list)
    same_place: list[SamePlace | None] = field(default_factory=list)
    focal_sources: list[FocalSource] = field(default_factory=list)
    projection: Projection = "rectilinear"
    version: int = TRACK_VERSION

    def focal(self, index: int) -> float:
        """Focal length of frame ``index`` in pixels."""
        return self.focal_px[index] if isinstance(self.focal_px, list) else self.focal_px

    def distortions(self) -> list[float]:
        """Distortion of the lens for each frame."""
        found, shot = [], 0
        for frame in self.frames:
            shot += frame.index > 0 and frame.source == "cut"
            found.append(self.distortion[shot] if self.distortion else 0.0)
        return found

    def places(self) -> list[int]:
        """For each shot the first one that shows the same place, which mostly is itself."""
        if not self.same_place:
            return list(range(1 + sum(frame.source == "cut" for frame in self.frames[1:])))
        return [number if same is None else same.shot for number, same in enumerate(self.same_place)]

    def to_json(self) -> str:
        """The text of ``track.json``. Raises ValueError when a number is not finite."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Track:
        """Read what :meth:`to_json` wrote. Raises ValueError when the text is something else."""
        try:
            data: dict[str, Any] = parse_json(text)
            if data["version"] not in _READABLE:
                raise ValueError(f"track version {data['version']} is not {TRACK_VERSION}")
            data["version"] = TRACK_VERSION
            frames = [TrackFrame(**frame) for frame in data.pop("frames")]
            same = data.pop("same_place", [])
            data["same_place"] = [None if each is None else SamePlace(**each) for each in same]
            track = cls(frames=frames, **data)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a track: {error}") from error
        _check(track)
        return track


def _check(track: Track) -> None:
    """Raise ValueError where a track that was read holds something of another kind than it should."""
    frames = track.frames
    _must([frame.index for frame in frames] == list(range(len(frames))), "its frames are not numbered")
    for size in (track.width, track.height):
        _must(isinstance(size, int) and 0 < size < 1 << 20, "its size is none")
    _must(is_number(track.fps) and track.fps > 0, "its rate is none")
    focal = track.focal_px if isinstance(track.focal_px, list) else [track.focal_px] * len(frames)
    _must(len(focal) == len(frames) and all(is_number(each) and each > 0 for each in focal), "a focal length is none")
    _must(track.projection in get_args(Projection), "its projection is none")
    _must(isinstance(track.focal_sources, list), "its focal lengths come from nowhere")
    sources = [track.focal_source, *track.focal_sources]
    _must(all(each in get_args(FocalSource) for each in sources), "a focal length comes from nowhere")
    for frame in frames:
        _must(_is_matrix(frame.homography) and _is_matrix(frame.rotation), f"frame {frame.index} has no motion")
        _must(is_number(frame.confidence) and 0 <= frame.confidence <= 1, "a confidence is not from 0 to 1")
        _must(frame.source in get_args(Source), f"frame {frame.index} comes from nowhere")
        _must(isinstance(frame.points, int) and (frame.residual_px is None or is_number(frame.residual_px)),
              f"frame {frame.index} has no points")  # fmt: skip
    shots = 1 + sum(frame.source == "cut" for frame in frames[1:])
    world = [] if track.world is None else track.world
    _must(isinstance(world, list) and all(map(_is_matrix, world)), "its world is none")
    _must(track.world is None or len(world) == shots, "its world is not that of its shots")
    distorted = track.distortion
    _must(
        isinstance(distorted, list) and all(map(is_number, distorted)) and len(distorted) in (0, shots),
        "its distortion is none",
    )
    _must(len(track.focal_sources) in (0, shots), "its focal lengths are not those of its shots")
    same = track.same_place
    _must(len(same) in (0, shots) and all(map(_is_earlier, range(len(same)), same)), "its shots show no place")
    _must(
        isinstance(track.clouds, list)
        and all(drift is None or (isinstance(drift, list) and _are_numbers(drift, 3)) for drift in track.clouds),
        "its clouds drift nowhere",
    )


def _is_earlier(number: int, same: SamePlace | None) -> bool:
    if same is None:
        return True
    is_shot = type(same.shot) is int and 0 <= same.shot < number
    return is_shot and _is_matrix(same.rotation) and is_number(same.confidence) and 0 <= same.confidence <= 1


def _must(holds: object, why: str) -> None:
    if not holds:
        raise ValueError(f"not a track: {why}")


def _is_matrix(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(_are_numbers(row, 3) for row in value)


def _are_numbers(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(is_number, value))
