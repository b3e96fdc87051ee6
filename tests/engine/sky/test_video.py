# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies that move."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.engine.sky.load import load_sky
from skyar_blender.engine.sky.video import VideoSky


def _movie(path: Path, greys: list[int], rate: int = 10, pixels: str = "bgr0") -> Path:
    """Each image of one grey, kept as it is."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("ffv1", rate=Fraction(rate))
        stream.width, stream.height, stream.pix_fmt = 64, 32, pixels
        for grey in greys:
            image = av.VideoFrame.from_ndarray(np.full((32, 64, 3), grey, np.uint8), format="rgb24")
            container.mux(stream.encode(image.reformat(format=pixels)))
        container.mux(stream.encode(None))
    return path


def _linear(grey: float) -> float:
    return float(((grey / 255 + 0.055) / 1.055) ** 2.4)


def _seen(film: VideoSky, seconds: float) -> float:
    return float(film.image(seconds).mean())


def test_it_plays_at_its_own_rate_and_mixes_neighbours(tmp_path: Path) -> None:
    film = VideoSky(_movie(tmp_path / "a.mkv", [40, 80, 120, 160]), seamless=True)
    assert film.seconds == pytest.approx(0.4)
    assert _seen(film, 0.1) == pytest.approx(_linear(80), rel=1e-3)
    assert _seen(film, 0.125) == pytest.approx(0.75 * _linear(80) + 0.25 * _linear(120), rel=1e-3)
    assert _seen(film, 0.3) == pytest.approx(_linear(160), rel=1e-3)


def test_a_loop_goes_from_its_last_image_to_its_first(tmp_path: Path) -> None:
    film = VideoSky(_movie(tmp_path / "a.mkv", [40, 80, 120, 160]), seamless=True)
    assert _seen(film, 0.35) == pytest.approx((_linear(160) + _linear(40)) / 2, rel=1e-3)
    for turns in (-2, 1, 5):
        assert _seen(film, 0.2 + turns * film.seconds) == pytest.approx(_linear(120), rel=1e-3)


@pytest.mark.parametrize("pixels", ["bgr0", "yuv420p10le"])
def test_its_white_is_its_peak(tmp_path: Path, pixels: str) -> None:
    film = VideoSky(_movie(tmp_path / "a.mkv", [255, 128], pixels=pixels), peak=4.0, seamless=True)
    assert _seen(film, 0.0) == pytest.approx(4.0, rel=0.01)
    assert _seen(film, 0.1) == pytest.approx(4.0 * _linear(128), rel=0.01)


def test_any_other_movie_dissolves_into_its_beginning(tmp_path: Path) -> None:
    """No step between neighbouring images is much larger than those of the movie itself."""
    film = VideoSky(_movie(tmp_path / "a.mkv", list(range(50, 210, 4))))
    seen = [_seen(film, place / 10) for place in range(100)]
    assert seen[0] == pytest.approx(_linear(50), rel=1e-3)
    assert film.seconds == pytest.approx(3.0)
    jump = _linear(206) - _linear(50)
    assert np.abs(np.diff(seen)).max() < 0.2 * jump


def test_start_and_speed(tmp_path: Path) -> None:
    source = str(_movie(tmp_path / "a.mkv", list(range(40, 240, 5)), rate=20))

    def grey(sky: Sky, seconds: float) -> float:
        return float(load_sky(sky).at(seconds).view(np.eye(3), 20.0, 9, 9).mean())

    assert grey(Sky(source=source), 0.5) == pytest.approx(_linear(90), rel=1e-3)
    assert grey(Sky(source=source, start=0.25), 0.5) == pytest.approx(_linear(115), rel=1e-3)
    assert grey(Sky(source=source, speed=2.0), 0.25) == pytest.approx(_linear(90), rel=1e-3)
    still = load_sky(Sky(source=source, speed=0.0, start=0.5))
    assert not still.moves and still.at(3.0) is still.image


def test_exposure_and_metadata_are_of_the_first_moment(tmp_path: Path) -> None:
    source = str(_movie(tmp_path / "a.mkv", [100, 200, 100, 200]))
    loaded = load_sky(Sky(source=source, exposure=1.0))
    assert loaded.moves and loaded.normalised_stops == 0.0
    assert loaded.metadata["mean_luminance"] == pytest.approx(2 * _linear(100), rel=1e-3)
    assert loaded.at(0.1).view(np.eye(3), 20.0, 9, 9).mean() == pytest.approx(2 * _linear(200), rel=1e-3)


def test_a_broken_movie_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"no movie at all")
    with pytest.raises(SkyarError) as caught:
        load_sky(Sky(source=str(path)))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE
    assert str(path) in caught.value.what
