# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of a sky holds any title."""

import tomllib
from pathlib import Path

import pytest

from skyboxes.making.measure import SkyMetadata
from skyboxes.making.sky_toml import write_sky_toml

METADATA = SkyMetadata(sun_direction=None, sun_colour=None, horizon_colour=(0.1, 0.2, 0.3), mean_luminance=0.2)


@pytest.mark.parametrize("title", ['A "quoted" sky', "C:\\skies", "two\nlines\tand DEL \x7f", "Wolken über München"])
def test_any_title_is_read_as_it_was_written(title: str, tmp_path: Path) -> None:
    path = tmp_path / "sky.toml"
    write_sky_toml(path, "dusk", title, [title, "clouds"], False, METADATA)
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (found["title"], found["tags"]) == (title, [title, "clouds"])
