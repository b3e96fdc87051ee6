# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of a case: seen, exposed, covered, noisy, compressed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

from ...engine.types import FrameRGB, StoredMatte
from .cases import Case, person_at, second_place
from .view import blurred, see
from .world import Image, noise

#: Views that are mixed for one frame with motion blur.
_BLUR_STEPS = 24
#: Widest and highest share of the image that the person takes.
_PERSON = (0.5, 0.95)


def shoot(case: Case) -> Iterator[tuple[FrameRGB, StoredMatte]]:
    """Frames (height, width, 3) and exact mattes (height, width) of a case, in order."""
    clean = _clean(case)
    if case.crf is None:
        yield from clean
        return
    mattes: list[StoredMatte] = []

    def images() -> Iterator[FrameRGB]:
        for frame, matte in clean:
            mattes.append(matte)
            yield frame

    for index, frame in enumerate(compressed(images(), case.width, case.height, case.crf)):
        yield frame, mattes[index]


def compressed(images: Iterator[FrameRGB], width: int, height: int, crf: int) -> Iterator[FrameRGB]:
    """Images after H.264 at a constant rate factor; width and height must be even."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": str(crf), "preset": "medium"}
        for image in images:
            container.mux(stream.encode(VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    memory.seek(0)
    with av.open(memory, "r") as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _clean(case: Case) -> Iterator[tuple[FrameRGB, StoredMatte]]:
    """Frames before compression."""
    world = case.place()
    random = np.random.default_rng((case.seed, 3))
    clothes = np.clip(160 * noise(np.random.default_rng(case.seed), case.height, case.height, 64), 0, 255)
    for index in range(case.frames):
        if index == case.cut:
            world = second_place(case)
        if index in case.blurred:
            image, matte = blurred(world, case.move, index, case.width, case.height, 1.0, _BLUR_STEPS)
        else:
            image, matte = see(world, case.move, index, case.width, case.height, case.shutter)
        if case.person:
            _walk_through(image, matte, case, index, clothes)
        if index in case.covered:
            image, matte = _hand(case, index), np.zeros_like(matte)
        if case.noise > 0:
            image = image + random.normal(0, case.noise, image.shape).astype(np.float32)
        stored = np.rint(np.clip(matte, 0, 1) * 65535).astype(np.uint16)
        yield np.clip(np.rint(image), 0, 255).astype(np.uint8), stored


def _walk_through(image: Image, matte: Image, case: Case, index: int, clothes: Image) -> None:
    x, y = person_at(case, index)
    wide, high = _PERSON[0] * case.width / 2, _PERSON[1] * case.height
    shape = np.zeros(matte.shape, np.float32)
    head = (round(wide * 0.32), round(wide * 0.42))
    cv2.ellipse(shape, (round(x), round(y)), head, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    cv2.ellipse(
        shape, (round(x), round(y + high * 0.62)), (round(wide), round(high * 0.5)), 0, 0, 360, 1.0, -1, cv2.LINE_AA
    )
    # The clothes move with the body.
    shift = np.array([[1, 0, x - wide - 8], [0, 1, y - head[1] - 8]], np.float32)
    worn = cv2.warpAffine(clothes, shift, (case.width, case.height), borderMode=cv2.BORDER_REFLECT)
    cover = shape[..., None]
    image *= 1 - cover
    image += worn[..., None] * cover
    matte *= 1 - shape


def _hand(case: Case, index: int) -> Image:
    """Skin out of focus, all over the image."""
    soft = noise(np.random.default_rng((case.seed, index)), case.height, case.width, 256, 0.2)
    return np.asarray(np.array([150, 104, 84]) * (0.7 + 0.3 * soft[..., None]), np.float32)
