# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colour space makes of codes, read off Blender itself: a curve and a matrix, as log footage has them, or else
samples of all colours.

Python is not told how Blender's colour management works. So an image of known codes is loaded in that space, and
its pixels, which are scene-linear then, are looked at.
"""

from __future__ import annotations

import itertools
import random
import struct
import tempfile
import zlib
from functools import cache
from pathlib import Path

import bpy
from mathutils import Matrix, Vector

from ...contract.colour_transform import CUBE_SIDE, ColourTransform, packed_cube
from ..opened_image import opened_image

#: Spaces that the engine knows by their names.
_KNOWN = ("sRGB", "Rec.2100-HLG", "Rec.2100-PQ", "Non-Color")
#: The scene-linear space that the engine works in, and that of files unless a person has chosen another.
_USUAL = "Linear Rec.709"
_CODES = 256
_TESTS = 64
#: How far the fit may miss, as a weight of the light and at least.
_MISS = 0.02
_LEAST = 2e-3
#: The same of samples, of so many of the colours at least: those of images are seldom as strong as the worst.
_CUBE_MISS = 0.1
_CUBE_LEAST = 0.01
_MOSTLY = 0.9
_Colour = tuple[float, float, float]


def transform_of(name: str) -> ColourTransform | None:
    """How codes 0..1 of the colour space ``name`` become linear light of Rec. 709.

    None where the engine knows the space, or neither a curve and a matrix nor samples tell it well enough.
    """
    if name in _KNOWN:
        return None
    return _measured(name, getattr(getattr(bpy.data, "colorspace", None), "working_space", _USUAL))


@cache
def _measured(name: str, working_space: str) -> ColourTransform | None:
    rng = random.Random(1)
    ends: list[_Colour] = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
    tests: list[_Colour] = [(rng.random(), rng.random(), rng.random()) for _ in range(_TESTS)]
    greys: list[_Colour] = [(code / (_CODES - 1),) * 3 for code in range(_CODES)]
    seen = _light_of(greys + ends + tests, name, working_space)
    if seen is None:
        return None
    curve = [light[1] for light in seen[:_CODES]]
    neutral = all(_alike(light, (light[1],) * 3) for light in seen[:_CODES])
    if neutral and curve[-1] > curve[0]:
        columns = [[(value - curve[0]) / (curve[-1] - curve[0]) for value in light] for light in seen[_CODES:][:3]]
        found = ColourTransform(
            curve=[round(value, 7) for value in curve],
            matrix=[round(columns[column][row], 6) for row in range(3) for column in range(3)],
        )
        if all(_alike(found.linear(code), light) for code, light in zip(tests, seen[_CODES + 3 :], strict=True)):
            return found
    return _sampled(name, working_space, tests, seen[_CODES + 3 :])


def _sampled(name: str, working_space: str, tests: list[_Colour], light: list[_Colour]) -> ColourTransform | None:
    """By samples of all colours; None where what lies between them is something else."""
    steps = [step / (CUBE_SIDE - 1) for step in range(CUBE_SIDE)]
    colours = [(red, green, blue) for red, green, blue in itertools.product(steps, repeat=3)]
    seen = _light_of(colours, name, working_space)
    if seen is None:
        return None
    good = sum(
        _alike(_between(seen, code), each, _CUBE_MISS, _CUBE_LEAST) for code, each in zip(tests, light, strict=True)
    )
    if good < _MOSTLY * len(tests):
        return None
    plain = ([0.0, 1.0], [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    return ColourTransform(curve=plain[0], matrix=plain[1], cube=packed_cube(seen))


def _between(samples: list[_Colour], code: _Colour) -> _Colour:
    """The light of one colour with codes 0..1, interpolated."""
    places = [value * (CUBE_SIDE - 1) for value in code]
    below = [min(int(place), CUBE_SIDE - 2) for place in places]
    total = [0.0, 0.0, 0.0]
    for corner in itertools.product((0, 1), repeat=3):
        weight, index = 1.0, 0
        for place, start, step in zip(places, below, corner, strict=True):
            weight *= place - start if step else 1 - (place - start)
            index = index * CUBE_SIDE + start + step
        total = [value + weight * more for value, more in zip(total, samples[index], strict=True)]
    return total[0], total[1], total[2]


def _light_of(colours: list[_Colour], name: str, working_space: str) -> list[_Colour] | None:
    """Linear Rec. 709 of codes in the colour space ``name``, in a file whose scene-linear space is this one."""
    seen = _linear_of(colours, name)
    if seen is None or working_space == _USUAL:
        return seen
    ends = _linear_of([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)], _USUAL)
    if ends is None:
        return None
    back = Matrix(ends).transposed().inverted_safe()
    turned = [back @ Vector(light) for light in seen]
    return [(light.x, light.y, light.z) for light in turned]


def _alike(one: _Colour, other: _Colour, miss: float = _MISS, least: float = _LEAST) -> bool:
    most = max(map(abs, (*one, *other)))
    return all(abs(a - b) <= max(miss * most, least) for a, b in zip(one, other, strict=True))


def _linear_of(colours: list[_Colour], name: str) -> list[_Colour] | None:
    """What Blender makes of codes 0..1 in the colour space ``name``; None where it knows no such space."""
    with tempfile.TemporaryDirectory(prefix="codes-", dir=bpy.app.tempdir) as folder:
        path = Path(folder) / "codes.png"
        path.write_bytes(_png(colours))
        with opened_image(path) as image:
            try:
                image.colorspace_settings.name = name
            except TypeError:
                return None
            image.reload()
            pixels = image.pixels[:]
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
