# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenEXR images: half-float RGB out, any ordinary RGB, RGBA or grey image in."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ..types import LinearRGB, StoredRGB

#: Largest value written: the largest that half float has with one bit less.
HALF_MAX = 65472.0
#: Lossy level of DWAA and DWAB; 45 is the format's own default and keeps errors of skies below what the eye sees.
DWA_LEVEL = 45.0
#: First bytes of every OpenEXR file.
MAGIC = b"\x76\x2f\x31\x01"
# A damaged header may claim any size; nobody has a sky of more than 32k x 32k.
_MOST_PIXELS = 1 << 30


#: Threads that one image is read and packed with. Several images are packed side by side: where there are few
#: processors, more threads are only in one another's way.
_READING = os.cpu_count() or 1
_PACKING = _READING // 4
#: Rows that are rounded at a time: what stays in the processor's cache is done in half the time.
_BAND = 32
#: Half floats as whole numbers: the largest written, infinity.
_LARGEST = np.int16(0x7BFE)
_INFINITY = np.int16(0x7C00)
#: Bits of single floats: half of the last that is kept, and all that are.
_HALF_OF_KEPT = np.uint32(1 << 13)
_KEPT = np.uint32(0xFFFFFFFF << 14 & 0xFFFFFFFF)
OpenEXR.set_global_thread_count(_READING)


@contextlib.contextmanager
def parallel_encoding(images: int) -> Iterator[int]:
    """While images are packed side by side, ``images`` at most; gives how many at a time are best.

    Where these keep all processors busy, each is packed by the thread that asks for it: handing its parts to others
    takes a twentieth more time. Nothing else may read or pack meanwhile. Not to be used by two threads at once.
    """
    enough = images >= _READING
    if enough:
        OpenEXR.set_global_thread_count(0)
    try:
        yield _READING if enough else images
    finally:
        OpenEXR.set_global_thread_count(_READING)


def encode_exr(linear: LinearRGB) -> bytes:
    """OpenEXR file of a (height, width, 3) scene-linear image: half float R, G, B, PIZ, always the same bytes.

    Values are clipped to 0 .. 65472; NaN becomes 0. Of half's ten bits behind the point nine are kept (steps of at
    most 0.2 %, a third of what 8 bits in display values step by): so PIZ takes half the room and time.
    """
    return encode_halves(in_halves(linear))


def encode_halves(half: NDArray[np.float16]) -> bytes:
    """:func:`encode_exr` of what :func:`in_halves` gave, (height, width, 3)."""
    return _encoded({"RGB": half}, {"compression": OpenEXR.PIZ_COMPRESSION})


def as_stored(linear: LinearRGB) -> LinearRGB:
    """What :func:`read_exr` gives of an image that :func:`encode_exr` wrote."""
    return as_single(in_halves(linear))


def encode_plate(plate: LinearRGB, alpha: NDArray[np.float32]) -> bytes:
    """OpenEXR file of a smooth image with an alpha (height, width): DWAB, a twentieth of the size.

    Colours are clipped as by :func:`encode_exr` and not multiplied by ``alpha``, which has no loss but half float's.
    """
    # The same pixels as DWAA in three quarters of the time.
    header = {"compression": OpenEXR.DWAB_COMPRESSION, "dwaCompressionLevel": DWA_LEVEL}
    return _encoded({"RGBA": np.dstack([in_halves(plate), alpha.astype(np.float16)])}, header)


def in_halves(linear: LinearRGB) -> NDArray[np.float16]:
    """An image of any shape as :func:`encode_exr` rounds and clips it; :func:`as_single` of it is what is read."""
    half = np.empty(linear.shape, np.int16)
    for first in range(0, len(linear), _BAND):
        rows = slice(first, first + _BAND)
        exact = linear[rows].view(np.uint32) + _HALF_OF_KEPT
        exact &= _KEPT
        # Half floats as whole numbers grow as they do, and all below 0 are negative here too.
        bits = as_half(exact.view(np.float32)).view(np.int16)
        if bits.max() > _INFINITY:
            bits[bits > _INFINITY] = 0  # NaN lies beyond infinity
        np.clip(bits, 0, _LARGEST, out=half[rows])
    return half.view(np.float16)


def as_half(values: NDArray[np.float32]) -> NDArray[np.float16]:
    """Nearest half floats of the same shape. OpenCV has the processor's instruction; NumPy takes 8 times as long."""
    half: Any = cv2.add(values, 0.0, dtype=cv2.CV_16F)  # type: ignore[call-overload]
    return np.asarray(half, np.float16).reshape(values.shape)


def as_single(values: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same numbers in the same shape; as quick as :func:`as_half`."""
    single: Any = cv2.add(values, 0.0, dtype=cv2.CV_32F)  # type: ignore[call-overload]
    return np.asarray(single, np.float32).reshape(values.shape)


def single(image: StoredRGB) -> LinearRGB:
    """An image of either precision in single floats; one that has them stays as it is."""
    return as_single(image) if image.dtype == np.float16 else np.asarray(image, np.float32)


def _encoded(channels: dict[str, Any], header: dict[str, Any]) -> bytes:
    # Into memory first: the library takes no path-like and on Windows no name outside the code page.
    stream = io.BytesIO()
    with OpenEXR.File({"type": OpenEXR.scanlineimage, **header}, channels, num_threads=_PACKING) as file:
        file.write(stream)
    return stream.getvalue()


def write_exr(path: Path, linear: LinearRGB) -> None:
    """Write :func:`encode_exr` of ``linear`` to ``path``. Raises OSError when it cannot be written."""
    path.write_bytes(encode_exr(linear))


def encode_sky_visibility(plate: LinearRGB, sky_visibility: NDArray[np.float32]) -> bytes:
    """:func:`encode_plate` of a clean plate, with how far each place sees the sky (height, width) as its alpha.

    The latter in steps of 1/255: it is smooth, and with steps the file takes a fifth.
    """
    return encode_plate(plate, np.rint(sky_visibility * np.float32(255)) / np.float32(255))


def read_plate(path: Path) -> tuple[LinearRGB, NDArray[np.float32]]:
    """Plate and sky visibility, as :func:`encode_sky_visibility` made them. Raises SkyarError ``sky_unreadable``."""
    return decode_plate(_bytes_of(path), path)


def decode_plate(data: bytes, path: Path) -> tuple[LinearRGB, NDArray[np.float32]]:
    """As :func:`read_plate`, of bytes already read; ``path`` is for messages."""
    planes = _planes(data, path)[1]
    if set(planes) != set("RGBA"):
        raise unreadable(path, f"It has the channels {', '.join(planes)}.", "Delete it, and run again.")
    red, green, blue, alpha = (planes[name].astype(np.float16, copy=False) for name in "RGBA")
    return as_single(np.asarray(cv2.merge([red, green, blue]), np.float16)), as_single(alpha)


def read_exr(path: Path) -> LinearRGB:
    """The image in an OpenEXR file as (height, width, 3) float32, as it is in the file (NaN and infinity too).

    Takes half, float or integer channels; R, G, B (alpha is dropped) or a grey Y; of a multi-layer file the first
    layer that has these. What lies outside the data window is 0.

    Raises:
        SkyarError: ``sky_unreadable``: no such file, no OpenEXR file, damaged, cut off, or without colour.
    """
    return decode_exr(_bytes_of(path), path)


def decode_exr(data: bytes, path: Path, widest: int | None = None) -> LinearRGB:
    """As :func:`read_exr`, of bytes already read; ``path`` is for messages.

    An image of half floats that is more than ``widest`` pixels wide is halved as often as it stays as wide as that,
    while it is put together: so most of its memory is never needed.
    """
    return single(_assemble(path, *_planes(data, path), widest))


def decode_exr_as_stored(data: bytes, path: Path, widest: int | None = None) -> StoredRGB:
    """As :func:`decode_exr`, but half floats that are not halved in size stay so: half the memory."""
    return _assemble(path, *_planes(data, path), widest)


def read_channels(path: Path) -> dict[str, NDArray[np.float32]]:
    """All channels of an OpenEXR file by their names, each (height, width); errors as :func:`read_exr`."""
    return {name: plane.astype(np.float32) for name, plane in _planes(_bytes_of(path), path)[1].items()}


def exr_alpha(data: bytes, path: Path) -> NDArray[np.float32] | None:
    """The alpha (height, width) that belongs to what :func:`decode_exr` gives, or None; errors as there."""
    header, planes = _planes(data, path)
    names = [name[:-1] + "A" for name in _colour_channels(list(planes))[:1]]
    if not names or names[0] not in planes:
        return None
    return np.ascontiguousarray(single(_assemble(path, header, {"Y": planes[names[0]]}))[..., 0])


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, f"{error.strerror or error}.", "Check the path, and that you may read it.") from error


def _planes(data: bytes, path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and channels of a file."""
    if data[:4] != MAGIC:
        raise unreadable(path, "It is not an OpenEXR picture.", "Choose another picture.")
    try:
        # On damaged pixels the library prints to stdout, which belongs to the worker's events.
        with contextlib.redirect_stdout(sys.stderr):
            with OpenEXR.File(io.BytesIO(data), header_only=True, num_threads=0) as head:
                _check_size(path, head.header())
            with OpenEXR.File(io.BytesIO(data), separate_channels=True, num_threads=_READING) as file:
                header, channels = dict(file.header()), file.channels()
                planes = {name: channel.pixels for name, channel in channels.items()}
    except SkyarError:
        raise
    except Exception as error:
        raise unreadable(
            path, f"The file is damaged or cut off ({error}).", "Download or export the picture again."
        ) from error
    return header, planes


def unreadable(path: Path, why: str, todo: str) -> SkyarError:
    """The error of a sky image that cannot be read."""
    return SkyarError(ErrorCode.SKY_UNREADABLE, f"The picture cannot be read: {path}.", why, todo)


def _window(box: Any) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a header's window, inclusive."""
    (left, top), (right, bottom) = box
    return int(left), int(top), int(right), int(bottom)


def _check_size(path: Path, header: dict[str, Any]) -> None:
    for name in ("dataWindow", "displayWindow"):
        left, top, right, bottom = _window(header[name])
        if right < left or bottom < top or (right - left + 1) * (bottom - top + 1) > _MOST_PIXELS:
            raise unreadable(
                path,
                f"Its header gives an impossible size ({right - left + 1} x {bottom - top + 1}).",
                "Download or export the picture again.",
            )


def _assemble(
    path: Path, header: dict[str, Any], planes: dict[str, NDArray[Any]], widest: int | None = None
) -> StoredRGB:
    names = _colour_channels(list(planes))
    shapes = {planes[name].shape for name in names}
    kinds = {planes[name].dtype.kind for name in names}
    if not names or len(shapes) != 1 or not kinds <= {"f", "u"}:
        listed = ", ".join(planes) or "none"
        raise unreadable(
            path,
            f"It has no plain R, G, B or Y channels (its channels: {listed}).",
            "Export it as a flat RGB picture, neither deep nor with luminance and chroma apart.",
        )
    together = [planes[name] for name in names] * (3 // len(names))
    window, display = _window(header["dataWindow"]), _window(header["displayWindow"])
    data: StoredRGB
    if all(plane.dtype == np.float16 for plane in together):
        data = _interleaved(together, widest if window == display else None)
    else:
        data = np.stack([plane.astype(np.float32) for plane in together], axis=-1)
    if window == display:
        return data
    image = np.zeros((display[3] - display[1] + 1, display[2] - display[0] + 1, 3), data.dtype)
    left, top = max(window[0], display[0]), max(window[1], display[1])
    right, bottom = min(window[2], display[2]) + 1, min(window[3], display[3]) + 1
    if left < right and top < bottom:
        inside = data[top - window[1] : bottom - window[1], left - window[0] : right - window[0]]
        image[top - display[1] : bottom - display[1], left - display[0] : right - display[0]] = inside
    return image


def _interleaved(planes: list[NDArray[np.float16]], widest: int | None) -> StoredRGB:
    """Three planes as one image, halved as :func:`decode_exr` says, some rows at a time."""
    height, width = planes[0].shape
    times = 1
    while widest is not None and width >= 2 * times * widest and not (width % (2 * times) or height % (2 * times)):
        times *= 2
    image = np.empty((height // times, width // times, 3), np.float16 if times == 1 else np.float32)
    for first in range(0, len(image), _BAND):
        rows = slice(first, min(first + _BAND, len(image)))
        merged: Any = cv2.merge([plane[rows.start * times : rows.stop * times] for plane in planes])
        if times == 1:
            image[rows] = merged
            continue
        band = as_single(merged)
        for _ in range(times.bit_length() - 1):
            half = (band.shape[1] // 2, band.shape[0] // 2)
            band = np.asarray(cv2.resize(band, half, interpolation=cv2.INTER_AREA), np.float32)
        image[rows] = band
    return image


def _colour_channels(names: list[str]) -> list[str]:
    """Names of the R, G, B (or the Y) of the image itself, else of its first layer that has them."""
    layers = ["", *dict.fromkeys(name.rpartition(".")[0] + "." for name in names if "." in name)]
    for layer in layers:
        if all(layer + colour in names for colour in "RGB"):
            return [layer + colour for colour in "RGB"]
    for layer in layers:
        if layer + "Y" in names and layer + "RY" not in names:
            return [layer + "Y"]
    return []
