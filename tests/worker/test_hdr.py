# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies in high dynamic range: their light as Blender's colour spaces have it, nothing clipped where it counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.contract import events
from skyar_blender.contract.colour_transform import ColourTransform
from skyar_blender.contract.job import Clip
from skyar_blender.engine.colour import linear_from_frame
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.hdr import linear_of_codes


def grey(fraction: float) -> np.ndarray:
    return np.full((1, 1, 3), round(fraction * 65535), np.uint16)


@pytest.mark.parametrize(
    ("transfer", "code", "light"),
    # ITU-R BT.2408: reference white, 203 candela per square metre, is 75 % of HLG and 58 % of PQ.
    [
        ("hlg", 0.75, 2.03),
        ("pq", 0.58, 2.03),
        ("hlg", 1.0, 10.0),
        ("pq", 1.0, 100.0),
        ("hlg", 0.0, 0.0),
        ("pq", 0, 0),
    ],
)
def test_known_levels(transfer, code, light) -> None:
    assert np.allclose(linear_of_codes(grey(code), transfer), light, rtol=0.01, atol=1e-6)


def test_primaries_become_those_of_rec_709() -> None:
    red = np.zeros((1, 1, 3), np.uint16)
    red[..., 0] = 65535
    found = linear_of_codes(red, "pq")[0, 0]
    assert found[0] == pytest.approx(166.05, rel=1e-3) and found[1] == found[2] == 0  # beyond Rec. 709


@pytest.mark.parametrize(("transfer", "name"), [(18, "Rec.2100-HLG"), (16, "Rec.2100-PQ")])
def test_a_movie_is_taken_as_the_strip_shows_it(make_movie, transfer, name) -> None:
    path = str(make_movie(images=1, transfer=transfer))
    own, same, plain = (open_clip(Clip(path=path, colour_space=space)) for space in (None, name, "sRGB"))
    (_, frame), (_, as_named), (_, codes) = (next(reader.frames([0])) for reader in (own, same, plain))
    assert np.array_equal(frame, as_named)
    assert np.abs(codes.astype(int) - landscape(0)).mean() < 8
    (_, linear) = next(own.linear_frames([0]))
    assert linear.dtype == np.float32 and linear.max() > 1.2
    assert np.abs(linear_from_frame(frame) - np.minimum(linear, 1)).max() < 0.01
    assert next(plain.linear_frames([0]))[1].dtype == np.uint8
    assert plain.tagged_transfer is not None and plain.transfer is None


def test_log_footage_is_taken_as_its_curve_and_matrix_say(make_movie, job_for, run) -> None:
    path = str(make_movie(images=1))
    curve = [2.0 ** (10 * code / 63 - 7) for code in range(64)]
    swap = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    clip = Clip(path=path, colour_space="Some Log", colour=ColourTransform(curve=curve, matrix=swap))
    (_, codes) = next(open_clip(Clip(path=path)).linear_frames([0]))  # not a code too dark
    (_, linear) = next(open_clip(clip).linear_frames([0]))
    expected = 2.0 ** (codes[..., [1, 0, 2]] / 25.5 - 7)
    assert np.allclose(linear, expected, rtol=0.06)  # two codes of 255
    assert linear.max() > 2  # nothing is clipped
    (_, frame) = next(open_clip(clip).frames([0]))
    assert np.abs(linear_from_frame(frame) - np.minimum(linear, 1)).max() < 0.01
    job = replace(job_for(clip), until="matte", sky=None)
    assert "colour_space" not in [event.code for event in run(job) if isinstance(event, events.Warning)]


def test_a_version_that_cannot_is_told(make_movie, job_for, run) -> None:
    path = str(make_movie(images=1, transfer=18))
    reported = []
    for space in ("sRGB", None, "Filmic Log"):
        job = job_for(Clip(path=path, colour_space=space))
        job = replace(job, until="matte", sky=None, output=f"{job.output}-{space}")
        reported.append([event.code for event in run(job) if isinstance(event, events.Warning)])
    assert "hdr_as_sdr" in reported[0]
    assert not {"hdr_as_sdr", "colour_space"} & set(reported[1])
    assert {"hdr_as_sdr", "colour_space"} <= set(reported[2])
