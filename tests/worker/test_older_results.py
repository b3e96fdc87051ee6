# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of versions that kept no record: what is whole is used, what is damaged is made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.jobs import digests

from skyar_blender.common.changed_sky import with_other_sky
from skyar_blender.contract import events
from skyar_blender.contract.file_record import read_record
from skyar_blender.contract.job import Job
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.worker.job.folder import fingerprint

DAMAGED = ("matte/000002.png", "sky/000003.exr", "state/matte_flicker.json")


@pytest.fixture
def older(make_movie, job_for, run) -> Job:
    """A finished result without a record, as such a version left it."""
    job = job_for(make_movie(images=4))
    run(job)
    folder = OutputFolder(Path(job.output))
    folder.record.unlink()
    (folder.state / "clip.json").write_text(json.dumps(fingerprint(job)))
    return job


def test_what_is_whole_is_used_and_recorded(older, run):
    folder = Path(older.output)
    before = digests(folder)
    matte = bytearray((folder / DAMAGED[0]).read_bytes())
    matte[len(matte) // 2] ^= 4
    (folder / DAMAGED[0]).write_bytes(matte)
    for name in DAMAGED[1:]:
        path = folder / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    times = {name: (folder / name).stat().st_mtime_ns for name in before}
    reported = [each for each in run(older) if isinstance(each, events.Warning) and each.code == "files_damaged"]
    assert reported and reported[0].what.startswith(f"{len(DAMAGED)} file(s)")
    assert digests(folder) == before
    made = {name for name, time in times.items() if (folder / name).stat().st_mtime_ns != time}
    assert made == set(DAMAGED[:2])
    assert set(before) <= set(read_record(OutputFolder(folder)).files)


def test_its_mattes_and_motion_are_taken_over(older, run, tmp_path):
    other = with_other_sky(older, older.output, str(tmp_path / "other"), "jupiter", {})
    run(other)
    for name in ("matte/000001.png", "plate/000004.exr"):
        assert (tmp_path / "other" / name).read_bytes() == Path(older.output, name).read_bytes()
    assert json.loads((tmp_path / "other" / "report.json").read_text())["figures"]["reused"] == "out"
