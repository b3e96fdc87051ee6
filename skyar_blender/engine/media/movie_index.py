# SPDX-License-Identifier: GPL-3.0-or-later
"""What a movie holds, listed without a look at the images: the stream, its images, when, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ...contract.errors import ErrorCode, SkyarError
from .clip_warning import ClipWarning
from .timing import Screen

#: Containers that lose images on their way without a trace but the time that passes.
_LOSSY = ("mpegts",)
#: A movie whose images mostly come one a frame has a steady rate; then a longer wait is an image that is missing.
_STEADY = 0.8


@dataclass
class MovieIndex:
    """The list of a movie's images.

    Attributes:
        stamps: their time stamps, in the order in which they are shown.
        rate: the movie's own frames per second, as Blender takes it.
        screen: which of them is shown when.
        damaged: source frames that are known to be damaged or missing before any image is looked at.
        warnings: what a person should know.
    """

    stamps: list[int]
    rate: Fraction
    screen: Screen
    damaged: set[int] = field(default_factory=set)
    warnings: list[ClipWarning] = field(default_factory=list)


def open_movie(path: str) -> InputContainer:
    """The movie at ``path``. Raises SkyarError ``clip_unreadable``."""
    try:
        return av.open(path)
    except (av.FFmpegError, OSError) as error:
        raise unreadable(path, f"{type(error).__name__}: {error}.") from error


def film_of(container: InputContainer, path: str, number: int | None) -> VideoStream:
    """The video stream ``number`` (from 0) of a movie; None is the first that is not a cover image.

    Raises:
        SkyarError: ``clip_unreadable``; ``unsupported`` where the stream is a cover image.
    """
    videos = container.streams.video
    films = [stream for stream in videos if not _is_cover(stream)]
    if not films or (number is not None and number >= len(videos)):
        raise unreadable(path, "It has no video track.")
    if number is None:
        return films[0]
    if _is_cover(videos[number]):
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"Blender takes the cover picture of {path} for its film.",
            "A cover is the first video stream of the file, and Blender takes the first.",
            "Write the film to a new file without the cover (ffmpeg -i OLD -map 0:V -map 0:a? -c copy NEW) and add "
            "that to the sequencer.",
        )
    return videos[number]


def index_of(path: str, number: int | None) -> MovieIndex:
    """List the images of the movie at ``path``.

    Raises:
        SkyarError: ``clip_unreadable``, ``clip_empty``, ``unsupported``.
    """
    with open_movie(path) as container:
        stream = film_of(container, path, number)
        base = stream.time_base or Fraction(1, 1000)
        rate = Fraction(stream.guessed_rate or stream.average_rate or 25)
        step = 1 / (rate * base)
        listed: list[int | None] = []
        decoding: list[int] = []
        corrupt: set[int] = set()
        whole: set[int] = set()
        discarded = 0
        cut = False
        try:
            for packet in container.demux(stream):
                # An image that was dropped while filming is an empty packet; so is the end, which has no time.
                discarded += packet.is_discard or (not packet.size and packet.dts is not None)
                if packet.size and not packet.is_discard:
                    listed.append(packet.pts)
                    if packet.dts is not None:
                        decoding.append(packet.dts)
                    if packet.is_corrupt and packet.pts is not None:
                        corrupt.add(packet.pts)
                    elif packet.is_keyframe and packet.pts is not None:
                        whole.add(packet.pts)
        except av.FFmpegError:
            cut = True
        if not listed:
            raise SkyarError(
                ErrorCode.CLIP_EMPTY,
                f"{path} has no frames.",
                "Its video track is empty, or the recording was cut off.",
                "Record or export the clip again.",
            )
        # AVI and bare streams say in which order images are stored, not in which they are shown.
        untold = (None in listed or container.format.name == "avi") and stream.codec_context.has_b_frames
        if untold or decoding != sorted(decoding):
            stamps = _decoded_stamps(path, number)
        else:
            stamps = sorted({stamp for stamp in listed if stamp is not None}) if None not in listed else []
        if not stamps:  # nothing tells: one image a frame
            stamps = [(stream.start_time or 0) + round(place * step) for place in range(len(listed))]
        index = MovieIndex(stamps, rate, Screen(stamps, stream.start_time or 0, step))
        promised = stream.frames
        if cut or len(listed) + discarded < promised * 0.98 - 1:
            there = f": {len(listed)} of {promised} frames are there" if promised > len(listed) else ""
            index.warnings.append(
                ClipWarning(
                    "clip_damaged", f"{path} ends early{there}.", "", "Copy the clip again if it should be longer."
                )
            )
        films = sum(not _is_cover(each) for each in container.streams.video)
        if number is None and films > 1:
            index.warnings.append(
                ClipWarning(
                    "several_streams",
                    f"{path} has {films} video streams; the first one, {stream.width} x {stream.height}, is used.",
                    "Nothing says which of them is the film.",
                    "If it is another that you want, write it to a file of its own (ffmpeg -i OLD -map 0:v:1 -c copy "
                    "NEW for the second).",
                )
            )
        lossy = container.format.name in _LOSSY
    _note_damage(index, _smeared(index.stamps, corrupt, whole), lossy)
    return index


def unreadable(path: str, why: str) -> SkyarError:
    """The error of a movie that cannot be read."""
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE,
        f"{path} cannot be read as a movie.",
        why,
        "Check that it plays elsewhere; if it was cut off while copying, copy it again.",
    )


def _decoded_stamps(path: str, number: int | None) -> list[int]:
    """Time stamps in the order in which the decoder gives the images; empty where it does not know them all."""
    stamps: list[int | None] = []
    with open_movie(path) as container:
        stream = film_of(container, path, number)
        stream.thread_type = "AUTO"
        for packet in container.demux(stream):
            try:
                frames = [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
            except av.FFmpegError:
                continue
            stamps += [frame.dts if frame.pts is None else frame.pts for frame in frames]
    known = [stamp for stamp in stamps if stamp is not None]
    return known if len(known) == len(stamps) else []


def _smeared(stamps: list[int], corrupt: set[int], whole: set[int]) -> set[int]:
    """Stamps of the images that are ``corrupt``, and of those that build on them, up to a key image that is
    ``whole``."""
    found: set[int] = set()
    smeared = False
    for stamp in stamps:
        smeared = stamp in corrupt or (smeared and stamp not in whole)
        if smeared:
            found.add(stamp)
    return found


def _note_damage(index: MovieIndex, corrupt: set[int], lossy: bool) -> None:
    """Source frames that show a damaged image, or one that is held because the next is missing."""
    screen = index.screen
    if not corrupt and not lossy:
        return
    held = [screen.held(number) for number in range(screen.count)]
    steady = sum(each < 1 for each in held) >= _STEADY * len(held)
    for number in range(screen.count):
        if index.stamps[screen.image(number)] in corrupt or (lossy and steady and held[number] >= 1):
            index.damaged.add(number)


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)
