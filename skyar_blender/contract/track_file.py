# SPDX-License-Identifier: GPL-3.0-or-later
"""``track.json``: the camera's motion, frame by frame.

Where the clip's pixels are not square, all is in square ones: ``width`` is that of the picture as it is shown.

``homography`` maps pixel coordinates (x right, y down, pixel centres at whole numbers) of a point at infinity in
the reference frame to this frame; the reference is frame 0, or the first frame after the last cut. ``rotation``
maps directions (x right, y down, z forward) in the reference camera to this camera, so that
``homography = K rotation K0^-1`` with K built from ``focal_px`` and the centre of the picture.

Where a lens bends straight lines, ``distortion`` says by how much, and homographies and focal lengths are those of
the picture without it: a pixel seen at ``d`` from the centre would be at ``d / (1 + distortion |d|^2 / h^2)``, with
``h`` half the diagonal of the picture.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

TRACK_VERSION = 3
#: Files of these versions are read; before 3 no distortion was looked for.
_READABLE = (2, TRACK_VERSION)

Matrix = list[list[float]]
Source = Literal["scene", "sky", "interpolated", "cut"]
FocalSource = Literal["given", "metadata", "solved", "camera", "default"]


@dataclass(frozen=True, kw_only=True)
class TrackFrame:
    """Motion of one frame; ``confidence`` is 0 (a guess) to 1 (sure).

    A clip of one frame is a still: nothing can have moved, so that its confidence is 1, whatever it shows. A shot of
    one frame in a longer clip has little, as no other frame says that it is a shot.

    ``source`` says what the motion was read from: the landscape, the sky, neighbours in time, or nothing, because
    a new shot starts here. ``points`` is how many points of the picture agree on the motion, and ``residual_px``
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
class Track:
    """The whole clip. ``focal_px`` is one number, or one per frame where it changes.

    ``focal_source`` says where the focal length came from: the person who asked, the clip's metadata, the motion,
    another camera whose motion this is, or nowhere, so that a usual one was taken.

    ``world`` has one rotation per shot, from directions of the world (x right, y straight down, z forward, where the
    middle of a panorama lies) to those of the camera in the first frame of the shot, so that ``rotation`` times it
    tells how the camera of a frame stands in the world. It is that of the given camera, or the one that was found
    from the horizon; None as long as the job has not come to the sky.

    ``clouds`` has one entry per shot: how the old clouds drift by themselves, as a rotation in degrees per second
    about the axes of the camera in the first frame of the shot, or None where they do not tell. Empty where nobody
    looked.

    ``distortion`` has one number per shot (see above), 0 where the lens is straight; empty where nobody looked.
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

    def to_json(self) -> str:
        """The text of ``track.json``. Raises ValueError when a number is not finite."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Track:
        """Read what :meth:`to_json` wrote. Raises ValueError when the text is something else."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data["version"] not in _READABLE:
                raise ValueError(f"track version {data['version']} is not {TRACK_VERSION}")
            data["version"] = TRACK_VERSION
            frames = [TrackFrame(**frame) for frame in data.pop("frames")]
            return cls(frames=frames, **data)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise ValueError(f"not a track: {error}") from error
