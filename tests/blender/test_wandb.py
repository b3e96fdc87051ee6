# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging to Weights & Biases from Blender: preferences, properties, the panel, and no key in any file."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import drawn, shown
from blender.shots import group_inputs, replaced, saved_shot, select, skyar, strips

replace_sky = bpy.ops.sequencer.skyar_replace_sky
change_sky = bpy.ops.sequencer.skyar_change_sky
#: A run of which nothing is logged.
PLAIN: dict[str, Any] = {"sky": "jupiter", "quality": "draft", "motion": "STATIC"}
KEY = "0123456789abcdef" * 2 + "01234567"


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with a strip of three frames."""
    return saved_shot(media, tmp_path, 5, (2, 5))


@pytest.fixture
def known() -> Any:
    """The preferences, which are put back afterwards."""
    found = skyar("addon.preferences.preferences").preferences()
    names = ("wandb_mode", "wandb_project", "wandb_entity", "wandb_folder", "wandb_clip")
    before = {name: getattr(found, name) for name in names}
    yield found
    for name, value in before.items():
        setattr(found, name, value)


def result_of(scene: Any) -> Any:
    (found,) = [strip for strip in strips(scene) if strip.type == "SCENE"]
    return found


def job_of(scene: Any) -> Any:
    folder = Path(bpy.path.abspath(result_of(scene).scene["skyar_folder"]))
    return json.loads((folder / "job.json").read_text())


def runs(folder: Path) -> list[Path]:
    return sorted((folder / "wandb").glob("offline-run-*"))


#: Run by the engine's Python: Blender's has no wandb.
_READ = """
import base64, json, pathlib, sys
sys.path.insert(0, sys.argv[1])
from support.wandb_records import read_run
run = read_run(pathlib.Path(sys.argv[2]))
files = {
    name: {entry.path: base64.b64decode(entry.digest).hex() for entry in artifact.manifest.contents}
    for name, artifact in run.artifacts.items()
}
print(json.dumps({**{key: run.config.get(key) for key in ("changed", "inputs")}, "artifacts": files}))
"""


def read(run: Path) -> dict[str, Any]:
    tests = Path(__file__).resolve().parents[1]
    command = [os.environ["SKYAR_ENGINE_PYTHON"], "-c", _READ, str(tests), str(run)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_nothing_is_logged_unless_it_is_wanted(shot: Any, tmp_path: Path) -> None:
    replaced(tmp_path, **PLAIN)
    assert job_of(shot)["wandb"] is None
    assert not list(tmp_path.rglob("*.wandb"))
    select(shot, result_of(shot))
    assert not shown(skyar("addon.panels.wandb").SEQUENCER_PT_skyar_wandb)


def test_as_the_preferences_say(shot: Any, known: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    known.wandb_mode, known.wandb_project, known.wandb_entity = "OFFLINE", "Shots", "team"
    replace_sky(**PLAIN)
    wandb = job_of(shot)["wandb"]
    assert (wandb["mode"], wandb["project"], wandb["entity"]) == ("offline", "Shots", "team")
    assert wandb["host"] == f"Blender {bpy.app.version_string}"
    assert len(runs(tmp_path / "skyar")) == 1
    select(shot, result_of(shot))
    panel = skyar("addon.panels.wandb").SEQUENCER_PT_skyar_wandb
    assert shown(panel)
    layout = drawn(panel)
    assert "1 run waits to be sent:" in layout.labels()
    (copy,) = layout.operators("skyar.copy_text")
    assert copy.text.startswith("wandb sync ") and str(tmp_path / "skyar" / "wandb") in copy.text
    # The sky is changed: another run, with its movies.
    change_sky(sky="supermoon", wandb_project="Other")
    assert job_of(shot)["wandb"]["project"] == "Other"
    assert len(runs(tmp_path / "skyar")) == 2
    change_sky(sky="supermoon", sky_rotation=1.0, wandb="OFF")
    assert len(runs(tmp_path / "skyar")) == 2
    bpy.ops.wm.save_mainfile()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20 and not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_folder_of_its_own(shot: Any, known: Any, tmp_path: Path) -> None:
    replaced(tmp_path, **PLAIN)
    replace_sky(**PLAIN, wandb="OFFLINE", wandb_dir="//logs")
    assert len(runs(tmp_path / "logs")) == 1 and not runs(tmp_path / "skyar")


def test_online_needs_online_access(shot: Any, known: Any) -> None:
    assert not bpy.app.online_access
    with pytest.raises(RuntimeError, match="online access is off"):
        replace_sky(sky="sunset", wandb="ONLINE")


def test_the_preferences_draw(known: Any) -> None:
    preferences = skyar("addon.preferences.preferences")
    for mode in ("OFF", "OFFLINE", "ONLINE"):
        known.wandb_mode = mode
        values = {name: getattr(known, name) for name in ("wandb_mode", "engine_python", "bl_rna")}
        layout = drawn(preferences.SkyarPreferences, **values)
        assert ("wandb_project" in layout.properties()) == (mode != "OFF")
        assert bool(layout.operators("skyar.wandb_login")) == (mode != "OFF")


def test_a_render_is_logged_with_what_was_changed(shot: Any, known: Any, media: Path, tmp_path: Path) -> None:
    replaced(tmp_path, **PLAIN)
    select(shot, result_of(shot))
    log_render = bpy.ops.sequencer.skyar_log_render
    movie = next(media.glob("*.mkv"))
    with pytest.raises(RuntimeError, match="is off"):
        log_render(filepath=str(movie))
    known.wandb_mode = "OFFLINE"
    with pytest.raises(RuntimeError, match="no such movie"):
        log_render(filepath=str(tmp_path / "gone.mp4"))
    group_inputs(result_of(shot))["Light Wrap"].default_value = 0.77
    assert log_render(filepath=str(movie)) == {"FINISHED"}
    (run,) = runs(tmp_path / "skyar")
    reported = read(run)
    assert reported["changed"] == {"Light Wrap": {"from": 0.1, "to": 0.77}}
    assert reported["inputs"]["Light Wrap"] == 0.77 and len(reported["inputs"]) > 10
    assert reported["artifacts"] == {"landscape-sky": {movie.name: hashlib.md5(movie.read_bytes()).hexdigest()}}


# --- the key -----------------------------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python whose wandb takes the good key; the file that it writes what it was given to."""
    heard = tmp_path / "heard.txt"
    package = tmp_path / "package" / "wandb"
    package.mkdir(parents=True)
    package.joinpath("__init__.py").write_text(
        "import pathlib, sys\n"
        "def login(key, **options):\n"
        f"    pathlib.Path({str(heard)!r}).write_text(f'{{sys.argv}} {{len(key)}}')\n"
        f"    if key != {KEY!r}: raise ValueError(f'bad key {{key}}')\n"
        "    return True\n"
    )
    launch = skyar("bridge.wandb_login")
    real = launch.worker_environment
    monkeypatch.setattr(launch, "worker_environment", lambda: {**real(), "PYTHONPATH": str(package.parent)})
    requested = launch.log_in
    monkeypatch.setattr(launch, "log_in", lambda python, key, online: requested(python, key, online=True))
    return heard


def test_a_key_is_handed_over_and_forgotten(client: Path, tmp_path: Path) -> None:
    assert bpy.ops.skyar.wandb_login(key=KEY) == {"FINISHED"}
    assert client.read_text() == "['-c'] 40"  # neither among the arguments
    kept = bpy.context.window_manager.operator_properties_last("skyar.wandb_login")
    assert kept is None or not kept.key
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "after.blend"))
    assert KEY.encode() not in (tmp_path / "after.blend").read_bytes()


def test_a_wrong_key_is_told_without_it(client: Path) -> None:
    wrong = "f" * 40
    with pytest.raises(RuntimeError, match="login to Weights & Biases failed") as raised:
        bpy.ops.skyar.wandb_login(key=wrong)
    assert wrong not in str(raised.value)
    with pytest.raises(RuntimeError, match="There is no key"):
        bpy.ops.skyar.wandb_login(key="  ")


def test_no_login_without_online_access() -> None:
    with pytest.raises(RuntimeError, match="online"):
        bpy.ops.skyar.wandb_login(key=KEY)


# --- trying skies ------------------------------------------------------------------------------------------------


def test_skies_are_tried(shot: Any, tmp_path: Path) -> None:
    done = bpy.ops.sequencer.skyar_try_skies(skies="supermoon, jupiter", quality="draft", wandb="OFFLINE")
    assert done == {"FINISHED"}
    root = tmp_path / "skyar"
    assert {path.name for path in root.iterdir()} >= {
        "landscape_supermoon",
        "landscape_jupiter",
        "landscape_skies.jpg",
        "landscape_skies.mp4",
    }
    report = json.loads((root / "landscape_jupiter" / "report.json").read_text())
    assert report["stages"]["matte"]["computed"] == 0
    assert job_of(shot)["sky"]["source"] == "supermoon"
    (sheet,) = [image for image in bpy.data.images if image.name.startswith("landscape_skies")]
    assert sheet.size[0] > 900
    assert len(runs(root)) == 3  # one each, and one for the table
    # The other one is there already.
    select(shot, result_of(shot))
    change_sky(sky="jupiter")
    assert job_of(shot)["sky"]["source"] == "jupiter"
    report = json.loads((root / "landscape_jupiter" / "report.json").read_text())
    assert [stage["computed"] for stage in report["stages"].values()] == [0] * len(report["stages"])


def test_one_sky_is_nothing_to_compare(shot: Any) -> None:
    with pytest.raises(RuntimeError, match="fewer than two"):
        bpy.ops.sequencer.skyar_try_skies(skies="sunset")
