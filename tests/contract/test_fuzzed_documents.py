# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up and spoilt documents: each is read, or refused in words; none hangs, fills the memory or ends elsewhere.

``pytest tests/contract/test_fuzzed_documents.py --fuzz 600`` looks for ten minutes.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skyar_blender.bridge.managed import ManagedEnvironment
from skyar_blender.common.folder_choice import holds_same_job
from skyar_blender.common.own_sky import own_metadata
from skyar_blender.common.sky_library import list_skies
from skyar_blender.common.stored_job import stored_job
from skyar_blender.contract import events
from skyar_blender.contract.colour_transform import CUBE_SIDE, ColourTransform, packed_cube
from skyar_blender.contract.correction import Correction
from skyar_blender.contract.documents import parse_json, read_object
from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.file_record import file_line, head_line, line_of, misfits, read_record, state_of_bytes
from skyar_blender.contract.job import Clip, Job, Settings, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.motion_file import CameraMotion, CameraPose
from skyar_blender.contract.report import read_report
from skyar_blender.contract.track_file import SamePlace, Track, TrackFrame
from skyar_blender.contract.trial import Trial
from skyar_blender.contract.wandb import Wandb
from skyar_blender.contract.weights_name import weights_name
from skyar_blender.engine.matte.network.weights import shipped_metadata
from skyar_blender.engine.media.colour_table import ColourTable
from skyar_blender.worker.fetched_weights import CACHE_VARIABLE, OFFLINE_VARIABLE, weights_of
from skyar_blender.worker.files.older_result import look_through, older_record
from skyar_blender.worker.job.camera_motion import read_motion
from skyar_blender.worker.job.corrections import images_of
from skyar_blender.worker.job.job_file import parse_job
from skyar_blender.worker.job.weights_note import NOTE, FetchedWeights, begun_with
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.wandb_log.finished import LOGGED, Finished

ONE = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
JOB = Job(
    clip=Clip(path="/a", kind="sequence", files=["1.png", "2.png"], rate="30000/1001", order=[0, 1]),
    sky=Sky(source="sunset", light_from=3.0),
    output="/out",
    settings=Settings(
        motion="SCENE_CAMERA",
        motion_path="state/motion/a.json",
        corrections=[Correction(path="/m", truth="sky", files=["1.png", "2.png"], placement=[1, 0, 0, 0, 1, 0])],
    ),
    reuse="/before",
    wandb=Wandb(tags=["a"]),
    trial=Trial(results=["/r"], sheet="/s.jpg", movie="/m.mp4"),
)
FRAME = TrackFrame(index=0, homography=ONE, rotation=ONE, confidence=1.0, source="scene", points=9, residual_px=0.5)
TRACK = Track(
    width=160, height=96, fps=24.0, focal_px=[100.0, 101.0], focal_source="solved",
    frames=[FRAME, replace(FRAME, index=1, source="cut")], world=[ONE, ONE], clouds=[[0.0, 1.0, 0.0], None],
    distortion=[0.1, 0.0], same_place=[None, SamePlace(shot=0, rotation=ONE, confidence=0.5)],
    focal_sources=["solved", "other_shot"],
)  # fmt: skip
MOTION = CameraMotion(
    frames=[CameraPose(rotation=ONE, focal_length=35.0), None, CameraPose(rotation=ONE, focal_length=9)]
)
REPORT = {"version": 1, "complete": True, "figures": {"light": [{"tint": [1, 1, 1]}]}, "frames": [{"index": 0}]}
TOML = """
name = "bay"
title = "Bay"
file = "bay.exr"
licence = "CC0"
tags = ["sea", "sun"]
rain = false
mean_luminance = 0.3
peak = 4.0
sun_direction = [12.0, 30.0]
made = 2024-05-01
seconds = 6
"""

#: What has broken readers before, wherever it may stand.
NASTY: list[Any] = [
    None, True, -1, 0, 2**31, 10**18, -(10**18), 1e308, -1e308, 5e-324, 0.5, "", " ", ".", "..", "../../x", "/etc/x",
    "..\\x", "C:x", "a\0b", "\ud800", "\udcff", "1e99999999", "9" * 400, "1/0", "0/1", "inf", "nan", [], {},
    [[]], [None], {"": None}, ["1.png"], [10**18], "wandb://a/b/c:v1", "wandb://../../x:..", "wandb://" + "a/" * 50,
]  # fmt: skip
RAW = [b"1e999", b"-1e999", b"NaN", b"Infinity", b"1" * 5000, b"[" * 50000, b'{"a":' * 50000, b'"\\u0000"',
       b'"\\ud800"', b"\xff\xfe", b"\xed\xa0\x80", b"\0", b"1e-999999999", b"{}", b"[]", b"\xef\xbb\xbf"]  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in a document."""
    found = [way]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += places(child, (*way, key))
    return found


def set_at(document: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    changed = copy.deepcopy(document)
    inside = changed
    for key in way[:-1]:
        inside = inside[key]
    inside[way[-1]] = value
    return changed


@st.composite
def spoilt(draw: st.DrawFn, document: Any) -> bytes:
    """A document with something else in some places, then with something wrong in its bytes."""
    for _ in range(draw(st.integers(0, 3))):
        value = draw(st.sampled_from(NASTY) | st.floats() | st.integers() | st.text(max_size=20))
        ways = places(document)
        document = set_at(document, draw(st.sampled_from(ways)), value)
    return draw(wrong_bytes(json.dumps(document).encode()))


@st.composite
def wrong_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        place = draw(st.integers(0, len(data)))
        end = min(len(data), place + draw(st.sampled_from([0, 0, 1, 1, 5, 1 << 30])))
        data = data[:place] + draw(st.sampled_from(RAW) | st.binary(max_size=4)) + data[end:]
    return data


def a_job(data: bytes, folder: Path) -> None:
    job = parse_job(data)
    assert job.makes_same_as(job.to_dict()) and job.shares_matte_with(job.to_dict())
    assert parse_job(job.to_json().encode()) == job
    inside = [path for path in images_of(replace(job, output=str(folder))) if not path.is_absolute()]
    assert not inside and job.stages


def a_stored_job(data: bytes, folder: Path) -> None:
    (folder / "job.json").write_bytes(data)
    assert holds_same_job(JOB, folder) in (True, False)
    stored_job(folder).to_json()


def a_colour(data: bytes, _: Path) -> None:
    colour = parse_job(b'{"clip": {"path": "/a", "colour": %s}, "output": "/o"}' % data).clip.colour
    if colour is not None:
        light = ColourTable(colour).linear(np.arange(0, 65536, 1365, dtype=np.uint16).reshape(4, 4, 3))
        assert np.isfinite(light).all() and light.min() >= 0


def a_record(data: bytes, folder: Path) -> None:
    in_state(folder, "record.txt", data)
    record = read_record(OutputFolder(folder))
    assert record.job is None or JOB.makes_same_as(record.job) in (True, False)
    assert all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in record.files)
    misfits(OutputFolder(folder))


def an_older_result(data: bytes, folder: Path) -> None:
    in_state(folder, "clip.json", data)
    (folder / "job.json").write_text(JOB.to_json())
    record = older_record(OutputFolder(folder))
    if record is not None:
        look_through(OutputFolder(folder), record, CancelToken())
        assert set(record.files) <= {"state/clip.json"}


def a_note_on_weights(data: bytes, folder: Path) -> None:
    in_state(folder, f"{NOTE}.json", data)
    begun = begun_with(folder)
    assert begun is None or weights_name(begun.name)


def fetched_weights(data: bytes, folder: Path) -> None:
    place = folder / "weights" / "a" / "b" / "c" / "v1"
    place.mkdir(parents=True, exist_ok=True)
    (place / "fetched.json").write_bytes(data)
    (place / "w.onnx").write_bytes(b"weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(folder))
        patch.setenv(OFFLINE_VARIABLE, "1")
        found = weights_of("wandb://a/b/c:v1", None, CancelToken())
    assert isinstance(found, FetchedWeights) and Path(found.path) == place / "w.onnx"


def an_environment(data: bytes, folder: Path) -> None:
    (folder / "current.json").write_bytes(data)
    environment = ManagedEnvironment(folder)
    assert environment.python is None and environment.leftovers() == []
    assert environment.current is None or environment.current.parent == folder


def a_logged_run(data: bytes, folder: Path) -> None:
    in_state(folder, f"{LOGGED}.json", data)
    (folder / "report.json").write_text(json.dumps(REPORT))
    (folder / "job.json").write_text(JOB.to_json())
    assert isinstance(Finished.read(folder).logged_video, str)


def a_word_on_weights(data: bytes, folder: Path) -> None:
    (folder / "sky_matte.toml").write_bytes(data)
    shipped_metadata(folder)


def in_state(folder: Path, name: str, data: bytes) -> None:
    OutputFolder(folder).state.mkdir(exist_ok=True)
    (OutputFolder(folder).state / name).write_bytes(data)


def a_motion(data: bytes, folder: Path) -> None:
    (folder / "motion.json").write_bytes(data)
    moved = replace(JOB.settings, motion_path=str(folder / "motion.json"))
    motion = read_motion(replace(JOB, settings=moved), 3)
    assert motion is not None and motion.to_json()


def a_track(data: bytes, _: Path) -> None:
    track = Track.from_json(data.decode())
    assert len(track.distortions()) == len(track.frames) and track.focal(0) > 0
    Track.from_json(track.to_json())


def a_report(data: bytes, folder: Path) -> None:
    (folder / "report.json").write_bytes(data)
    json.dumps(read_object(folder / "report.json"), allow_nan=False)
    json.dumps(read_report(folder / "report.json").to_dict({"coverage"}), allow_nan=False)
    (folder / "job.json").write_text(JOB.to_json())
    Finished.read(folder)


def an_event(data: bytes, _: Path) -> None:
    events.from_line(data.decode("utf-8", "replace"))


def a_description(data: bytes, folder: Path) -> None:
    (folder / "bay.toml").write_bytes(data)
    json.dumps(own_metadata(folder / "bay.exr"), allow_nan=False)


def a_library(data: bytes, folder: Path) -> None:
    (folder / "skies" / "bay").mkdir(parents=True, exist_ok=True)
    (folder / "skies" / "bay" / "sky.toml").write_bytes(data)
    (sky,) = list_skies(folder / "skies")
    assert sky.image.parent == folder / "skies" / "bay"


@st.composite
def spoilt_lines(draw: st.DrawFn) -> bytes:
    """A record whose lines are not as they should be, though the sum of each is right."""
    head, file = (json.loads(line.partition(b" ")[2]) for line in RECORD.splitlines())
    value = st.sampled_from(NASTY)
    entries = [head, file, {**file, draw(st.sampled_from(["file", "size", "sha256"])): draw(value)}, draw(value)]
    return b"".join(line_of(each) for each in draw(st.permutations(entries)))


GREY = [(step / (CUBE_SIDE - 1),) * 3 for step in range(CUBE_SIDE)]
COLOUR = ColourTransform(curve=[0.0, 0.1, 1.0], matrix=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0])
CUBE = replace(COLOUR, cube=packed_cube(GREY * CUBE_SIDE**2))
WEIGHTS = {"name": "wandb://a/b/c:v1", "path": "/w", "sha256": "0" * 64}
FETCHED = {"version": "v1", "file": "w.onnx", "sha256": sha256(b"weights").hexdigest()}
WORD = """
name = "sky_matte"
version = 3
made = 2024-05-01

[sha256]
onnx = "0"
safetensors = "1"
"""
RECORD = head_line(JOB.to_dict(), {"bytes": 3}) + file_line("sky/000001.exr", state_of_bytes(b"sky"))
READERS: dict[str, tuple[Callable[[bytes, Path], None], st.SearchStrategy[bytes]]] = {
    "job": (a_job, spoilt(JOB.to_dict())),
    "stored job": (a_stored_job, spoilt(JOB.to_dict())),
    "colour": (a_colour, spoilt(asdict(COLOUR))),
    "cube": (a_colour, spoilt(asdict(CUBE))),
    "record": (a_record, wrong_bytes(RECORD) | spoilt_lines()),
    "older result": (an_older_result, spoilt({"bytes": 3, "sha256": "0" * 64})),
    "note on weights": (a_note_on_weights, spoilt(WEIGHTS)),
    "fetched weights": (fetched_weights, spoilt(FETCHED)),
    "word on weights": (a_word_on_weights, wrong_bytes(WORD.encode())),
    "environment": (an_environment, spoilt({"name": "engine-1", "device": "cpu"})),
    "logged run": (a_logged_run, spoilt({"mode": "offline", "video": "a/b/c:v1"})),
    "motion": (a_motion, spoilt(json.loads(MOTION.to_json()))),
    "track": (a_track, spoilt(json.loads(TRACK.to_json()))),
    "report": (a_report, spoilt(REPORT)),
    "event": (an_event, spoilt(json.loads(events.to_line(events.Progress(stage="sky", frame=1, total=2))))),
    "description": (a_description, wrong_bytes(TOML.encode())),
    "library": (a_library, wrong_bytes(TOML.encode())),
}

#: Those that may only be read, or refused in words.
TELLING = (a_job, a_colour, a_motion, a_description, a_library, an_older_result, a_note_on_weights, fetched_weights,
           a_word_on_weights, an_environment, a_record)  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_whatever_is_written_is_read_or_refused(reader: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    read, documents = READERS[reader]
    until = time.monotonic() + request.config.getoption("--fuzz") / len(READERS)
    tried = 0

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents)
    def one_round(data: bytes) -> None:
        nonlocal tried
        tried += 1
        begun = time.monotonic()
        try:
            read(data, tmp_path)
        except SkyarError as error:
            assert error.what and error.why and error.todo
        except ValueError:
            assert read not in TELLING, "these are to tell a person"
        assert time.monotonic() - begun < 10

    one_round()
    while time.monotonic() < until:
        one_round()
    print(f"{reader}: {tried} documents")


@pytest.mark.parametrize("text", [*RAW, b"[" * 33 + b"]" * 33, b"9" * 19, b'{"a": "\\u0000"}'])
def test_what_goes_beyond_the_limits_is_refused(text: bytes) -> None:
    if text in (b"{}", b"[]", b"1e-999999999"):
        parse_json(text)
        return
    with pytest.raises(ValueError):
        read = parse_json(text)
        json.dumps(read, allow_nan=False)


@pytest.mark.parametrize(
    "change",
    [
        {"clip": {"rate": "1e99999999"}},
        {"clip": {"kind": "\udcff"}},
        {"clip": {"files": ["../1.png", "2.png"]}},
        {"clip": {"path": "../a"}},
        {"settings": {"motion_path": "state/../../motion.json"}},
        {"settings": {"matting_weights": "wandb://../../x:v1"}},
    ],
)
def test_no_name_leads_out_or_breaks_the_reader(change: dict[str, dict[str, Any]]) -> None:
    data = JOB.to_dict()
    for part, values in change.items():
        data[part].update(values)
    with pytest.raises(SkyarError):
        parse_job(json.dumps(data).encode())
