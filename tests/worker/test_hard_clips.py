# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips as people have them: each ends in a complete result or in an error that says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape
from support.jobs import finish_worker, report_of, start_worker

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.contract.track_file import Track


def complete(job) -> dict:
    """The report, after a look at the files."""
    folder = Path(job.output)
    report = report_of(folder)
    count = report["clip"]["frames"]
    assert report["complete"]
    assert len(list((folder / "matte").iterdir())) == len(list((folder / "sky").iterdir())) == count
    track = Track.from_json((folder / "track.json").read_text())
    assert len(track.frames) == count
    assert np.isfinite([frame.homography for frame in track.frames]).all()
    assert (folder / "preview.mp4").stat().st_size > 0
    return report


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("one frame.mp4", {"images": 1}),
        ("odd.mkv", {"images": [landscape(i, 161, 97) for i in range(3)], "codec": "ffv1", "pixels": "bgr0"}),
        ("portrait.mp4", {"images": 3, "rotation": 90}),
        ("varying.mp4", {"images": 4, "times": [0, 1, 4, 5]}),
        ("ten bit.mp4", {"images": 3, "codec": "libx265", "pixels": "yuv420p10le"}),
        ("strip.mp4", {"images": [landscape(i, 512, 32) for i in range(3)]}),
        ('it\'s "quoted" – 空 ñ.mp4', {"images": 3, "sound": True}),
    ],
)
def test_clip_goes_through(make_movie, job_for, run, name, options):
    job = job_for(make_movie(name, **options))
    run(job)
    complete(job)


def test_rotated_phone_clip_is_upright(make_movie, job_for, run):
    job = job_for(make_movie(images=[np.rot90(landscape(i), 3) for i in range(3)], rotation=90))
    run(job)
    clip = complete(job)["clip"]
    assert (clip["width"], clip["height"]) == (160, 96)


@pytest.mark.parametrize("kind", ["texture", "grey", "black", "noise"])
def test_clip_without_a_sky(make_movie, job_for, run, kind):
    random = np.random.default_rng(0)
    ground = landscape(0)[70:90].repeat(5, axis=0)[:96]
    images = {
        "texture": [np.roll(ground, i, axis=1) for i in range(4)],
        "grey": [np.full((96, 160, 3), 70, np.uint8)] * 4,
        "black": [np.zeros((96, 160, 3), np.uint8)] * 4,
        "noise": [random.integers(0, 255, (96, 160, 3)).astype(np.uint8) for _ in range(4)],
    }[kind]
    job = job_for(make_movie(images=images))
    reported = run(job)
    complete(job)
    if kind == "texture":
        assert "no_sky" in [event.code for event in reported if isinstance(event, events.Warning)]


def test_clip_of_nothing_but_sky(make_movie, job_for, run):
    rows = np.linspace(0.8, 1, 96)[:, None, None]
    sky = (rows * np.array([140, 175, 235]) * np.ones((1, 160, 1))).astype(np.uint8)
    job = job_for(make_movie(images=[sky] * 4))
    run(job)
    report = complete(job)
    assert report["figures"]["coverage_mean"] > 0.9
    assert report["figures"]["confidence_mean"] < 0.3  # nothing tells how the camera moves


def test_unknown_sky(make_movie, job_for, run):
    job = job_for(make_movie(), sky=Sky(source="cheese"))
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.SKY_UNKNOWN and "sunset" in caught.value.why
    assert not Path(job.output).exists()


@pytest.mark.parametrize("damage", ["text", "cut", "empty"])
def test_corrupt_sky(make_movie, job_for, run, tmp_path, damage):
    from skyar_blender.engine.media.exr import write_exr

    path = tmp_path / "sky.exr"
    write_exr(path, np.full((64, 128, 3), 0.5, np.float32))
    whole = path.read_bytes()
    path.write_bytes({"text": b"not a picture", "cut": whole[: len(whole) // 2], "empty": b""}[damage])
    with pytest.raises(SkyarError) as caught:
        run(job_for(make_movie(), sky=Sky(source=str(path))))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE


def test_missing_sky_image(make_movie, job_for, run, tmp_path):
    with pytest.raises(SkyarError) as caught:
        run(job_for(make_movie(), sky=Sky(source=str(tmp_path / "gone.exr"))))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE


def test_output_below_a_file(make_movie, job_for, run, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SkyarError) as caught:
        run(job_for(make_movie(), output=str(tmp_path / "file" / "out")))
    assert caught.value.code == ErrorCode.OUTPUT_NOT_WRITABLE


@pytest.fixture
def small_disk(tmp_path):
    """A function that mounts a disk of so many kilobytes; skips where mounting is not allowed."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / "disk"
        place.mkdir()
        if not shutil.which("mount"):
            pytest.skip("no mount command")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("mounting is not allowed here")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", place], check=True)


def test_read_only_output(make_movie, job_for, run, small_disk):
    disk = small_disk("ro,size=1m")
    with pytest.raises(SkyarError) as caught:
        run(job_for(make_movie(), output=str(disk / "out")))
    assert caught.value.code == ErrorCode.OUTPUT_NOT_WRITABLE


def test_full_disk_then_room_then_complete(make_movie, job_for, run, small_disk):
    disk = small_disk("size=200k")
    job = job_for(make_movie(images=20), output=str(disk / "out"))
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.OUTPUT_FULL
    assert not list((disk / "out").rglob(".part-*"))
    subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
    run(job)
    complete(job)


def test_job_file_errors_reach_the_supervisor(tmp_path, make_movie, job_for):
    job = job_for(make_movie())
    object.__setattr__(job, "version", 7)
    worker = start_worker(job, tmp_path)
    event = events.from_line(finish_worker(worker)[-1])
    assert isinstance(event, events.Error) and event.code == "bad_job" and "version" in event.what
    assert worker.returncode == 2


def test_libraries_never_write_between_events(tmp_path, make_movie, job_for):
    """Noise on standard output lands in the log; every line of the events is an event."""
    path = make_movie("cut.ts", images=20)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    job = job_for(path)
    worker = start_worker(job, tmp_path)
    lines = finish_worker(worker)
    assert worker.returncode == 0
    assert all(events.from_line(line) for line in lines)
    assert (Path(job.output) / "worker.log").read_text().startswith("20")


def test_streams_taken_over_keep_noise_apart(tmp_path):
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from skyar_blender.worker.process.standard_streams import StandardStreams\n"
        "streams = StandardStreams()\n"
        "os.write(1, b'from a C library\\n')\n"
        "streams.log_to(Path(sys.argv[1]))\n"
        "print('from Python')\n"
        "streams.events.write('event\\n')\n"
        "streams.close()\n"
    )
    import sys

    from support.jobs import ROOT

    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "log"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "event\n"
    assert (tmp_path / "log").read_text() == "from a C library\nfrom Python\n"
    assert done.stderr == "from a C library\nfrom Python\n"


def test_little_room_is_told_before_the_work(make_movie, job_for, run, monkeypatch):
    usage = shutil.disk_usage(Path.cwd())
    monkeypatch.setattr(
        "skyar_blender.worker.job.disk_space.shutil.disk_usage", lambda _: usage._replace(free=200_000)
    )
    found = run(job_for(make_movie("walk.mp4", 8)))
    (warning,) = (event for event in found if isinstance(event, events.Warning) and event.code == "little_room")
    assert "usually takes" in warning.why and isinstance(found[-1], events.Done)
