# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs for render farms: their steps, run as a farm runs them, give what one run gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.clips import landscape, write_movie
from support.jobs import ROOT, quick_job, run_here

from skyar_blender.common.farm_bundle import JOB, TEMPLATE, VALUES, FarmBundle
from skyar_blender.contract.job import Clip, Job

COUNT = 6
JOB_TYPE = ROOT / "docs" / "farms" / "skyar_replace_sky.js"


def steps_of(bundle: FarmBundle) -> dict[str, list[str]]:
    """What each step of the template runs, as words."""
    steps = bundle.template()["steps"]
    return {step["name"]: step["script"]["actions"]["onRun"]["args"] for step in steps}


def test_the_template_has_a_task_for_each_part():
    bundle = FarmBundle(Job(clip=Clip(path="/clips/walk.mp4"), output="/out", until="matte"), 250, 100)
    template = bundle.template()
    analysis, parts, join = template["steps"]
    assert parts["parameterSpace"]["taskParameterDefinitions"][0]["range"] == ["1-100", "101-200", "201-250"]
    assert "dependencies" not in analysis
    assert parts["dependencies"] == [{"dependsOn": "Analysis"}] and join["dependencies"] == [{"dependsOn": "Parts"}]
    assert steps_of(bundle)["Parts"] == ["part", "{{Param.Output}}", "{{Task.Param.Part}}"]


def test_a_farm_takes_so_many_parts_and_no_longer_names():
    bundle = FarmBundle(Job(clip=Clip(path=f"/{'long' * 60}.mp4"), output="/out", until="matte"), 100_000, 10)
    assert len(bundle.parts) <= 1024 and bundle.parts[-1].endswith("-100000")
    assert len(bundle.template()["name"]) == 128


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return quick_job(tmp_path, write_movie(tmp_path / "clip.mp4", [landscape(index) for index in range(COUNT)]))


def results(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*.*") if path.suffix in (".png", ".exr", ".mp4")]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def test_openjd_runs_it(job, tmp_path):
    pytest.importorskip("openjd.cli", reason="make engine installs it")
    FarmBundle(job, COUNT, 4).write(tmp_path / "bundle")
    values = json.loads((tmp_path / "bundle" / VALUES).read_text())["parameterValues"]
    assert (tmp_path / "bundle" / JOB).read_text() == job.to_json()
    skyar = tmp_path / "skyar"
    skyar.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m skyar_blender.worker.cli "$@"\n')
    skyar.chmod(0o755)
    template = tmp_path / "bundle" / TEMPLATE
    chosen = [f"{each['name']}={each['value']}" for each in [*values, {"name": "SkyAR", "value": skyar}]]
    ran = subprocess.run(
        [sys.executable, "-m", "openjd", "run", str(template), "--step", "Join", "--run-dependencies"]
        + [word for each in chosen for word in ("-p", each)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    whole = replace(job, output=str(tmp_path / "whole"))
    run_here(whole)
    assert results(Path(job.output)) == results(Path(whole.output))


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to compile the job type")
def test_flamenco_compiles_the_job_type(job, tmp_path):
    settings = {"job_file": "/bundle/job.json", "output": "/out", "frames": 250, "part_frames": 100, "skyar": "skyar"}
    tasks = compiled(settings)
    assert [task["name"] for task in tasks] == ["analysis", "part-1-100", "part-101-200", "part-201-250", "join"]
    assert [task["needs"] for task in tasks] == [[], *[["analysis"]] * 3, [task["name"] for task in tasks[1:4]]]
    assert all(task["kind"] == "misc" and task["command"] == "exec" for task in tasks)
    # The words are those of the Open Job Description template.
    bundle = FarmBundle(replace(job, output="/out"), 250, 100)
    meant = {"{{Param.Job}}": "/bundle/job.json", "{{Param.Output}}": "/out", "{{Task.Param.Part}}": "101-200"}
    steps = {name: [meant.get(word, word) for word in words] for name, words in steps_of(bundle).items()}
    assert [tasks[place]["parameters"] for place in (0, 2, 4)] == [
        {"exe": "skyar", "args": steps[name]} for name in ("Analysis", "Parts", "Join")
    ]


#: What Flamenco gives a job type, as far as this one needs it.
_FLAMENCO = """
const tasks = [];
const author = {
    Command: (name, parameters) => ({ name, parameters }),
    Task: (name, kind) => ({
        name, kind, needs: [],
        addCommand(command) { this.command = command.name; this.parameters = command.parameters; },
        addDependency(other) { this.needs.push(other.name); },
    }),
};
const settings = JSON.parse(process.argv[1]);
for (const each of JOB_TYPE.settings) {
    if (each.required && !(each.key in settings)) throw each.key + " is missing";
}
compileJob({ settings, addTask: (task) => tasks.push(task) });
console.log(JSON.stringify(tasks));
"""


def compiled(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks that the job type makes."""
    script = JOB_TYPE.read_text() + _FLAMENCO
    made = subprocess.run(
        ["node", "-e", script, json.dumps(settings)], capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(made.stdout)
