# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a finished result that were cut off, emptied, changed by a bit or swapped: told and made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape, write_movie
from support.jobs import report_of, under_other_sky

from skyar_blender.common.folder_choice import holds_same_job
from skyar_blender.common.stored_job import stored_job
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip, Job, Look, Settings, Sky
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job

COUNT = 4
#: Not known by their hashes: what was said, and what takes care of itself.
FREE = ("worker.log", "worker.lock")


def truncated(path: Path, _: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path, _: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 4
    path.write_bytes(bytes(data))


def swapped(path: Path, other: Path) -> None:
    """Another's of the same name where there is one."""
    path.write_bytes(other.read_bytes() if other.is_file() else b"something of another program")


def damaged(how: Callable[[Path, Path], None], path: Path, other: Path) -> bool:
    """Damage a file; whether it is another now (the streaks of rain are the same in all results)."""
    before = path.read_bytes()
    how(path, other)
    return path.read_bytes() != before


DAMAGES = (truncated, emptied, flipped, swapped)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A job with all that can be made, finished, and one with another clip and sky."""
    root = tmp_path_factory.mktemp("damage")
    made = []
    for name, colour, pan in (("one", 200, 2.0), ("two", 90, 3.0)):
        clip = write_movie(root / f"{name}.mp4", [landscape(index, pan=pan) for index in range(COUNT)])
        write_png(root / f"{name}.png", np.full((32, 64, 3), colour, np.uint8))
        settings = Settings(quality="draft", matte_method="adaptive", look=Look(rain=0.5, reflections=1.0))
        job = Job(
            clip=Clip(path=str(clip)),
            sky=Sky(source=str(root / f"{name}.png")),
            output=str(root / f"{name} out"),
            settings=settings,
        )
        run_job(job, lambda event: None, CancelToken())
        made.append(job)
    return made


@pytest.fixture
def finished(shared, tmp_path):
    """A copy of the finished job, and the folder of the other one."""
    job, other = shared
    output = tmp_path / "out"
    shutil.copytree(job.output, output)
    return replace(job, output=str(output)), Path(other.output)


def contents(folder: Path) -> dict[str, str]:
    """What of a result must always be the same."""
    same = ("matte", "plate", "sky", "grain", "rain", "track.json", "confidence.png")
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] in same
    }


def files_of(folder: Path) -> list[str]:
    found = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    return [name for name in found if name not in FREE]


def figures(folder: Path) -> dict:
    found = report_of(folder)["figures"]
    return {name: found[name] for name in ("light", "grain", "sky", "placement", "coverage_mean", "matte_flicker")}


@pytest.mark.parametrize("damage", DAMAGES)
def test_all_files_at_once_are_made_again(finished, run, damage: Callable[[Path, Path], None]):
    job, other = finished
    folder = Path(job.output)
    before, told_before = contents(folder), figures(folder)
    kept = {"job.json", "state/record.txt"}
    names = [name for name in files_of(folder) if name not in kept]
    assert len(names) > 30
    names = [name for name in names if damaged(damage, folder / name, other / name)]
    (warning,) = [each for each in run(job) if isinstance(each, events.Warning) and each.code == "files_damaged"]
    assert warning.what.startswith(f"{len(names)} file(s)")
    assert contents(folder) == before and figures(folder) == told_before
    aside = {path.relative_to(folder / "set_aside").as_posix() for path in (folder / "set_aside").rglob("*.*")}
    assert aside == (set() if damage is emptied else set(names))
    assert not any(isinstance(each, events.Warning) and each.code == "files_damaged" for each in run(job))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["job.json", "state/record.txt"])
def test_what_tells_of_the_others(finished, run, damage, name):
    job, other = finished
    folder = Path(job.output)
    before = contents(folder)
    damage(folder / name, other / name)
    assert holds_same_job(job, folder)
    warnings = [each for each in run(job) if isinstance(each, events.Warning) and each.code == "files_damaged"]
    assert len(warnings) == 1 and name in warnings[0].why
    assert contents(folder) == before
    assert stored_job(folder) == job


def test_a_folder_that_tells_nothing_any_more_is_left_alone(finished, run):
    job, _ = finished
    folder = Path(job.output)
    truncated(folder / "job.json", folder)
    emptied(folder / "state" / "record.txt", folder)
    before = contents(folder)
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN and "job.json is damaged" in caught.value.why
    assert contents(folder) == before and not (folder / "set_aside").exists()
    with pytest.raises(ValueError, match=r"job\.json is damaged"):
        stored_job(folder)


@pytest.mark.parametrize("damage", DAMAGES)
def test_another_sky_takes_nothing_that_is_damaged(finished, run, damage, tmp_path):
    job, other = finished
    folder = Path(job.output)
    sky = replace(job.sky, rotation=40.0)
    run(under_other_sky(job, tmp_path / "good", sky))
    good = contents(tmp_path / "good"), figures(tmp_path / "good")  # some of its files are the first folder's own
    names = [name for name in files_of(folder) if name not in ("job.json", "state/record.txt")]
    for name in names:
        damaged(damage, folder / name, other / name)
    reported = run(under_other_sky(job, tmp_path / "mended", sky))
    assert [each.code for each in reported if isinstance(each, events.Warning)].count("files_damaged") == 1
    assert (contents(tmp_path / "mended"), figures(tmp_path / "mended")) == good
    # A rerun of the result that shares files with a damaged one notices and mends it too.
    run(under_other_sky(job, tmp_path / "good", sky))
    assert contents(tmp_path / "good") == good[0]


def test_another_sky_is_not_made_of_a_job_that_was_changed(finished, run, tmp_path):
    job, _ = finished
    path = Path(job.output, "job.json")
    path.write_text(path.read_text().replace('"rotation": 0.0', '"rotation": 9.0'))
    with pytest.raises(SkyarError) as caught:
        run(under_other_sky(job, tmp_path / "other", job.sky))
    assert caught.value.code == ErrorCode.BAD_JOB and "damaged or changed" in caught.value.why
