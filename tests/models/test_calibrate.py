# SPDX-License-Identifier: GPL-3.0-or-later
"""What log odds are worth is found again from images of which it is known."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest

from models.training.matting.calibrate import Seen, fit, images_of, tables, write
from skyar_blender.engine.matte.network.confidence import Calibration, overlap


def seen(count: int = 60) -> list[Seen]:
    """Images whose log odds are twice as large as they should be; every third taught nothing and is worse."""
    random = np.random.default_rng(0)
    found = []
    for index in range(count):
        adapted = index % 3 > 0
        strength = random.uniform(1, 6) * (1.0 if adapted else 0.4)
        honest = np.repeat(np.where(np.arange(24) < 12, strength, -strength)[:, None], 40, 1)
        truth = (random.random(honest.shape) < 1 / (1 + np.exp(-honest))).astype(np.float32)
        matte = (honest > 0).astype(np.float32)
        counted = np.ones(honest.shape, bool)
        found.append(
            Seen((2 * honest).astype(np.float32), matte, truth, counted, not adapted, overlap(matte, truth, counted))
        )
    return found


def test_the_worth_of_log_odds_is_found_again():
    known = fit(seen())
    for margin in (1.0, 2.0, 4.0):
        reported = float(np.interp(margin, known.margins, known.right))
        assert abs(reported - 1 / (1 + np.exp(-margin / 2))) < 0.06
    assert known.overlap > 0 and known.good(0.97, False) > 0.5 > known.good(0.7, False)
    assert known.refused <= 0


def test_the_tables_tell_pixels_and_frames():
    reported = tables(seen())
    assert "pixels" in reported and "frames" in reported and reported.count("Brier score") == 2


def test_the_numbers_are_written_beside_the_facts(tmp_path):
    path = tmp_path / "sky_matte.toml"
    path.write_text('name = "sky_matte"\n\n[confidence]\nbias = 1\n\n[sha256]\nonnx = "a"\n')
    known = fit(seen(12))
    for _ in range(2):
        write(known, path)
        metadata = tomllib.loads(path.read_text())
        assert metadata["name"] == "sky_matte" and metadata["sha256"] == {"onnx": "a"}
        assert Calibration.from_metadata(metadata, path) == known


def test_each_set_may_be_in_any_of_the_lists(tmp_path):
    for name, sets in (("first", ("aside", "upward")), ("second", ("rendered", "upward"))):
        for each in sets:
            (tmp_path / f"{name}_{each}.png").write_bytes(b"an image")
        rows = [{"set": each, "image": f"{name}_{each}.png", "sky": "no"} for each in sets]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lists = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    found = [image.image.stem for image in images_of(lists, None, ["aside", "rendered"], None)]
    assert found == ["first_aside", "second_rendered"]
    assert len(images_of(lists, None, None, None)) == 4
    with pytest.raises(SystemExit, match="no list has night"):
        images_of(lists, None, ["aside", "night"], None)
