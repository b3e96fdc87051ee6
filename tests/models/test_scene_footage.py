# SPDX-License-Identifier: GPL-3.0-or-later
"""From rendered light to a frame's files: exact alpha, foreground that fits its image, haze, evaluation rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from support.raw_light import HEIGHT, WIDTH, painted_light, write_raw

from models.training.scenes.footage.air import DISTANCES, LEAST, lay_on
from models.training.scenes.footage.curve import Curve, expose
from models.training.scenes.footage.develop import develop, develop_file
from models.training.scenes.footage.evaluation import write_clip, write_still

#: Neither clips nor rolls off below 0.8: light stays comparable.
PLAIN = Curve((1.0, 1.0, 1.0), 1.0, 0.0, 1.0)


@pytest.fixture
def light() -> dict[str, np.ndarray]:
    return painted_light()


def metadata(**more: Any) -> dict[str, Any]:
    return {
        "seed": 7, "film_seed": [7, 5], "haze": DISTANCES[1], "horizon": [0.5, 0.55, 0.6], "night": False,
        "kind": "test", "width": WIDTH, "height": HEIGHT, "focal_mm": 26.0, "focal_px": 23.1, **more,
    }  # fmt: skip


def test_foreground_over_the_sky_is_the_image(light: dict[str, np.ndarray]) -> None:
    frame, _ = develop(light, metadata(), PLAIN)
    straight, cover = frame["foreground"][..., :3], frame["foreground"][..., 3:]
    np.testing.assert_array_equal(cover[..., 0], light["cover"])
    np.testing.assert_allclose(frame["alpha"] + cover[..., 0], 1.0, atol=1e-7)
    # Back to light, where the two add up.
    decoded = np.where(straight <= 0.04045, straight / 12.92, ((straight + 0.055) / 1.055) ** 2.4)
    np.testing.assert_allclose(expose(decoded * cover + light["sky"], PLAIN), frame["picture"], atol=1e-5)


def test_metering_brings_any_brightness_to_a_visible_image(light: dict[str, np.ndarray]) -> None:
    for factor in (1e-3, 1.0, 1e3):
        scaled = {key: value * factor if key in ("surface", "sky") else value for key, value in light.items()}
        frame, _ = develop(scaled, metadata(horizon=[0.5 * factor] * 3))
        assert 0.15 < frame["picture"].mean() < 0.9


def test_haze_takes_away_and_fills_up() -> None:
    surface, cover = np.full((1, 1, 3), 0.2, np.float32), np.ones((1, 1), np.float32)
    # The pass of a surface as far away as the middle clarity's distance.
    air = np.exp(-DISTANCES[1] / np.array(DISTANCES, np.float32)).reshape(1, 1, 3)
    horizon = np.ones(3, np.float32)
    for distance in (500.0, DISTANCES[1], 20000.0):
        through = LEAST + (1 - LEAST) * np.exp(-DISTANCES[1] / distance)
        expected = 0.2 * through + (1 - through)
        np.testing.assert_allclose(lay_on(surface, cover, air, distance, horizon), expected, rtol=2e-3)


def test_files_of_a_frame(tmp_path: Path, light: dict[str, np.ndarray]) -> None:
    develop_file(write_raw(tmp_path, "00", light, metadata()))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["00.jpg", "00.json", "00_alpha.png", "00_foreground.png"]
    alpha = cv2.imread(str(tmp_path / "00_alpha.png"), cv2.IMREAD_UNCHANGED)
    assert alpha.dtype == np.uint16
    np.testing.assert_array_equal(alpha, np.round((1 - light["cover"]) * 65535))
    foreground = cv2.imread(str(tmp_path / "00_foreground.png"), cv2.IMREAD_UNCHANGED)
    assert foreground.dtype == np.uint16
    assert foreground.shape == (HEIGHT, WIDTH, 4)
    about = json.loads((tmp_path / "00.json").read_text(encoding="utf-8"))
    assert about["sky_fraction"] == pytest.approx(float((1 - light["cover"]).mean()), abs=1e-5)


def test_later_frames_are_exposed_like_the_first(tmp_path: Path, light: dict[str, np.ndarray]) -> None:
    develop_file(write_raw(tmp_path, "000001", light, metadata()))
    brighter = light | {"sky": light["sky"] * 1.3}
    develop_file(write_raw(tmp_path, "000002", brighter, metadata(exposed_like="000001.json")))
    curves = [json.loads((tmp_path / f"00000{k}.json").read_text(encoding="utf-8"))["curve"] for k in (1, 2)]
    assert curves[0] == curves[1]


def test_evaluation_set(tmp_path: Path, light: dict[str, np.ndarray]) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for k in (1, 2, 3):
        more = {"frame": k, "rate": 24, "motion": "drone", "motion_blur": False, "rotation": np.eye(3).tolist()}
        develop_file(write_raw(folder, f"00000{k}", light, metadata(place=[0, 0, 0], **more)))
    row = write_still(folder / "000001.json", tmp_path)
    assert {
        "set": "rendered",
        "part": "evaluate",
        "label": "alpha",
        "may_train_shipped_weights": False,
    }.items() <= row.items()
    mask = cv2.imread(str(tmp_path / row["mask"]), cv2.IMREAD_UNCHANGED)
    assert np.abs(mask / 255.0 - (1 - light["cover"])).max() <= 0.5 / 255 + 1e-4
    write_clip(folder, tmp_path / "clip")
    assert len(list((tmp_path / "clip" / "alpha").glob("*.png"))) == 3
    movie = cv2.VideoCapture(str(tmp_path / "clip" / "clip.mp4"))
    assert int(movie.get(cv2.CAP_PROP_FRAME_COUNT)) == 3
