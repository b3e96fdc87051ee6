# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as every earlier version of the schema wrote them, in ``job_files/``: all are read, and none is orphaned.

A release whose schema is another one adds a pair of files: of a job with defaults, and with as much set as may be.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skyar_blender.common.folder_choice import holds_same_job
from skyar_blender.common.option_lookup import OPTIONS, values_of, with_options
from skyar_blender.common.stored_job import stored_job
from skyar_blender.contract.job import Clip, Job, Sky
from skyar_blender.worker.job.job_file import read_job

FILES = sorted((Path(__file__).parent / "job_files").glob("*.json"))
TODAY = Job(clip=Clip(path="/clips/walk.mp4"), sky=Sky(source="sunset"), output="/out/walk")


def holds(whole: Any, part: Any) -> bool:
    """Whether all that ``part`` says is in ``whole``."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and holds(whole[key], each) for key, each in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_job_of_an_earlier_version_is_read_and_its_folder_is_still_its_own(path, tmp_path):
    data = json.loads(path.read_text())
    (tmp_path / "job.json").write_text(path.read_text())
    job = read_job(path)
    assert holds(job.to_dict(), data)
    assert stored_job(tmp_path) == job
    assert job.affected_by(data) <= {"nothing"}
    assert holds_same_job(replace(job, device="mps", output="/moved"), tmp_path)


def test_the_last_files_have_all_that_their_schema_had():
    defaults, all_set = (json.loads(next(p for p in reversed(FILES) if p.stem.endswith(kind)).read_text())
                         for kind in ("defaults", "all_set"))  # fmt: skip
    assert holds(TODAY.to_dict(), defaults), "what was written yesterday has another default today"
    values, usual = values_of(read_job(FILES[-2])), values_of(TODAY)
    assert sum(value != usual[name] for name, value in values.items()) > 35
    assert all_set["settings"]["corrections"]


@pytest.mark.parametrize("name", OPTIONS)
def test_a_result_that_was_made_before_an_option_came_stays_that_of_its_job(name):
    option, stored = OPTIONS[name], TODAY.to_dict()
    place = {"job": stored, "look": stored["settings"]["look"]}.get(option.part) or stored[option.part]
    del place[option.field]
    assert TODAY.makes_same_as(stored) and TODAY.shares_matte_with(stored)


OTHER = {
    "number": lambda option: option.low if option.default != option.low else option.high,
    "integer": lambda option: 17,
    "switch": lambda option: not option.default,
    "choice": lambda option: [each for each in option.choices if each != option.default][-1],
    "text": lambda option: "25" if option.name == "rate" else "/any",
    "colour": lambda option: [1.0, 2.0, 1.0],
}


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "motion_file"])
def test_another_value_affects_what_is_declared(name):
    other = with_options(TODAY, {name: OTHER[OPTIONS[name].kind](OPTIONS[name])})
    assert other != TODAY
    assert other.affected_by(TODAY.to_dict()) == {OPTIONS[name].affects}
