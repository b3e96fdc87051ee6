# SPDX-License-Identifier: GPL-3.0-or-later
"""What a telephone's movie tells of its lens."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.lens_metadata import focal_from_metadata
from skyar_blender.engine.track.trackers.choose import make_tracker

KEY = "com.apple.quicktime.camera.focal_length.35mm_equivalent"


def movie(path: Path, **metadata: str) -> Path:
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update(metadata)
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(2):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(landscape(index), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_it_is_read_from_a_movie(tmp_path: Path) -> None:
    reported = open_clip(Clip(path=str(movie(tmp_path / "a.mov", **{KEY: "26"})))).focal_mm
    assert reported == pytest.approx(26 * np.hypot(160, 96) / np.hypot(36, 24) * 36 / 160)
    assert open_clip(Clip(path=str(movie(tmp_path / "b.mov")))).focal_mm is None


def test_the_equivalent_of_a_three_by_two_image_is_its_focal_length() -> None:
    assert focal_from_metadata({KEY: "50 mm"}, 3000, 2000) == pytest.approx(50)
    assert focal_from_metadata({KEY: "50"}, 2000, 3000) == pytest.approx(50)


@pytest.mark.parametrize("text", ["", "wide", "0", "-26", "1e9", "nan", "inf"])
def test_nonsense_is_none(text: str) -> None:
    assert focal_from_metadata({KEY: text}, 1920, 1080) is None


@pytest.mark.parametrize(
    ("given", "metadata", "expected", "source"),
    [(None, None, 28.0, "default"), (None, 31.0, 31.0, "metadata"), (40.0, 31.0, 40.0, "given")],
)
def test_who_is_believed(given: float | None, metadata: float | None, expected: float, source: str) -> None:
    for motion in ("SOLVE", "STATIC"):
        tracker = make_tracker(
            motion, width=160, height=96, fps=24.0, focal_mm=given, quality="draft", metadata_mm=metadata
        )
        tracker.add(landscape(0), np.zeros((96, 160), np.uint16))
        track = tracker.solve()
        assert track.focal_source == source
        assert track.focal(0) == pytest.approx(expected * 160 / 36)
