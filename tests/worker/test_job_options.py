# SPDX-License-Identifier: GPL-3.0-or-later
"""Every declared option is taken by the command line of each verb that it names, and none more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from skyar_blender.common.option_lookup import OPTIONS, options_for, values_of
from skyar_blender.common.sky_library import RAIN
from skyar_blender.contract.job import Clip, Job, Look, Settings, Sky
from skyar_blender.contract.option import VERBS, Option
from skyar_blender.worker.cli import draft, running
from skyar_blender.worker.cli.app import app

ARGUMENTS = {
    "replace": ["replace", "clip.mp4", "--sky", "cloudy", "--output", "out"],
    "change-sky": ["change-sky", "before", "--output", "out"],
    "try": ["try", "clip.mp4", "--skies", "cloudy,rainy", "--output", "out"],
    "draft": ["draft", "clip.mp4", "--sky", "cloudy", "--output", "draft.png"],
    "matte": ["matte", "clip.mp4", "--output", "out"],
    "track": ["track", "clip.mp4", "--output", "track.json"],
}
#: Values besides the first choice that is no default, and a number within the range.
SAID = {"rate": "25", "first": 3, "last": 9, "motion": "SCENE_CAMERA", "matte_method": "network"}


@pytest.fixture
def jobs_of(monkeypatch, tmp_path):
    """``jobs_of(verb, *said)``: the jobs that a command would run."""
    monkeypatch.chdir(tmp_path)
    before = Job(clip=Clip(path="/clips/a.mp4"), sky=Sky(source="cloudy", light_from=20), output="/before")
    before = replace(before, settings=Settings(horizon=0.4, wind=1.0, look=Look(haze=0.3)))
    Path("before").mkdir()
    Path("before", "job.json").write_text(before.to_json())

    class EndedError(Exception):
        pass

    def run(verb: str, *given: str) -> list[Job]:
        found: list[Job] = []

        def take(jobs: Any, *_given: Any) -> None:
            found.extend(jobs if isinstance(jobs, list) else [jobs])
            raise EndedError

        monkeypatch.setattr(running, "run", take)
        monkeypatch.setattr(running, "run_all", take)
        monkeypatch.setattr(draft, "write_draft", take)
        result = CliRunner().invoke(app, [*ARGUMENTS[verb], *given])
        assert isinstance(result.exception, EndedError), (result.output, result.exception)
        return found

    return run


def another(option: Option) -> Any:
    """A value that is not the option's default."""
    if option.name in SAID:
        return SAID[option.name]
    if option.kind == "switch":
        return not option.default
    if option.kind == "choice":
        return next(value for value in option.choices if value != option.default)
    if option.kind == "colour":
        return [1.5, 1.0, 0.5]
    return "/a/file" if option.is_file else 35


def in_shell(option: Option, value: Any) -> list[str]:
    flag = "--" + option.name.replace("_", "-")
    if option.kind == "switch":
        return [flag if value else flag.replace("--", "--no-", 1)]
    return [flag, ",".join(map(str, value)) if option.kind == "colour" else str(value)]


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_reaches_the_job(verb, jobs_of):
    wanted = {each.name: another(each) for each in options_for(verb)}
    for each in options_for(verb):
        if each.kind == "number" and not each.low <= 35 <= each.high:
            wanted[each.name] = each.high if each.default != each.high else each.low
    if verb in ("replace", "try", "draft", "track"):
        wanted["focal_length"] = None  # the camera has its own
    given = [part for name, value in wanted.items() if value is not None for part in in_shell(OPTIONS[name], value)]
    for job in jobs_of(verb, *given):
        values = values_of(job)
        assert {name: values[name] for name in wanted} == wanted


def test_what_is_not_said_has_its_default_or_stays(jobs_of):
    (job,) = jobs_of("replace")
    assert job == Job(clip=job.clip, sky=Sky(source="cloudy"), output=job.output)
    first, second = jobs_of("try")
    assert first.settings == Settings(preview_size=960)
    assert second.settings.look.rain == RAIN and second.sky.source == "rainy"
    (changed,) = jobs_of("change-sky")
    assert changed.sky == Sky(source="cloudy", light_from=20)
    assert changed.settings == Settings(horizon=0.4, wind=1.0, look=Look(haze=0.3), previews=False)
    assert jobs_of("replace", "--no-previews")[0].until == "sky"
    assert jobs_of("track", "--motion-file", "camera.json")[0].settings.motion == "SCENE_CAMERA"


def test_what_was_given_can_be_given_back_to_be_found(jobs_of):
    (job,) = jobs_of("change-sky", "--horizon", "auto", "--light-from", "auto", "--sky", "rainy", "--rain", "auto")
    assert job.settings.horizon is None and job.sky.light_from is None
    assert job.settings.look.rain == RAIN
    assert jobs_of("change-sky", "--sky", "rainy", "--rain", "0")[0].settings.look.rain == 0


@pytest.mark.parametrize(
    "given",
    [
        ("--horizon", "high"),
        ("--horizon", "9"),
        ("--haze", "2"),
        ("--tint", "1,2"),
        ("--tint", "red"),
        ("--rain", "-1"),
    ],
)
def test_a_wrong_value_is_told(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*ARGUMENTS["replace"], *given])
    assert result.exit_code == 2 and given[0].strip("-") in result.output
