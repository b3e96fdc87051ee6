# SPDX-License-Identifier: GPL-3.0-or-later
"""How the work of a job is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .correction import Correction
from .documents import check_inside
from .look import Look
from .option import CLIPS, SKIES, Automatic, check_options, option
from .weights_name import is_weights_name, weights_name

Quality = Literal["draft", "normal", "high"]
Motion = Literal["SOLVE", "SCENE_CAMERA", "CLIP_TRACKING", "STATIC"]
MatteMethodName = Literal["network", "adaptive"]

#: Motions that are read from a file.
GIVEN_MOTIONS: tuple[Motion, ...] = ("SCENE_CAMERA", "CLIP_TRACKING")
#: How the sky is found unless the job says otherwise.
DEFAULT_MATTE_METHOD: MatteMethodName = "network"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the work is done.

    Attributes:
        quality: size at which sky and motion are analysed; of a draft all images and movies are small, see
            :mod:`.layout`.
        matte_method: ``network``, or ``adaptive``, which needs none and learns from the clip alone.
        matting_weights: a file with weights for the network, or a name as :mod:`.weights_name` has it; None takes
            those that come with SkyAR.
        motion: ``SOLVE`` follows the camera; ``STATIC`` is a locked-off tripod; ``SCENE_CAMERA`` is an animated
            camera and ``CLIP_TRACKING`` a solve made elsewhere, both given in ``motion_path``.
        motion_path: a file as :mod:`.motion_file` has it; absolute, or relative to the job's output folder.
        focal_length: millimetres on a 36 mm wide sensor (long side of the image); None takes the default.
        horizon: height of the horizon in the first frame, 0 = lowest row, 1 = highest; None finds it, or takes that
            of a camera whose world is upright.
        wind: degrees per second by which the new sky drifts to the right, about the vertical.
        look: compositing controls for the previews.
        previews: whether ``preview.mp4`` and ``compare.mp4`` are made.
        preview_size: their long side in pixels at most; None is that of the clip.
        corrections: places that the artist has marked as surely sky or surely not.
    """

    quality: Quality = option(
        "normal",
        label="Quality",
        help="Size at which sky and motion are analysed; a draft is small altogether, 640 pixels wide at most",
        group="Matte",
        affects="matte",
        verbs=CLIPS,
        shown="sidebar",
        choices={
            "draft": ("Draft", "A quick look"),
            "normal": ("Normal", "For most shots"),
            "high": ("High", "Finer edges and motion, slower"),
        },
    )
    matte_method: MatteMethodName = option(
        DEFAULT_MATTE_METHOD,
        label="Method",
        help="How the sky is found",
        group="Matte",
        affects="matte",
        verbs=CLIPS,
        shown="sidebar",
        choices={
            "network": (
                "Network (default)",
                "A trained network, helped by the clip's own colours where it is in doubt",
            ),
            "adaptive": (
                "Adaptive (no network)",
                "Learns from this clip alone, for where the network is wrong or cannot run",
            ),
        },
    )
    matting_weights: str | None = option(
        None,
        label="Matting Weights",
        help="Weights of the matting network: ONNX, safetensors, or the checkpoint of SkyAR's paper; or an artifact "
        "of Weights & Biases, wandb://ENTITY/PROJECT/ARTIFACT:VERSION; those that come with SkyAR, if not given",
        group="Matte",
        affects="matte",
        verbs=CLIPS,
        shown="preferences",
        is_file=True,
    )
    motion: Motion = option(
        "SOLVE",
        label="Motion",
        help="Where the motion of the camera comes from",
        group="Camera",
        affects="track",
        verbs=("replace", "try", "draft", "track"),
        shown="sidebar",
        choices={
            "SOLVE": ("Follow the Picture", "Find the motion of the camera in the clip"),
            "SCENE_CAMERA": ("Scene Camera", "An animated camera in Blender that moves as the real one did"),
            "CLIP_TRACKING": ("Clip Tracking", "A camera that was solved in the Movie Clip Editor"),
            "STATIC": ("Locked Off", "The camera stood still on a tripod"),
        },
    )
    motion_path: str | None = option(
        None,
        name="motion_file",
        label="Motion File",
        help="The motion of a given camera, as JSON (see docs/command_line.md); Motion is SCENE_CAMERA then",
        group="Camera",
        affects="track",
        verbs=("replace", "try", "draft", "track"),
        shown="nowhere",
        is_file=True,
    )
    focal_length: float | None = option(
        None,
        label="Focal Length",
        help="Of the camera, in millimetres for a sensor 36 mm wide. Not used where the motion comes from a camera "
        "that has its own",
        group="Camera",
        affects="track",
        verbs=("replace", "try", "draft", "track"),
        low=4,
        high=2000,
        soft=(10, 200),
        unit="mm",
        automatic=Automatic(
            name="find_focal_length",
            label="Find Focal Length",
            help="Find the focal length of the camera; where the clip does not tell it, a usual one is taken",
            start=24.0,
        ),
        needs=("motion", ("SOLVE", "STATIC")),
    )
    horizon: float | None = option(
        None,
        label="Horizon",
        help="Height of the horizon in the first frame: 0 is the lower edge of the picture, 1 the upper",
        group="Camera",
        affects="sky",
        verbs=SKIES,
        shown="sidebar",
        remembered=False,
        low=-3,
        high=4,
        soft=(0, 1),
        unit="heights of the picture",
        automatic=Automatic(
            name="find_horizon",
            label="Find Horizon",
            help="Find the height of the horizon in the first frame",
            start=0.5,
        ),
    )
    wind: float = option(
        0.0,
        label="Wind",
        help="How fast the new sky drifts to the right; 0 leaves it still",
        group="Camera",
        affects="sky",
        verbs=SKIES,
        low=-90,
        high=90,
        soft=(-3, 3),
        unit="degrees per second",
    )
    look: Look = field(default_factory=Look)
    previews: bool = option(
        True,
        label="Previews",
        help="Also make a movie of the result, which plays at full speed, and one of before and after",
        group="Previews",
        affects="previews",
        verbs=("replace", "change-sky"),
        verb_defaults={"change-sky": False},
        remembered=False,
    )
    preview_size: int | None = option(
        None,
        label="Preview Size",
        help="Long side of the movies in pixels, at most; that of the clip (640 in a draft), if not given",
        group="Previews",
        affects="previews",
        verbs=("replace", "change-sky", "try"),
        shown="nowhere",
        low=16,
        high=65536,
        unit="pixels",
        verb_defaults={"try": 960},
    )
    corrections: list[Correction] = field(default_factory=list)

    def __post_init__(self) -> None:
        check_options(self, "settings")
        if (self.motion in GIVEN_MOTIONS) != bool(self.motion_path):
            wanted = "needs a file in" if self.motion in GIVEN_MOTIONS else "takes no file from"
            raise ValueError(f"motion {self.motion} {wanted} `settings.motion_path`")
        if self.motion_path is not None:
            check_inside(self.motion_path, "`settings.motion_path`")
        if self.focal_length is not None and self.motion_path:
            raise ValueError("`settings.focal_length` is given, but the camera's motion has its own focal length")
        if self.matting_weights is not None and self.matte_method != "network":
            raise ValueError(
                f"`settings.matting_weights` is given, but the method “{self.matte_method}” has no network"
            )
        if self.matting_weights is not None and is_weights_name(self.matting_weights):
            weights_name(self.matting_weights)
