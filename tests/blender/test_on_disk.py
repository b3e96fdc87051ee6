# SPDX-License-Identifier: GPL-3.0-or-later
"""The results on the disk: listed with their sizes, and those removed that nothing shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
from blender.drawn import drawn
from blender.shots import plan, saved_shot, show_result, skyar, strips


def stored(folder: Path, size: int) -> Path:
    """A result of ``size`` bytes as a run leaves it, as far as it counts here."""
    record = skyar("contract.file_record")
    (folder / "state").mkdir(parents=True, exist_ok=True)
    state = record.FileState(size, "0" * 64)
    lines = record.head_line({"version": 1}, {}) + record.file_line("preview.mp4", state)
    (folder / "state" / "record.txt").write_bytes(lines)
    return folder


def listed() -> list[tuple[str, str]]:
    labels = drawn(skyar("addon.panels.on_disk").SEQUENCER_PT_skyar_on_disk).labels()
    return list(zip(labels[::2], labels[1::2], strict=True))


def test_only_what_nothing_shows_is_removed(media: Path, tmp_path: Path) -> None:
    scene = saved_shot(media, tmp_path, 1, (0, 12))
    results = tmp_path / "skyar"
    result = show_result(scene, strips(scene)[0], results / "shown")
    stored(results / "shown", 5_000_000)
    old = stored(results / "old", 2_100_000_000)
    busy = stored(results / "busy", 1)
    awaited = stored(results / "awaited", 3_000_000)
    pickups = skyar("addon.jobs.pickups")
    planned: Any = plan(scene, strips(scene)[0], awaited)
    pickups.keep(planned, str(tmp_path / "another.blend"))
    foreign = results / "holiday"
    foreign.mkdir()
    (results / "linked").symlink_to(stored(tmp_path / "elsewhere", 1))
    (tmp_path / "other.blend").write_bytes(b"")
    job: Any = skyar("common.stored_job").Job(
        clip=skyar("contract.clip").Clip(path="/a.mp4"), output=str(busy), until="track"
    )
    queued = skyar("addon.jobs.queued")
    queued.add("a run", [job])
    try:
        assert listed() == [("awaited", "3 MB"), ("busy", "0 MB"), ("old", "2.1 GB"), ("shown", "5 MB")]
        words = " ".join(drawn(skyar("addon.operators.remove_unused").SKYAR_OT_remove_unused).labels())
        assert "old, 2.1 GB" in words and "other.blend" in words and "shown" not in words.split("show them")[0]
        assert bpy.ops.skyar.remove_unused() == {"FINISHED"}
        assert (
            not old.exists()
            and busy.exists()
            and awaited.exists()
            and foreign.exists()
            and (tmp_path / "elsewhere" / "state").is_dir()
        )
        assert skyar("addon.result.link").folder_of(result.scene).root.is_dir()
        assert not bpy.ops.skyar.remove_unused.poll()
    finally:
        queued.remove("a run")
        pickups._write([])


def test_the_disk_is_read_anew_only_for_what_has_changed(media: Path, tmp_path: Path) -> None:
    saved_shot(media, tmp_path, 1, (0, 12))
    stored(tmp_path / "skyar" / "one", 1_000_000)
    on_disk = skyar("addon.result.on_disk")
    assert listed() == [("one", "1 MB")]
    misses = on_disk._read.cache_info().misses
    assert listed() == [("one", "1 MB")] and bpy.ops.skyar.remove_unused.poll()
    assert on_disk._read.cache_info().misses == misses
    stored(tmp_path / "skyar" / "two", 2_000_000)
    assert listed() == [("one", "1 MB"), ("two", "2 MB")]
