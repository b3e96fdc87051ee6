# SPDX-License-Identifier: GPL-3.0-or-later
"""From a shot under two skies to a pair of photographs whose light adds up."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest
from support.raw_light import HEIGHT, WIDTH, painted_light, write_raw

from models.training.scenes.footage.pairs import meter, read_shot, write_pair

#: Soft, so that no pixel reaches white in either image.
SKIES = {"noon": np.array([0.35, 0.45, 0.6], np.float32), "night": np.array([0.004, 0.005, 0.008], np.float32)}


def linear(codes: np.ndarray) -> np.ndarray:
    shown = codes / 255.0
    return np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """One shot under both skies; clear air, and a denoiser that has smeared the sky's side of the edge."""
    folder = tmp_path / "frames"
    folder.mkdir()
    for name, colour in SKIES.items():
        light = painted_light()
        cover = light["cover"][..., None]
        light["noisy"] = light["surface"] * colour
        light["surface"] = np.where(cover == 1, light["noisy"], np.float32(0.3))
        light["sky"] = (1 - cover) * colour
        light["air"] = cover * np.ones(3, np.float32)
        metadata = {"kind": "test", "seed": 7, "haze": 250.0, "horizon": [0, 0, 0], "sky": {"kind": name}}
        write_raw(folder, name, light, metadata)
        alone = np.ascontiguousarray(np.broadcast_to(colour, (HEIGHT, WIDTH, 3)))
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        OpenEXR.File(header, {"RGB": alone}).write(str(folder / f"{name}_alone.raw.exr"))
    return folder


def test_the_files_of_a_pair_add_up(frames: Path, tmp_path: Path) -> None:
    target = tmp_path / "test_noon_to_night"
    write_pair(frames, "noon", "night", target)
    names = ["a.png", "alpha.png", "b.png", "pair.json", "sky_a.exr", "sky_b.exr"]
    assert sorted(path.name for path in target.iterdir()) == names
    alpha = cv2.imread(str(target / "alpha.png"), cv2.IMREAD_UNCHANGED)
    assert alpha.dtype == np.uint16
    np.testing.assert_array_equal(alpha, np.round((1 - painted_light()["cover"]) * 65535))
    fraction = (alpha / 65535.0)[..., None]
    about = json.loads((target / "pair.json").read_text())
    for letter, name in (("a", "noon"), ("b", "night")):
        assert about[letter]["sky"] == {"kind": name, "name": name}
        image = cv2.imread(str(target / f"{letter}.png"))[..., ::-1]
        assert image.dtype == np.uint8 and image.max() < 255
        sky = OpenEXR.File(str(target / f"sky_{letter}.exr")).channels()["RGB"].pixels
        assert sky.dtype == np.float16
        np.testing.assert_allclose(sky[0, 0], SKIES[name] * about[letter]["exposure"], rtol=1e-3)
        # Away from the edge the ground is its own light; all of it is exposed alike.
        ground = painted_light()["surface"] * SKIES[name] * about[letter]["exposure"]
        expected = ground + sky * fraction
        solid = (alpha == 65535) | (alpha == 0)
        np.testing.assert_allclose(linear(image)[solid], expected[solid], atol=0.005)
        # At the edge it is the mean of what lies near, and nothing of what the denoiser smeared there.
        np.testing.assert_allclose(
            linear(image)[10:13].mean(axis=(0, 1)), expected[10:13].mean(axis=(0, 1)), rtol=0.15, atol=0.005
        )


def test_what_the_denoiser_smears_into_the_sky_is_left_out(frames: Path) -> None:
    light, alpha, sky, _ = read_shot(frames / "noon")
    np.testing.assert_allclose(light[alpha == 1], sky[alpha == 1], rtol=1e-5)


def test_a_night_stays_darker_than_a_day(frames: Path) -> None:
    light = read_shot(frames / "noon")[0]
    assert meter(light, "night") < 0.5 * meter(light, "noon")
    assert meter(light * 8, "noon") == pytest.approx(meter(light, "noon") / 8, rel=1e-3)


def test_shots_of_different_geometry_are_no_pair(frames: Path, tmp_path: Path) -> None:
    light = painted_light()
    light["cover"][9] = 0.25
    light["noisy"] = light["surface"]
    metadata = json.loads((frames / "night.raw.facts").read_text())
    write_raw(frames, "night", light, metadata)
    with pytest.raises(SystemExit, match="geometry"):
        write_pair(frames, "noon", "night", tmp_path / "pair")
    assert not (tmp_path / "pair" / "pair.json").exists()
