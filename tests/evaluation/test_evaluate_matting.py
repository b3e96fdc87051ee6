# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate matting`` on small lists of our own."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.clips import landscape, landscape_matte
from typer.testing import CliRunner

from skyar_blender.engine.media.images import read_frame, write_jpg, write_matte_png, write_png
from skyar_blender.evaluation.metrics.truth import read_truth
from skyar_blender.evaluation.runs import images
from skyar_blender.evaluation.runs.labelled import read_labelled
from skyar_blender.worker.cli.app import app

KEYS = {"n", "iou", "mae", "mse", "edge_mae", "grad", "false_sky", "ms"}


@pytest.fixture
def listed(tmp_path) -> Path:
    """Three images with sky in two sets, one of them with a smaller mask, and two of a wall."""
    folder = tmp_path / "data"
    (folder / "masks").mkdir(parents=True)
    rows = []
    for index in range(3):
        write_png(folder / f"{index}.png", landscape(index))
        write_matte_png(folder / "masks" / f"{index}.png", landscape_matte(index))
        row = {"set": "hills" if index < 2 else "far", "part": "evaluate", "label": "alpha", "licence": "none"}
        rows.append({**row, "image": f"{index}.png", "mask": f"masks/{index}.png"})
    small = cv2.resize(landscape_matte(1), (80, 48), interpolation=cv2.INTER_AREA)
    write_png(folder / "masks" / "1.png", np.repeat((small >> 8).astype(np.uint8)[..., None], 3, axis=2))
    ignore = np.zeros((96, 160, 3), np.uint8)
    ignore[:, :80] = 255
    write_png(folder / "masks" / "ignore.png", ignore)
    rows[2]["ignore"] = "masks/ignore.png"
    rows[0]["kinds"], rows[1]["kinds"] = ["leaves"], ["leaves", "night/fog"]
    wall = np.random.default_rng(0).integers(60, 110, (96, 160, 3), dtype=np.uint8)
    wall[..., 2] //= 2
    write_jpg(folder / "wall.jpg", wall)
    write_matte_png(folder / "masks" / "wall.png", np.zeros((96, 160), np.uint16))
    wall_row = {"set": "hills", "part": "evaluate", "image": "wall.jpg", "mask": "masks/wall.png"}
    rows.append({**wall_row, "kinds": ["leaves"]})
    rows.append({"set": "hills", "part": "train", "image": "wall.jpg", "sky": "no"})
    path = folder / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    return path


def evaluate(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["evaluate", "matting", *map(str, arguments), "--quality", "draft"])
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    return done.output


def test_figures_table_and_sheet(listed, tmp_path):
    reported = evaluate(listed, "--part", "evaluate", "--json", tmp_path / "out" / "found.json")
    assert "hills" in reported and "far" in reported and "leaves" in reported and "missed sky" in reported
    found = json.loads((tmp_path / "out" / "found.json").read_text())
    assert set(found) == {"sets", "kinds"} and set(found["sets"]) == {"hills", "far"}
    assert {kind: row["n"] for kind, row in found["kinds"].items()} == {"leaves": 3, "night/fog": 1}
    hills, far = found["sets"]["hills"], found["sets"]["far"]
    assert set(hills) == set(far) == KEYS
    assert (hills["n"], far["n"]) == (3, 1)
    assert hills["iou"] > 0.9 and 0 < hills["mse"] <= hills["mae"] < 0.1 and hills["edge_mae"] < 0.3
    assert 0 <= hills["false_sky"] < 0.5 and far["false_sky"] is None
    assert all(figures["ms"] > 0 and figures["grad"] > 0 for figures in (hills, far))
    sheet = read_frame(tmp_path / "out" / "found.jpg")
    assert sheet.shape[1] > sheet.shape[0] > 300 and sheet.std() > 20
    assert read_frame(tmp_path / "out" / "found_leaves.jpg").std() > 20
    assert (tmp_path / "out" / "found_night_fog.jpg").is_file()


def test_all_parts_some_sets_and_a_limit(listed, tmp_path):
    target = tmp_path / "found.json"
    evaluate(listed, "--sets", "hills, far", "--json", target, "--sheet", tmp_path / "worst.png")
    assert json.loads(target.read_text())["sets"]["hills"]["n"] == 4
    assert read_frame(tmp_path / "worst.png").std() > 20 and not (tmp_path / "found.jpg").exists()
    evaluate(listed, "--sets", "far", "--json", target)
    assert list(json.loads(target.read_text())["sets"]) == ["far"]
    assert [image.line for image in read_labelled(listed, limit=2).images] == [1, 5, 3]


def test_photographs_of_which_some_have_no_sky(listed, tmp_path):
    photos = listed.with_name("photos.jsonl")
    rows = [{"image": "wall.jpg", "sky": "no"}, {"image": "0.png", "sky": "yes"}]
    photos.write_text("\n".join(map(json.dumps, rows)))
    reported = evaluate(photos, "--json", tmp_path / "found.json")
    assert "Left out: 1" in reported
    found = json.loads((tmp_path / "found.json").read_text())["sets"]["photos"]
    assert found["n"] == 1 and found["iou"] is found["mae"] is found["edge_mae"] is None
    assert 0 <= found["false_sky"] <= 1


class Painter:
    """A method that gives the matte it was told to; also the model that it fits."""

    name = "painter"
    sample_size = 64

    def __init__(self, matte: np.ndarray) -> None:
        self.painted = matte

    def fit(self, samples):
        assert [max(sample.shape) for sample in samples] == [self.sample_size]
        return self

    def matte(self, frame, previous):
        assert previous is None and frame.shape[:2] == self.painted.shape
        return self.painted


def test_figures_of_a_known_matte(listed):
    """Half of each image is called sky."""
    half = np.zeros((96, 160), np.float32)
    half[:48] = 1
    chosen = read_labelled(listed, sets=["hills"]).images
    done = []
    found = images.evaluate_images(Painter(half), chosen, lambda: done.append(1)).to_dict()["sets"]["hills"]
    truth = landscape_matte(0) / 65535
    assert len(done) == 4 and found["n"] == 4 and found["false_sky"] == pytest.approx(0.5)
    only = images.evaluate_images(Painter(half), chosen[:1], lambda: None).to_dict()["sets"]["hills"]
    assert only["mae"] == pytest.approx(np.abs(half - truth).mean(), abs=1e-4) and only["false_sky"] is None
    assert only["iou"] == pytest.approx((truth[:48] > 0.5).sum() / (np.maximum(half, truth) > 0.5).sum(), abs=1e-4)


def test_a_kind_tells_false_and_missed_sky(listed):
    """The right half of each image is called sky, a wall's too."""
    half = np.zeros((96, 160), np.float32)
    half[:, 80:] = 1
    chosen = read_labelled(listed, part="evaluate", sets=["hills"]).images
    found = images.evaluate_images(Painter(half), chosen, lambda: None).to_dict()["kinds"]["leaves"]
    truths = [read_truth(each.mask, (96, 160)) for each in chosen]
    sky = sum(truth.sum() for truth in truths)
    assert found["n"] == 3
    assert found["missed_sky"] == pytest.approx(sum(truth[:, :80].sum() for truth in truths) / sky, abs=1e-3)
    assert found["false_sky"] == pytest.approx(sum((1 - truth[:, 80:]).sum() for truth in truths) / sky, abs=1e-3)
    assert found["iou"] == pytest.approx(
        np.mean([(truth[:, 80:] > 0.5).sum() / ((truth > 0.5) | (half > 0.5)).sum() for truth in truths[:2]]),
        abs=1e-3,
    )


def test_what_is_ignored_does_not_count(listed):
    chosen = read_labelled(listed, sets=["far"]).images
    matte = (landscape_matte(2) / 65535).astype(np.float32)
    matte[:, :79] = 0.5
    found = images.evaluate_images(Painter(matte), chosen, lambda: None).to_dict()["sets"]["far"]
    assert found["iou"] == 1 and found["mae"] < 1e-4


def test_the_worst_come_first(listed):
    black = np.zeros((96, 160), np.float32)
    chosen = read_labelled(listed, part="evaluate").images
    found = images.evaluate_images(Painter(black), chosen, lambda: None)
    walls_last = images.evaluate_images(Painter(black), chosen[::-1], lambda: None)
    assert np.array_equal(found.sheet[-200:, -800:], walls_last.sheet[-200:, -800:])  # the wall has no error


def test_a_method_that_gives_no_numbers_is_told(listed):
    from skyar_blender.contract.errors import SkyarError

    chosen = read_labelled(listed).images
    with pytest.raises(SkyarError, match="no numbers"):
        images.evaluate_images(Painter(np.full((96, 160), np.nan, np.float32)), chosen, lambda: None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{broken", "Line 2"),
        ('["a list"]', "Line 2"),
        ('{"image": 7, "mask": "a"}', "image"),
        ('{"mask": "masks/0.png"}', "names no"),
        ('{"image": "0.png", "mask": "masks/0.png", "kinds": "leaves"}', "kinds"),
        ('{"image": "0.png"}', "neither"),
        ('{"image": "gone.png", "mask": "masks/0.png"}', "gone.png"),
        ('{"image": "0.png", "mask": "masks/gone.png"}', "gone.png"),
        ('{"image": "0.png", "mask": "masks/0.png", "ignore": "all.png"}', "white everywhere"),
        ('{"image": "0.png", "mask": "text.png"}', "text.png"),
        ('{"image": "text.png", "mask": "masks/0.png"}', "text.png"),
    ],
)
def test_bad_rows_are_told_with_their_line(listed, line, words):
    (listed.parent / "text.png").write_text("no picture")
    write_png(listed.parent / "all.png", np.full((10, 10, 3), 255, np.uint8))
    first = json.dumps({"image": "0.png", "mask": "masks/0.png"})
    bad = listed.with_name("bad.jsonl")
    bad.write_text(f"{first}\n{line}\n")
    reported = evaluate(bad, status=3)
    assert words in reported and "Error:" in reported


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["gone.jsonl"], 3, "no list"),
        (["{list}", "--part", "test"], 2, "evaluate, train"),
        (["{list}", "--sets", "hills,city"], 2, "far, hills"),
        (["{list}", "--matting-weights", "w.safetensors", "--method", "adaptive"], 2, "no network"),
        (["{list}", "--method", "magic"], 2, "magic"),
        (["{empty}"], 2, "no picture"),
        (["{binary}"], 3, "cannot be read"),
    ],
)
def test_wrong_options_are_refused(listed, tmp_path, arguments, status, words):
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\x9f")
    places = {"list": listed, "empty": tmp_path / "empty.jsonl", "binary": tmp_path / "binary.jsonl"}
    assert words in evaluate(*(text.format(**places) for text in arguments), status=status)
