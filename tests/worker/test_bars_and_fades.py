# SPDX-License-Identifier: GPL-3.0-or-later
"""A letterboxed clip that fades in from black: bars stay, the new sky fades with it, nothing jumps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from support.clips import landscape
from support.jobs import report_of

from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.colour import display_from_linear
from skyar_blender.engine.media.exr import read_exr
from skyar_blender.engine.media.images import read_matte_png
from skyar_blender.engine.media.movie import MovieReader

BAR = 16
SHARES = [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0]


def letterboxed(index: int, fraction: float) -> np.ndarray:
    image = np.zeros((96 + 2 * BAR, 160, 3), np.uint8)
    image[BAR:-BAR] = np.rint(fraction * landscape(index))
    return image


def test_bars_stay_and_the_sky_fades(make_movie, job_for, run):
    clip = make_movie(images=[letterboxed(index, fraction) for index, fraction in enumerate(SHARES)])
    job = job_for(clip)
    run(job)
    folder = OutputFolder(Path(job.output))
    report = report_of(folder.root)
    assert report["figures"]["bars"] == [{"first_frame": 0, "top": BAR, "bottom": BAR, "left": 0, "right": 0}]
    assert np.allclose([frame["fade"] for frame in report["frames"]], SHARES, atol=0.04)
    mattes = [read_matte_png(folder.matte(number)) for number in range(1, 9)]
    assert not any(matte[:BAR].any() or matte[-BAR:].any() for matte in mattes)
    assert not mattes[0].any()
    coverage = [matte.mean() for matte in mattes[1:]]
    assert min(coverage) > 0.8 * max(coverage) > 0  # it is found in the dark frames too
    areas = [read_matte_png(folder.area(number)) for number in range(1, 9)]
    assert not areas[0].any()
    for area in areas[1:]:
        assert (area[BAR:-BAR] == 65535).all() and not area[:BAR].any() and not area[-BAR:].any()
    skies = np.array([display_from_linear(read_exr(folder.sky(number))).mean() for number in range(1, 9)])
    assert np.allclose(skies / skies[-1], SHARES, atol=0.06)
    grain = [frame["grain"][0] for frame in report["frames"]]
    assert grain == sorted(grain)
    before, after = (
        [frame for _, frame in MovieReader(str(path), None).frames(range(8))] for path in (clip, folder.preview)
    )
    assert max(np.abs(b[: BAR - 8].astype(int) - a[: BAR - 8]).max() for b, a in zip(before, after, strict=True)) <= 1
    assert after[0].max() <= 3
    track = Track.from_json(folder.track.read_text())
    assert [frame.source for frame in track.frames if frame.source == "cut"] == []
    turns = np.array([frame.rotation[0][2] for frame in track.frames])
    assert abs(turns[1] - turns[0]) < 1e-9
    steps = np.diff(turns[1:])
    assert (np.sign(steps) == np.sign(steps[-1])).all()
    assert np.abs(steps - steps.mean()).max() < 0.3 * abs(steps.mean())
