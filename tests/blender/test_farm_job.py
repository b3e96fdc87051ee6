# SPDX-License-Identifier: GPL-3.0-or-later
"""Submit as Farm Job writes what the engine takes, and Replace Sky finds what the farm has made."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import bpy
from blender.shots import ENGINE_PYTHON, saved_shot, skyar, strips


def test_from_strip_to_farm_and_back(
    media: Path, tmp_path: Path, warm_engine: Callable[[list[str]], list[str]]
) -> None:
    shot = saved_shot(media, tmp_path, 5, (2, 6))
    choices = {"sky": "jupiter", "quality": "draft", "matte_method": "adaptive"}
    assert bpy.ops.sequencer.skyar_submit_farm_job(**choices, part_frames=3) == {"FINISHED"}
    bundle = tmp_path / "skyar" / "landscape_jupiter_farm"
    template = json.loads((bundle / "template.json").read_text())
    (values,) = json.loads((bundle / "parameter_values.json").read_text())["parameterValues"]
    (parts,) = template["steps"][1]["parameterSpace"]["taskParameterDefinitions"]
    assert parts["range"] == ["1-3", "4-4"] and values["value"] == str(tmp_path / "skyar" / "landscape_jupiter")
    meant = {"{{Param.Job}}": str(bundle / "job.json"), "{{Param.Output}}": values["value"]}
    for step in template["steps"]:
        for part in parts["range"] if step["name"] == "Parts" else [""]:
            words = step["script"]["actions"]["onRun"]["args"]
            words = [part if word == "{{Task.Param.Part}}" else meant.get(word, word) for word in words]
            command = skyar("bridge.launch").shell_command(Path(ENGINE_PYTHON), words)
            subprocess.run(
                warm_engine(command),
                check=True,
                env=skyar("bridge.launch").worker_environment(),
                capture_output=True,
            )
    assert bpy.ops.sequencer.skyar_replace_sky(**choices) == {"FINISHED"}
    (result,) = [strip for strip in strips(shot) if strip.type == "SCENE"]
    assert result.scene["skyar_folder"] == "//skyar/landscape_jupiter"
    stages = json.loads((Path(values["value"]) / "report.json").read_text())["stages"]
    assert all(row["computed"] == 0 for row in stages.values())
