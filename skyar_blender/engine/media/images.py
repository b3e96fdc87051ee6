# SPDX-License-Identifier: GPL-3.0-or-later
"""Single images: skies and frames in, mattes and previews out.

All reading and writing goes through memory, since OpenCV's own file access knows only the system's code page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ..colour import frame_from_linear, linear_from_display, linear_from_frame
from ..types import FrameRGB, LinearRGB, StoredMatte, StoredRGB
from .alpha import Alpha, over_black
from .exr import MAGIC, decode_exr, decode_exr_as_stored, exr_alpha, single, unreadable
from .other_images import decode_other_image, is_other_image

#: Infinity in half floats, as a whole number.
_INFINITE_HALF = 0x7C00
#: Bytes at the start of a file that tell whether it has an alpha.
_HEADER = 32
_JPEG_QUALITY = 92
#: How mattes are packed: most of one is all black or all white, which runs of equal bytes say best. A third of the
#: time of level 1 with filters, and a tenth less to store.
_FLAT = [
    cv2.IMWRITE_PNG_COMPRESSION, 1,
    cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE,
    cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE,
]  # fmt: skip


def read_image_linear(path: Path, widest: int | None = None) -> LinearRGB:
    """A sky image as scene-linear floats, (height, width, 3), all finite and >= 0.

    Integer images (PNG, JPEG, WebP, TIFF) are taken as sRGB, their alpha is dropped, their EXIF orientation
    applied; float images (OpenEXR, Radiance HDR, float TIFF) are linear already. NaN and values below 0 become
    0, infinity the largest finite value of the image. ``widest``: of OpenEXR alone, see :func:`.exr.decode_exr`.

    Raises:
        SkyarError: ``sky_unreadable``.
    """
    return single(read_image_as_stored(path, widest))


def read_image_as_stored(path: Path, widest: int | None = None) -> StoredRGB:
    """As :func:`read_image_linear`, but see :func:`.exr.decode_exr_as_stored`: half the memory."""
    data = _sky_bytes(path)
    if data[:4] == MAGIC:
        image = decode_exr_as_stored(data, path, widest)
        return image if image.dtype == np.float16 and _is_clean_half(image) else _finite(single(image))
    pixels = _decode(data)
    if pixels is None:
        raise unreadable(
            path,
            "It is damaged, or no picture of a known kind, or in colours for print of more than 8 bits.",
            "Use an OpenEXR, Radiance HDR, PNG, JPEG, WebP or TIFF picture in RGB.",
        )
    if pixels.dtype.kind == "f":
        return _finite(pixels.astype(np.float32))
    if pixels.dtype == np.uint8:
        return linear_from_frame(pixels)
    return linear_of_16_bits(pixels)


def linear_of_16_bits(pixels: NDArray[np.uint16]) -> LinearRGB:
    """Scene-linear floats (0..1) of a 16-bit sRGB image.

    ``pixels``: any shape, uint16; the result has it too, float32.
    """
    return np.asarray(_table_of_16_bits()[pixels])


def is_float_image(path: Path) -> bool:
    """Whether the file is one of the formats that carry scene-linear floats beyond 1 (OpenEXR, Radiance HDR).

    Raises:
        SkyarError: ``sky_unreadable``.
    """
    start = _sky_bytes(path, 4)
    return start == MAGIC or start[:2] == b"#?"


@dataclass(frozen=True)
class Pixels:
    """An image as its file has it.

    Attributes:
        colours: (height, width, 3) R, G, B: uint8, uint16, or float32 without NaN or infinity; those of floats are
            multiplied by alpha, as OpenEXR has it.
        alpha: what of it is there, or None where all is.
    """

    colours: NDArray[Any]
    alpha: Alpha | None = None

    @property
    def displayed(self) -> FrameRGB:
        """Whole numbers in 8 bits, over black, as displayed."""
        colours = in_8_bits(self.colours)
        return colours if self.alpha is None else over_black(np.dstack([colours, self.alpha]))


def read_frame(path: Path) -> FrameRGB:
    """One frame of an image sequence in its usual colour space, (height, width, 3) uint8 RGB.

    16 bits are rounded to 8, what is see-through lies over black, scene-linear floats are turned to sRGB.

    Raises:
        SkyarError: ``clip_missing`` or ``clip_unreadable``.
    """
    pixels = read_pixels(path)
    return frame_from_linear(np.maximum(pixels.colours, 0)) if pixels.colours.dtype.kind == "f" else pixels.displayed


def read_pixels(path: Path) -> Pixels:
    """One frame of an image sequence as it is stored. Grey is spread to three channels, EXIF orientation applied.

    Raises:
        SkyarError: ``clip_missing`` or ``clip_unreadable``.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SkyarError(
            ErrorCode.CLIP_MISSING,
            f"A picture of the sequence is missing: {path}.",
            "There is no such file.",
            "Check the folder of the strip, or trim the strip to the pictures that there are.",
        ) from error
    except OSError as error:
        raise _frame_unreadable(path, f"{error.strerror or error}.") from error
    if data[:4] == MAGIC:
        try:
            return Pixels(_known(decode_exr(data, path)))
        except SkyarError as error:
            raise _frame_unreadable(path, error.why) from error
    see_through = _with_alpha(data)
    if see_through is not None:
        return Pixels(np.ascontiguousarray(see_through[..., :3]), np.ascontiguousarray(see_through[..., 3]))
    pixels = _decode(data)
    if pixels is None:
        other = decode_other_image(data, path.suffix)
        if other is None:
            raise _frame_unreadable(path, "It is damaged, or no picture of a known kind.")
        alpha = in_8_bits(other[..., 3]) if other.shape[2] == 4 else None
        return Pixels(np.ascontiguousarray(other[..., :3]), alpha)
    return Pixels(_known(pixels.astype(np.float32)) if pixels.dtype.kind == "f" else pixels)


def may_have_alpha(path: Path) -> bool:
    """Whether an image is of a kind that may be see-through; False of one that cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER)
            return _says_alpha(start) or is_other_image(start, path.suffix)
    except OSError:
        return False


def read_alpha(path: Path, size: tuple[int, int]) -> Alpha:
    """What of an image of ``size`` (height, width) is there; all of one that has no alpha.

    Raises:
        SkyarError: ``clip_unreadable``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _frame_unreadable(path, f"{error.strerror or error}.") from error
    if data[:4] == MAGIC:
        try:
            alpha = exr_alpha(data, path)
        except SkyarError as error:
            raise _frame_unreadable(path, error.why) from error
        found = None if alpha is None else np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
    else:
        pixels = _with_alpha(data)
        # What OpenCV reads has told all; it is asked only of files that may be of another kind.
        if pixels is None and is_other_image(data[:4], path.suffix) and _decode(data) is None:
            pixels = decode_other_image(data, path.suffix)
            pixels = None if pixels is None or pixels.shape[2] < 4 else in_8_bits(pixels)
        found = None if pixels is None else np.ascontiguousarray(pixels[..., 3])
    if found is None:
        return np.full(size, 255, np.uint8)
    if found.shape != size:
        raise _frame_unreadable(
            path, f"It is {found.shape[1]} x {found.shape[0]} pixels; the first is {size[1]} x {size[0]}."
        )
    return found


def encode_matte_png(matte: StoredMatte) -> bytes:
    """A (height, width) uint16 matte as a 16-bit grey PNG, always the same bytes."""
    return _encode(".png", matte, _FLAT)


def write_matte_png(path: Path, matte: StoredMatte) -> None:
    """Write :func:`encode_matte_png`. Raises OSError when it cannot be written."""
    path.write_bytes(encode_matte_png(matte))


def read_matte_png(path: Path) -> StoredMatte:
    """A matte written by :func:`write_matte_png`, (height, width) uint16.

    Raises:
        SkyarError: ``clip_unreadable``: missing, damaged, or not 16-bit grey.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _matte_unreadable(path, f"{error.strerror or error}.") from error
    pixels = _imdecode(data, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 2 or pixels.dtype != np.uint16:
        raise _matte_unreadable(path, "It is damaged, or no 16-bit grey PNG.")
    return pixels


def encode_png(frame: FrameRGB) -> bytes:
    """A (height, width, 3) uint8 RGB image as PNG."""
    return _encode(".png", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [])


def encode_jpg(frame: FrameRGB, quality: int = _JPEG_QUALITY) -> bytes:
    """A (height, width, 3) uint8 RGB image as JPEG."""
    return _encode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])


def write_png(path: Path, frame: FrameRGB) -> None:
    """Write :func:`encode_png`. Raises OSError when it cannot be written."""
    path.write_bytes(encode_png(frame))


def write_jpg(path: Path, frame: FrameRGB, quality: int = _JPEG_QUALITY) -> None:
    """Write :func:`encode_jpg`. Raises OSError when it cannot be written."""
    path.write_bytes(encode_jpg(frame, quality))


def _sky_bytes(path: Path, count: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except FileNotFoundError as error:
        raise unreadable(path, "There is no such file.", "Check the path.") from error
    except OSError as error:
        raise unreadable(path, f"{error.strerror or error}.", "Check the path, and that you may read it.") from error


def _imdecode(data: bytes, flags: int) -> NDArray[Any] | None:
    if not data:
        return None
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None


def _decode(data: bytes) -> NDArray[Any] | None:
    """Upright RGB pixels in the file's depth (uint8, uint16 or float), or None when it is no image."""
    pixels = _imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16, np.float32, np.float64):
        return None
    return np.ascontiguousarray(pixels[..., ::-1])


def _says_alpha(start: bytes) -> bool:
    """Whether the first bytes of a file are those of an image that may be see-through."""
    if start[:8] == b"\x89PNG\r\n\x1a\n":
        return start[25:26] in (b"\x04", b"\x06")  # grey or colours, with alpha
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return start[12:16] == b"VP8L" or (start[12:16] == b"VP8X" and bool(start[20] & 0x10))
    return start[:4] in (MAGIC, b"II*\0", b"MM\0*")


def _with_alpha(data: bytes) -> NDArray[np.uint8] | None:
    """Straight RGBA in 8 bits, or None of an image without alpha."""
    if not _says_alpha(data[:_HEADER]):
        return None
    pixels = _imdecode(data, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype not in (np.uint8, np.uint16):
        return None
    return in_8_bits(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA))


def in_8_bits(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Whole numbers of 16 bits rounded to 8, uint16 or uint8 of any shape."""
    if pixels.dtype == np.uint8:
        return pixels
    # 65535 = 255 * 257
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def in_16_bits(codes: NDArray[Any]) -> NDArray[np.uint16]:
    """Whole numbers of 8 bits spread to 16, those of 16 as they are; floats are rounded, where 1 is the largest.

    ``codes`` may have any shape.
    """
    if codes.dtype.kind == "f":
        return np.asarray(np.rint(np.clip(codes, 0, 1) * 65535), np.uint16)
    return np.asarray(codes.astype(np.uint16) * np.uint16(257) if codes.dtype == np.uint8 else codes, np.uint16)


def _encode(extension: str, pixels: NDArray[Any], options: list[int]) -> bytes:
    good, data = cv2.imencode(extension, pixels, options)
    if not good:
        raise ValueError(f"OpenCV cannot encode {pixels.shape} {pixels.dtype} as {extension}")
    return data.tobytes()


@cache
def _table_of_16_bits() -> NDArray[np.float32]:
    return linear_from_display(np.arange(65536) / 65535.0)


def is_clean(linear: LinearRGB) -> bool:
    """Whether all of an image is finite and >= 0; a third of the time that it takes to ask each value or mend it."""
    return bool(linear.size and linear.min() >= 0 and linear.max() < np.inf)  # with NaN in it, both are NaN


def _is_clean_half(image: NDArray[Any]) -> bool:
    """As :func:`is_clean`, of half floats: as whole numbers they grow as they do, and infinity comes after all."""
    bits = image.view(np.int16)
    return bool(bits.size and bits.min() >= 0 and bits.max() < _INFINITE_HALF)


def _known(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without NaN and infinity; what is below 0 stays, as spaces other than Rec. 709 have it."""
    good = np.isfinite(colours)
    if good.all():
        return colours
    most = float(colours[good].max(initial=0.0))
    return np.nan_to_num(colours, nan=0.0, posinf=most, neginf=0.0)


def _finite(linear: LinearRGB) -> LinearRGB:
    if is_clean(linear):
        return linear
    good = np.isfinite(linear)
    if not good.all():
        most = float(linear[good].max(initial=0.0))
        linear = np.nan_to_num(linear, nan=0.0, posinf=most, neginf=0.0)
    return np.maximum(linear, 0.0, dtype=np.float32)


def _frame_unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE,
        f"A picture of the sequence cannot be read: {path}.",
        why,
        "Render or export this picture again, or trim the strip so that it is not used.",
    )


def _matte_unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE,
        f"A matte cannot be read: {path}.",
        why,
        "Remove the file and run the job again: only what is missing is made anew.",
    )
