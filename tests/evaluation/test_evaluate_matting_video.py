# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate matting-video``: steadiness, with and without truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape, landscape_matte, write_movie
from typer.testing import CliRunner

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.media.images import write_jpg, write_matte_png, write_png
from skyar_blender.evaluation.runs.clips import evaluate_clip
from skyar_blender.evaluation.runs.footage import open_footage
from skyar_blender.worker.cli.app import app

COUNT = 5


@pytest.fixture
def rendered(tmp_path) -> Path:
    """Images with their alphas, and other files, beside them."""
    folder = tmp_path / "rendered"
    folder.mkdir()
    for index in range(COUNT):
        write_jpg(folder / f"{index + 1:06d}.jpg", landscape(index), quality=97)
        write_matte_png(folder / f"{index + 1:06d}_alpha.png", landscape_matte(index))
        write_png(folder / f"{index + 1:06d}_foreground.png", landscape(index))
    (folder / "clip.json").write_text("{}")
    return folder


@pytest.fixture
def with_movie(tmp_path) -> Path:
    """A movie and a folder of alphas."""
    folder = tmp_path / "shot"
    write_movie(folder / "clip.mp4", [landscape(index) for index in range(COUNT)])
    (folder / "alpha").mkdir()
    for index in range(COUNT):
        write_matte_png(folder / "alpha" / f"{index}.png", landscape_matte(index))
    return folder


class Pulsing:
    """A method whose mattes are right, but alone they pulse; also the model that it fits."""

    name = "pulsing"
    sample_size = 64

    def __init__(self) -> None:
        self.calls = 0

    def fit(self, samples):
        assert len(samples) == COUNT
        return self

    def look(self, frames, before=None):
        assert len(frames) == 1

    def matte(self, frame, previous):
        index, alone = divmod(self.calls, 2)
        assert (previous is None) == (bool(alone) or index == 0)
        self.calls += 1
        truth = (landscape_matte(index) / 65535).astype(np.float32)
        return truth * 0.5 if alone and index % 2 else truth


@pytest.mark.parametrize("layout", ["rendered", "with_movie"])
def test_state_is_compared_with_none(request, layout):
    footage = open_footage(request.getfixturevalue(layout))
    found = evaluate_clip(Pulsing(), footage, lambda: None)
    summary = found.summary
    assert summary["n"] == COUNT == len(found.frames)
    assert summary["dtssd"] == pytest.approx(0, abs=1e-2) and summary["iou"] == 1 and summary["mae"] < 1e-4
    expected = np.mean(
        [100 * np.sqrt((0.25 * (landscape_matte(k) / 65535.0) ** 2).mean()) for k in (1, 1, 3, 3)]
    )  # the half that is missing in every other frame
    assert summary["dtssd_alone"] == pytest.approx(expected, rel=1e-3)
    assert summary["dtssd_ratio"] < 0.01 and summary["flicker_ratio"] < 0.1
    assert summary["iou_alone"] < 1 and summary["mae_alone"] > 0.05
    assert summary["flicker"] == pytest.approx(summary["flicker_truth"], abs=1e-3)
    first, second, *_ = found.frames
    assert first["dtssd"] is first["flicker"] is None and second["dtssd_alone"] > 10
    assert json.dumps(found.to_dict(), allow_nan=False)


def evaluate(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["evaluate", "matting-video", *map(str, arguments), "--quality", "draft"])
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    return done.output


def test_clips_with_and_without_truth(rendered, make_movie, tmp_path):
    movie = make_movie(images=3)
    reported = evaluate(movie, rendered, "--limit", 3, "--method", "adaptive", "--json", tmp_path / "found.json")
    assert "dtssd ratio" in reported and "mean" in reported
    found = json.loads((tmp_path / "found.json").read_text())
    plain, exact = found["clips"][movie.as_posix()], found["clips"][rendered.as_posix()]
    assert plain["n"] == exact["n"] == len(exact["frames"]) == 3 and found["mean"]["n"] == 6
    assert "dtssd" not in plain and 0 <= plain["flicker"] < 0.05 and plain["flicker_alone"] is not None
    assert exact["iou"] > 0.9 and exact["dtssd"] > 0
    assert exact["dtssd_ratio"] == pytest.approx(exact["dtssd"] / exact["dtssd_alone"], rel=1e-3)
    assert found["mean"]["dtssd"] == exact["dtssd"]


@pytest.mark.parametrize("trouble", ["gone", "empty", "two movies", "too few alphas"])
def test_clips_that_cannot_be_measured(with_movie, tmp_path, trouble):
    place, code = with_movie, ErrorCode.CLIP_UNREADABLE
    if trouble == "gone":
        place, code = tmp_path / "gone.mp4", ErrorCode.CLIP_MISSING
    elif trouble == "empty":
        (tmp_path / "empty").mkdir()
        place, code = tmp_path / "empty", ErrorCode.CLIP_EMPTY
    elif trouble == "two movies":
        write_movie(with_movie / "other.mp4", [landscape(0)])
    else:
        (with_movie / "alpha" / "0.png").unlink()
    with pytest.raises(SkyarError) as caught:
        open_footage(place)
    assert caught.value.code == code
    assert "Error:" in evaluate(place, status=3)
