# SPDX-License-Identifier: GPL-3.0-or-later
"""The output folder."""

from __future__ import annotations

import inspect
from pathlib import Path

from skyar_blender.contract.layout import NUMBERED, OutputFolder


def test_every_folder_of_numbered_images_is_listed() -> None:
    methods = [each for _, each in inspect.getmembers(OutputFolder(Path()), inspect.ismethod)]
    numbered = [each for each in methods if "number" in inspect.signature(each).parameters]
    assert {each(1).parent.as_posix() for each in numbered} == set(NUMBERED)
