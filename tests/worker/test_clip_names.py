# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders of images on the command line: one sequence, its gaps told, or words of what to do."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.cli.options import clip_from


@pytest.fixture
def folder(tmp_path):
    """A folder with the images of two takes, the second with gaps."""
    for name in ("a1.png", "a2.png", "b1.png", "b2.png", "b4.png", "b7.png"):
        write_png(tmp_path / name, np.zeros((16, 16, 3), np.uint8))
    return tmp_path


def test_two_takes_in_a_folder_are_refused(folder):
    with pytest.raises(SkyarError) as caught:
        clip_from(str(folder))
    assert caught.value.code == ErrorCode.BAD_JOB
    assert "a1.png, b1.png" in caught.value.why and "a*.png" in caught.value.todo


def test_a_pattern_chooses_one_and_its_gaps_are_told(folder):
    clip = clip_from(str(folder / "b*.png"))
    assert clip.files == ["b1.png", "b2.png", "b4.png", "b7.png"]
    (warning,) = open_clip(clip).warnings
    assert warning.code == "sequence_gaps" and "b3.png, b5.png to b6.png" in warning.what


def test_a_pattern_that_nothing_fits(folder):
    with pytest.raises(SkyarError) as caught:
        clip_from(str(folder / "c*.png"))
    assert caught.value.code == ErrorCode.CLIP_EMPTY
