# SPDX-License-Identifier: GPL-3.0-or-later
"""The output folder."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from skyar_blender.contract import layout
from skyar_blender.contract.layout import NUMBERED, OutputFolder

ROOT = Path(__file__).parents[2]


def test_every_folder_of_numbered_images_is_listed() -> None:
    methods = [each for _, each in inspect.getmembers(OutputFolder(Path()), inspect.ismethod)]
    numbered = [each for each in methods if "number" in inspect.signature(each).parameters]
    assert {each(1).parent.as_posix() for each in numbered} == set(NUMBERED)


def test_the_page_of_the_output_folder_has_each_file() -> None:
    """What is in ``state/`` is nobody else's, so that the page names the folder alone."""
    files = re.findall(r"^``(\S+)``", layout.__doc__ or "", re.MULTILINE)
    assert len(files) > 15
    page = (ROOT / "docs" / "output_folder.md").read_text(encoding="utf-8")
    wanted = {"state/" if file.startswith("state/") else file for file in files}
    assert [file for file in sorted(wanted) if f"`{file}`" not in page] == []
