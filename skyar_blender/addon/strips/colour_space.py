# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colour space makes of codes, read off Blender itself: a curve and a matrix, as log footage has them.

Python is not told how Blender's colour management works. So an image of known codes is loaded in that space, and
its pixels, which are scene-linear then, are looked at.
"""

from __future__ import annotations

import random
import struct
import tempfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import bpy

from ...contract.colour_transform import ColourTransform

#: Spaces that the engine knows by their names.
_KNOWN = ("sRGB", "Rec.1886", "Rec.2100-HLG", "Rec.2100-PQ", "Non-Color")
_CODES = 256
_TESTS = 64
#: How far the fit may miss, as a share of the light and at least.
_MISS = 0.02
_LEAST = 2e-3
_Colour = tuple[float, float, float]


def transform_of(name: str) -> ColourTransform | None:
    """How codes 0..1 of the colour space ``name`` become linear light of Rec. 709.

    None where the engine knows the space, where it is no curve and matrix, or where the file's own scene-linear space
    is another.
    """
    space = getattr(getattr(bpy.data, "colorspace", None), "working_space", "Linear Rec.709")
    return None if name in _KNOWN or space != "Linear Rec.709" else _measured(name)


@cache
def _measured(name: str) -> ColourTransform | None:
    rng = random.Random(1)
    ends: list[_Colour] = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
    tests: list[_Colour] = [(rng.random(), rng.random(), rng.random()) for _ in range(_TESTS)]
    greys: list[_Colour] = [(code / (_CODES - 1),) * 3 for code in range(_CODES)]
    seen = _linear_of(greys + ends + tests, name)
    if seen is None:
        return None
    curve = [light[1] for light in seen[:_CODES]]
    if any(not _alike(light, (light[1],) * 3) for light in seen[:_CODES]) or curve[-1] <= curve[0]:
        return None
    columns = [[(value - curve[0]) / (curve[-1] - curve[0]) for value in light] for light in seen[_CODES:][:3]]
    found = ColourTransform(
        curve=[round(value, 7) for value in curve],
        matrix=[round(columns[column][row], 6) for row in range(3) for column in range(3)],
    )
    fits = all(_alike(found.linear(code), light) for code, light in zip(tests, seen[_CODES + 3 :], strict=True))
    return found if fits else None


def _alike(one: _Colour, other: _Colour) -> bool:
    most = max(map(abs, (*one, *other)))
    return all(abs(a - b) <= max(_MISS * most, _LEAST) for a, b in zip(one, other, strict=True))


def _linear_of(colours: list[_Colour], name: str) -> list[_Colour] | None:
    """What Blender makes of codes 0..1 in the colour space ``name``; None where it knows no such space."""
    with tempfile.TemporaryDirectory(prefix="codes-", dir=bpy.app.tempdir) as folder:
        path = Path(folder) / "codes.png"
        path.write_bytes(_png(colours))
        image: Any = bpy.data.images.load(str(path), check_existing=False)
        try:
            image.colorspace_settings.name = name
            image.reload()
            pixels = image.pixels[:]
        except TypeError:
            return None
        finally:
            bpy.data.images.remove(image)
    return [(pixels[4 * place], pixels[4 * place + 1], pixels[4 * place + 2]) for place in range(len(colours))]


def _png(colours: list[_Colour]) -> bytes:
    """One row of pixels in 16 bits (W3C PNG)."""
    values = [round(value * 65535) for colour in colours for value in colour]
    row = b"\0" + struct.pack(f">{len(values)}H", *values)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", len(colours), 1, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
