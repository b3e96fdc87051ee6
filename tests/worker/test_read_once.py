# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a run decodes its clip, and reads files that it wrote itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.clips import landscape, write_movie
from support.jobs import quick_job, run_here

from skyar_blender.engine.media.movie import MovieReader

COUNT = 12
#: To look the clip over, to make mattes, to make all the rest.
DECODES = 3


@pytest.fixture
def counted(monkeypatch):
    """Images decoded, by the name ``decoded``, and reads of images by the name of their folder."""
    found: Counter[str] = Counter()
    decode, read_bytes = MovieReader._decode, Path.read_bytes

    def counting_decode(self, container, stream):
        for frame in decode(self, container, stream):
            found["decoded"] += 1
            yield frame

    def counting_read(self):
        if self.suffix in (".png", ".exr"):
            found[self.parent.name] += 1
        return read_bytes(self)

    monkeypatch.setattr(MovieReader, "_decode", counting_decode)
    monkeypatch.setattr(Path, "read_bytes", counting_read)
    return found


def test_frames_are_decoded_three_times_and_files_are_not_read_again(counted, tmp_path):
    images = [landscape(index) for index in range(COUNT)]
    run_here(quick_job(tmp_path, write_movie(tmp_path / "clip.mp4", images)))
    assert counted["decoded"] <= DECODES * COUNT + 2  # opening looks at the first one
    assert counted["plate"] == counted["sky"] == 0
    assert counted["matte"] <= COUNT  # once, for all that is made after the camera is known
