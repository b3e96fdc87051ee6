# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: what is refused, and what makes two jobs the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.common.folder_choice import free_folder
from skyar_blender.common.option_lookup import with_options
from skyar_blender.contract.correction import Correction
from skyar_blender.contract.errors import EXIT_STATUS, ErrorCode, SkyarError
from skyar_blender.contract.job import Clip, Job, Look, Settings, Sky
from skyar_blender.worker.job.job_file import parse_job

JOB = Job(clip=Clip(path="/clips/a.mp4"), sky=Sky(source="sunset"), output="/out")


def test_a_job_survives_its_file():
    assert parse_job(JOB.to_json().encode()) == JOB


@settings(deadline=None)
@given(
    exposure=st.floats(-20, 20),
    rotation=st.floats(-360, 360),
    order=st.none() | st.lists(st.integers(0, 10_000), min_size=1, max_size=20),
    path=st.text(min_size=1).filter(lambda text: "\x00" not in text and text.isprintable()),
)
def test_any_valid_job_survives_its_file(exposure, rotation, order, path):
    job = Job(
        clip=Clip(path=path, order=order),
        sky=Sky(source=path, exposure=exposure, rotation=rotation),
        output="/out",
    )
    assert parse_job(job.to_json().encode()) == job


def changed(**changes: object) -> bytes:
    """The job's file with values at dotted names set; None removes."""
    data = JOB.to_dict()
    for name, value in changes.items():
        *parents, last = name.split("__")
        place = data
        for parent in parents:
            place = place[parent]
        place[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"version": "1"},
        {"clip": "a.mp4"},
        {"clip__path": 3},
        {"clip__path": ""},
        {"clip__first": "0"},
        {"clip__first": 5, "clip__last": 4},
        {"clip__first": -1},
        {"clip__kind": "photo"},
        {"clip__rate": "fast"},
        {"clip__rate": "0"},
        {"clip__rate": "1/0"},
        {"clip__order": []},
        {"clip__order": [1.5]},
        {"sky__rotation": 1e300},
        {"sky__raised": 61},
        {"settings__look__tint": [1.0, 1.0]},
        {"settings__look__tint": [1.0, 1.0, 0.0]},
        {"settings__look__light": "manually"},
        {"settings__look__light_change": 5},
        {"reuse": 3},
        {"settings__quality": "best"},
        {"settings__look__mix": 2},
        {"settings__look__mix": "1"},
        {"settings__focal_length": 0},
        {"settings__colour": "red"},
        {"settings__corrections": {}},
        {"settings__corrections": [{"path": "/m.png", "truth": "maybe"}]},
        {"settings__corrections": [{"path": "", "truth": "sky"}]},
        {"settings__corrections": [{"path": "/m.png", "truth": "sky", "first": -1}]},
        {"settings__corrections": [{"path": "/m.png", "truth": "sky", "first": 4, "last": 3}]},
        {"settings__corrections": [{"path": "/m.png", "truth": "sky", "last": -1}]},
        {"settings__corrections": [{"path": "/m", "truth": "sky", "last": 2, "files": ["a.png"]}]},
        {"settings__corrections": [{"path": "/m", "truth": "sky", "files": ["../a.png"]}]},
        {"settings__corrections": [{"path": "/m.png", "truth": "sky", "placement": [1, 0, 0]}]},
        {"settings__corrections": [{"path": "/m.png", "truth": "sky", "colour": "red"}]},
        {"device": "tpu"},
        {"output": ""},
        {"until": "later"},
        {"sky": None},
    ],
)
def test_wrong_jobs_are_refused_with_words(change):
    with pytest.raises(SkyarError) as caught:
        parse_job(changed(**change))
    assert caught.value.code == ErrorCode.BAD_JOB
    assert caught.value.what and caught.value.why and caught.value.todo


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 1}'])
def test_what_is_no_job_is_refused(text):
    with pytest.raises(SkyarError) as caught:
        parse_job(text)
    assert caught.value.code == ErrorCode.BAD_JOB


def test_same_job_whatever_its_folder_and_device():
    other = replace(JOB, output="/elsewhere", device="cpu", until="matte")
    assert JOB.makes_same_as(other.to_dict())


@pytest.mark.parametrize(
    "other",
    [
        replace(JOB, sky=Sky(source="cloudy")),
        replace(JOB, clip=Clip(path="/clips/a.mp4", first=1)),
        replace(JOB, settings=Settings(look=Look(mix=0.5))),
        replace(JOB, settings=Settings(corrections=[Correction(path="/m.png", truth="sky")])),
    ],
)
def test_other_jobs_are_other_jobs(other):
    assert not JOB.makes_same_as(other.to_dict())


def test_a_folder_that_no_other_job_holds(tmp_path):
    base = tmp_path / "shot-sunset"
    assert free_folder(JOB, base) == base
    base.mkdir()
    assert free_folder(JOB, base) == base
    (base / "job.json").write_text(JOB.to_json())
    assert free_folder(JOB, base) == base
    other = replace(JOB, sky=Sky(source="cloudy"))
    assert free_folder(other, base) == tmp_path / "shot-sunset-2"
    (tmp_path / "shot-sunset-2").write_text("a file of the user's")
    assert free_folder(other, base) == tmp_path / "shot-sunset-3"


def test_corrections_survive_the_file_of_a_job():
    corrections = [
        Correction(path="/m.png", truth="not_sky", first=3, last=9),
        Correction(path="masks", truth="sky", files=["1.png", "2.png"], placement=[0.5, 0, 0.25, 0, 1, 0]),
    ]
    job = replace(JOB, settings=Settings(corrections=corrections))
    assert parse_job(job.to_json().encode()) == job


def test_the_frames_and_images_of_a_correction(tmp_path):
    still = Correction(path="/m.png", truth="sky", first=3)
    assert list(still.frames(6)) == [3, 4, 5]
    assert still.image(4, tmp_path) == Path("/m.png")
    series = Correction(path="masks", truth="sky", first=3, files=["a.png", "b.png"])
    assert list(series.frames(6)) == [3, 4]
    assert series.image(4, tmp_path) == tmp_path / "masks" / "b.png"


def test_masks_that_wait_for_their_job_leave_a_folder_free(tmp_path):
    base = tmp_path / "shot"
    (base / "state" / "masks" / "a").mkdir(parents=True)
    (base / "state" / "masks" / "a" / "000001.png").write_bytes(b"white")
    assert free_folder(JOB, base) == base
    (base / "state" / "letter.txt").write_text("a file of the user's")
    assert free_folder(JOB, base) == tmp_path / "shot-2"


def test_every_error_has_an_exit_status():
    assert set(EXIT_STATUS) == set(ErrorCode)
    assert all(0 < status < 256 for status in EXIT_STATUS.values())


def test_only_sky_and_look_may_differ_where_a_matte_is_shared():
    sky, settings = Sky(source="cloudy", raised=3), replace(JOB.settings, horizon=0.2, wind=1, previews=False)
    other = replace(
        JOB, output="/elsewhere", sky=sky, settings=replace(settings, look=Look(mix=0.5)), reuse="/before"
    )
    assert other.shares_matte_with(JOB.to_dict())
    assert not other.makes_same_as(JOB.to_dict())
    assert replace(JOB, reuse="/before").makes_same_as(JOB.to_dict())
    assert not other.shares_matte_with(replace(JOB, settings=replace(JOB.settings, focal_length=50)).to_dict())
    assert not other.shares_matte_with(replace(JOB, clip=replace(JOB.clip, first=1, last=4)).to_dict())
    assert not other.shares_matte_with({})


def test_a_job_of_an_older_version_is_the_same_where_it_would_have_done_the_same():
    job = replace(JOB, clip=replace(JOB.clip, stream=0))
    stored = job.to_dict()
    for part, name in (("clip", "stream"), ("clip", "colour_space"), ("sky", "mirror"), ("settings", "wind")):
        stored[part].pop(name, None)
    del stored["settings"]["look"]["haze"]
    assert job.makes_same_as(stored) and job.shares_matte_with(stored)
    assert replace(job, clip=replace(job.clip, stream=None)).makes_same_as(job.to_dict())
    assert not replace(job, clip=replace(job.clip, stream=1)).makes_same_as(job.to_dict())
    del stored["clip"]["turned"]
    assert replace(job, clip=replace(job.clip, turned=False)).makes_same_as(stored)
    assert not replace(job, clip=replace(job.clip, turned=False)).makes_same_as(job.to_dict())
    assert not replace(job, clip=replace(job.clip, colour_space="Rec.2100-HLG")).makes_same_as(stored)
    assert not replace(job, settings=replace(job.settings, look=Look(haze=0.9))).makes_same_as(stored)


def test_keyed_look() -> None:
    look = Look(mix=0.25, grain=2.0, keyed={"mix": [0, 0.5, 1]})
    assert [look.at(index).mix for index in (0, 1, 2, 9)] == [0, 0.5, 1, 1]
    assert look.at(0).grain == 2.0 and not look.at(0).keyed
    assert Look().at(5) == Look()
    for wrong in ({"mix": [0.5, 1.5]}, {"mix": []}, {"light": [1.0]}, {"light_change": [1.0]}, {"colour": [1.0]}):
        with pytest.raises(ValueError):
            Look(keyed=wrong)


def test_what_is_said_holds_for_all_frames() -> None:
    keyed = {"mix": [0.0, 1.0], "grain": [1.0, 2.0]}
    job = Job(clip=Clip(path="/a.mp4"), output="/out", until="track", settings=Settings(look=Look(keyed=keyed)))
    assert with_options(job, {"mix": 0.5}).settings.look == Look(mix=0.5, keyed={"grain": [1.0, 2.0]})
    plain = replace(job, settings=Settings())
    stored = plain.to_dict()
    del stored["settings"]["look"]["keyed"]
    assert plain.differences(stored) == {} and job.differences(stored) == {"keyed": "look"}
