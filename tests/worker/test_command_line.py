# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``skyar`` command, as a shell sees it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from support.jobs import ROOT, skyar
from typer.testing import CliRunner

from skyar_blender.contract import events
from skyar_blender.contract.errors import EXIT_STATUS, ErrorCode
from skyar_blender.contract.track_file import Track
from skyar_blender.worker.cli import check, measuring
from skyar_blender.worker.self_check import Finding


def test_replace_in_a_pipe(make_movie, tmp_path):
    clip = make_movie(images=4)
    done = skyar("replace", clip, "--sky", "sunset", "--quality", "draft", "--output", tmp_path / "out", fresh=True)
    assert done.returncode == 0, done.stderr
    assert "matte: 4/4" in done.stdout and "Done." in done.stdout and "\x1b" not in done.stdout
    assert done.stderr == ""
    assert (tmp_path / "out" / "preview.mp4").exists()
    assert (tmp_path / "out" / "worker.log").read_text()


def test_replace_with_json(make_movie, tmp_path):
    clip = make_movie(images=3)
    done = skyar("replace", clip, "--sky", "jupiter", "--quality", "draft", "--output", tmp_path / "out", "--json")
    reported = [events.from_line(line) for line in done.stdout.splitlines()]
    assert [type(event) for event in reported[:2]] == [events.Starting, events.Started]
    assert isinstance(reported[-1], events.Done)


def test_replace_on_a_terminal_shows_a_bar(make_movie, tmp_path):
    clip = make_movie(images=3)
    ours, theirs = pty.openpty()
    options = ["--sky", "jupiter", "--quality", "draft", "--output", str(tmp_path / "out")]
    worker = subprocess.Popen(
        [sys.executable, "-m", "skyar_blender.worker.cli", "replace", clip, *options],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    assert worker.wait(timeout=60) == 0
    assert b"matte" in shown and "━".encode() in shown


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["replace", "missing.mp4", "--sky", "sunset", "--output", "out"], 3),
        (["replace", "clip.mp4", "--sky", "cheese", "--output", "out"], 4),
        (["replace", "clip.mp4", "--sky", "gone.exr", "--output", "out"], 4),
        (["replace", "clip.mp4", "--sky", "sunset", "--output", "clip.mp4/out"], 5),
        (["replace", "clip.mp4", "--sky", "sunset", "--output", "out", "--first", "9", "--last", "3"], 2),
        (["replace", "clip.mp4", "--sky", "sunset", "--output", "out", "--first", "900"], 3),
        (["replace", "clip.mp4", "--sky", "sunset", "--output", "out", "--rate", "fast"], 2),
        (["replace", "clip.mp4", "--sky", "sunset", "--output", "out", "--device", "cuda"], 6),
        (["replace", "clip.mp4", "--output", "out"], 2),
        (["replace", "empty", "--sky", "sunset", "--output", "out"], 3),
        (["nonsense"], 2),
    ],
)
def test_errors_have_their_status_and_words(make_movie, tmp_path, arguments, status):
    make_movie()
    (tmp_path / "empty").mkdir()
    done = skyar(*arguments, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert done.stderr.strip() and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_error_as_json(tmp_path):
    done = skyar("replace", "missing.mp4", "--sky", "sunset", "--output", "out", "--json", cwd=tmp_path)
    starting, event = map(events.from_line, done.stdout.splitlines())
    assert isinstance(starting, events.Starting)
    assert isinstance(event, events.Error) and event.code == "clip_missing"


@pytest.mark.parametrize("module", ["cli.app", "__main__"])
def test_the_first_word_does_not_wait_for_heavy_packages(module):
    """Loading what frames are worked on with takes seconds; a job is said to start before."""
    code = f"import skyar_blender.worker.{module}, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert not {"numpy", "cv2", "av", "scipy", "onnxruntime", "torch"} & set(loaded.split())


def test_skies(tmp_path):
    assert "sunset" in skyar("skies").stdout
    listed = json.loads(skyar("skies", "--json").stdout)
    assert {"sunset", "cloudy"} <= {sky["name"] for sky in listed}
    assert all(Path(sky["picture"]).is_file() for sky in listed)


def test_check_runs_a_frame_through():
    done = skyar("check", "--json", fresh=True)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    names = [each["name"] for each in report["checks"]]
    assert {"interpreter", "torch", "device", "OpenCV", "weights", "free disk", "one frame"} <= set(names)
    assert report["ok"] and all(each["ok"] for each in report["checks"])


def test_check_in_words(monkeypatch):
    whole, broken = (
        Finding(name="OpenCV", ok=True, value="5"),
        Finding(name="disk", ok=False, value="-", todo="Help."),
    )
    monkeypatch.setattr(check, "check_engine", lambda disk: [whole, broken])
    app = typer.Typer()
    check.add_to(app)
    done = CliRunner().invoke(app, [])
    assert done.exit_code == EXIT_STATUS[ErrorCode.ENGINE_INCOMPLETE]
    assert done.stdout.splitlines() == ["ok   OpenCV: 5", "FAIL disk: -", "     Help."]


def test_track(make_movie, tmp_path):
    done = skyar("track", make_movie(images=5), "--quality", "draft", "--output", tmp_path / "deep" / "track.json")
    assert done.returncode == 0, done.stderr
    track = Track.from_json((tmp_path / "deep" / "track.json").read_text())
    assert len(track.frames) == 5
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["track.json"]


def test_track_with_a_preview_of_the_grid(make_movie, tmp_path):
    import av
    import numpy as np

    clip = make_movie(images=5)
    target = tmp_path / "deep" / "grid.mp4"
    graph = tmp_path / "graph" / "confidence.png"
    done = skyar(
        *("track", clip, "--quality", "draft", "--output", tmp_path / "track.json"),
        *("--preview", target, "--graph", graph),
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in target.parent.iterdir()] == ["grid.mp4"]
    assert [path.name for path in graph.parent.iterdir()] == ["confidence.png"]
    assert graph.read_bytes().startswith(b"\x89PNG")
    before, after = (
        [frame.to_ndarray(format="rgb24").astype(int) for frame in av.open(str(path)).decode(video=0)]
        for path in (clip, target)
    )
    assert len(after) == len(before) == 5
    for plain, drawn in zip(before, after, strict=True):
        changed = np.abs(drawn[: plain.shape[0], : plain.shape[1]] - plain).max(axis=2) > 40
        assert 0.005 < changed.mean() < 0.5  # lines, and not another image


def test_matte(make_movie, tmp_path):
    done = skyar("matte", make_movie(images=3), "--quality", "draft", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out" / "matte").iterdir())) == 3


def test_folder_of_images_in_natural_order(tmp_path):
    import numpy as np
    from support.clips import landscape

    from skyar_blender.engine.media.images import write_png

    (tmp_path / "shot").mkdir()
    for index in range(11):
        write_png(tmp_path / "shot" / f"frame{index + 1}.png", landscape(index))
    (tmp_path / "shot" / "notes.txt").write_text("not a picture")
    done = skyar(
        *("replace", tmp_path / "shot", "--sky", "jupiter", "--quality", "draft"),
        *("--rate", "12", "--output", tmp_path / "out", "--no-previews"),
    )
    assert done.returncode == 0, done.stderr
    job = json.loads((tmp_path / "out" / "job.json").read_text())
    assert job["clip"]["files"] == [f"frame{number}.png" for number in range(1, 12)]
    assert not (tmp_path / "out" / "preview.mp4").exists()
    assert np.isclose(json.loads((tmp_path / "out" / "track.json").read_text())["fps"], 12)


@pytest.mark.parametrize("command", [[], ["replace"], ["matte"], ["track"], ["skies"], ["check"]])
def test_help(command):
    done = skyar(*command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout
    if command in (["replace"], ["matte"], ["track"]):
        assert f"skyar {command[0]} " in done.stdout  # an example


def test_version():
    from skyar_blender import __version__

    assert skyar("--version").stdout.strip() == f"skyar {__version__}"


@pytest.mark.parametrize("arguments", [["evaluate", "matting", "list.jsonl", "--part", "a"], ["benchmark", "--help"]])
def test_what_measures_is_asked_for_where_it_is_not_installed(monkeypatch, arguments):
    monkeypatch.setattr(measuring, "find_spec", lambda *_: None)
    app = typer.Typer()
    measuring.add_to(app)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 7
    assert f"`skyar {arguments[0]}` is not in this copy" in done.stderr and "source tree" in done.stderr
