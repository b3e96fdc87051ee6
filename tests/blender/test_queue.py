# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs one after another, and what becomes of them when their strip or their file is another: without an engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import drawn
from blender.shots import add_movie, made_result, new_scene, plan, skyar, strips
from blender.test_panels import window

events = skyar("contract.events")


class Worker:
    """At work until ``done`` is called."""

    made: list[Worker] = []  # noqa: RUF012

    def __init__(self, _python: Path, job: Any, **_options: Any) -> None:
        self.job, self.running, self.result, self.silent_for, self.pid = job, False, None, None, 1
        Worker.made.append(self)

    def start(self) -> None:
        self.running = True

    def poll(self) -> list[Any]:
        return []

    def done(self) -> None:
        self.running, self.result = False, events.Done(output=self.job.output)

    def cancel(self) -> None:
        code = skyar("contract.errors").ErrorCode.CANCELLED
        self.running, self.result = False, events.Error(code=code, what="Cancelled.", why="", todo="")

    stop = cancel


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The runner with made workers."""
    found = skyar("addon.jobs.runner")
    monkeypatch.setattr(found, "WorkerProcess", Worker)
    monkeypatch.setattr(found, "misfits", lambda _folder: [])
    monkeypatch.setattr(skyar("addon.jobs.pickups"), "_folder", lambda: tmp_path)
    Worker.made.clear()
    yield found
    found.stop()
    found.ended.clear()


def queue(runner: Any, scene: Any, strip: Any) -> Any:
    """A run of this strip, whose files are there."""
    planned = plan(scene, strip)
    made_result(planned)
    (Path(planned.job.output) / "job.json").write_text(planned.job.to_json())
    run = runner.JobQueue(Path(), [planned])
    run.queue()
    return run


def work(run: Any) -> None:
    """As the window's timer does, until the run is over."""
    for _ in range(100):
        run.begin_if_turn()
        list(run.poll())
        if run.over:
            return
        time.sleep(0.02)  # a thread looks the files over
    raise AssertionError("it does not end")


def shot(media: Path, start: int = 1) -> tuple[Any, Any]:
    scene = new_scene()
    return scene, add_movie(scene, media / "landscape.mkv", start=start)


def results(scene: Any) -> list[Any]:
    return [strip for strip in strips(scene) if strip.type == "SCENE"]


def test_what_cannot_be_started_holds_no_folder(media: Path, runner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_worker: Worker) -> None:
        raise skyar("contract.errors").SkyarError("engine_missing", "No engine.", "", "")

    monkeypatch.setattr(Worker, "start", refuse)
    before = skyar("addon.jobs.queued").jobs()
    with pytest.raises(skyar("contract.errors").SkyarError):
        queue(runner, *shot(media))
    assert skyar("addon.jobs.queued").jobs() == before and not runner.busy()


def test_one_after_another_from_any_scene(media: Path, runner: Any) -> None:
    scene, strip = shot(media)
    other = bpy.data.scenes.new("Other")
    other.sequence_editor_create()
    second = strips(other).new_movie("Second", str(media / "landscape.mkv"), 1, 1)
    runs = [queue(runner, scene, strip), queue(runner, other, second), queue(runner, scene, strip)]
    assert [run.waits for run in runs] == [False, True, True] and len(Worker.made) == 1
    runs[2].begin_if_turn()  # not before its turn
    panel = skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace
    layout = drawn(panel, window())
    assert [each.place for each in layout.operators("sequencer.skyar_cancel")] == [-1, 0, 1]
    assert layout.operators("sequencer.skyar_replace_sky")  # more may follow
    assert bpy.ops.sequencer.skyar_cancel(place=1) == {"FINISHED"}
    assert runs[2].withdrawn and runs[2].over
    Worker.made[0].done()
    work(runs[0])
    runs[1].begin_if_turn()
    Worker.made[1].done()
    work(runs[1])
    assert len(results(scene)) == len(results(other)) == 1
    assert not runner.busy() and not runner.waiting and not skyar("addon.jobs.queued").jobs()


def test_a_renamed_strip_gets_its_result(media: Path, runner: Any) -> None:
    scene, strip = shot(media)
    run = queue(runner, scene, strip)
    strip.name = scene.name = "Renamed"
    list(run.poll())
    Worker.made[0].done()
    work(run)
    assert len(results(scene)) == 1


def test_a_deleted_strip_ends_its_job(media: Path, runner: Any) -> None:
    scene, strip = shot(media)
    run = queue(runner, scene, strip)
    strips(scene).remove(strip)
    with pytest.raises(Exception, match="“Clip” was deleted") as caught:
        work(run)
    assert caught.value is run.ended_for and not runner.busy()


def test_another_file_ends_no_job(media: Path, runner: Any, tmp_path: Path) -> None:
    scene, strip = shot(media)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "before.blend"))
    run = queue(runner, scene, strip)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))  # under another name it is the same file
    other, namesake = shot(media)
    assert namesake.name == run.current.strip
    Worker.made[0].done()
    work(run)
    assert not results(other)
    (note,) = [message.text for message in run.messages]
    assert "shot.blend is opened" in note
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    pick_up = skyar("addon.jobs.pickups").pick_up
    assert any("while another file was open" in told for told in pick_up())
    assert len(results(bpy.context.scene)) == 1
    assert pick_up() == []
