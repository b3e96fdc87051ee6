# SPDX-License-Identifier: GPL-3.0-or-later
"""What people say of their own skies."""

from __future__ import annotations

from pathlib import Path

import pytest

from skyar_blender.common.own_sky import own_metadata, own_name
from skyar_blender.common.sky_library import RAIN, list_skies, usual_rain
from skyar_blender.contract.errors import ErrorCode, SkyarError


def test_beside_its_image_or_in_a_folder_like_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "evening.toml").write_text('title = "Evening"\nrain = true\n')
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "sky.toml").write_text('name = "box"\nfile = "sky.exr"\nsun_direction = [10.0, 20.0]\n')
    assert own_metadata(tmp_path / "evening.exr") == {"title": "Evening", "rain": True}
    assert own_metadata(tmp_path / "box" / "sky.exr")["sun_direction"] == [10.0, 20.0]
    assert own_metadata(tmp_path / "box" / "other.exr") == {}
    assert own_metadata(tmp_path / "morning.exr") == {}
    assert usual_rain(str(tmp_path / "evening.exr")) == RAIN
    assert usual_rain(str(tmp_path / "morning.exr")) == 0


def test_a_sky_is_called_as_its_file_unless_it_has_a_folder_to_itself(tmp_path: Path) -> None:
    assert own_name(tmp_path / "evening.exr") == "evening"
    assert own_name(tmp_path / "sky.exr") == "sky"
    (tmp_path / "sky.toml").write_text("")
    assert own_name(tmp_path / "sky.exr") == tmp_path.name
    assert own_name(tmp_path / "evening.exr") == "evening"
    assert own_name(Path("sunset")) == "sunset"


def test_every_shipped_description_is_a_good_one() -> None:
    for sky in list_skies():
        assert own_metadata(sky.image) == sky.metadata


@pytest.mark.parametrize(
    "text",
    [
        "title = 3",
        'tags = "warm"',
        'rain = "yes"',
        "sun_direction = [1.0]",
        "sun_direction = [nan, 3.0]",
        "horizon_colour = [1, 2]",
        "mean_luminance = -1",
        'kind = "film"',
        'kind = "loop"',
        'projection = "cube"',
        "title = ",
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.toml").write_text(text)
    with pytest.raises(SkyarError) as caught:
        own_metadata(tmp_path / "odd.png")
    assert caught.value.code is ErrorCode.SKY_UNREADABLE
    assert "odd.toml" in caught.value.what
    assert usual_rain(str(tmp_path / "odd.png")) == 0
