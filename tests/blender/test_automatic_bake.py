# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies that follow the sliders: made when these rest, given up for what comes next, never of other settings."""

from __future__ import annotations

import time
from pathlib import Path

import bpy
from blender.shots import ENGINE_PYTHON, group_inputs, replaced, saved_shot, skyar

play = bpy.ops.sequencer.skyar_play


def test_the_movie_is_made_anew_when_the_sliders_rest(media: Path, sky: str, tmp_path: Path) -> None:
    auto, runner = skyar("addon.jobs.automatic_bake"), skyar("addon.jobs.runner")
    movie, shown = skyar("addon.result.movie"), skyar("addon.result.movie_or_nodes")
    scene = saved_shot(media, tmp_path, 1, (0, 8))
    replaced(tmp_path, sky_file=sky, quality="draft")
    result = scene.sequence_editor.active_strip
    exposure = group_inputs(result)["Sky Exposure"]
    noted = {name: result.scene[name] for name in (movie.KEY, "skyar_movie_file")}
    chosen = skyar("addon.preferences.preferences").preferences()

    def turn(value: float) -> None:
        exposure.default_value = value
        shown.nodes_where_changed(result.scene)

    def rested() -> bool:
        auto.look(time.monotonic() + auto.REST)
        return runner.busy()

    def through() -> None:
        while runner.busy():
            auto.look(time.monotonic())
            time.sleep(0.05)

    runner.dismiss()
    try:
        turn(-1.0)
        assert not rested()  # nobody had chosen the movie
        turn(0.0)
        play(show="MOVIE")
        turn(-1.0)
        play(show="NODES")
        assert not rested()  # the nodes were chosen
        turn(0.0)
        play(show="MOVIE")
        chosen.automatic_bake = False
        turn(-1.0)
        assert not rested()
        chosen.automatic_bake = True
        turn(0.0)
        play(show="MOVIE")
        turn(-1.0)
        assert auto.look(time.monotonic()) and not runner.busy()
        assert rested()
        turn(-2.0)  # ends that, and is done next
        through()
        assert movie.is_stale(result.scene) and rested()
        other = runner.JobQueue(Path(ENGINE_PYTHON), list(runner.current.replacements))
        other.queue()  # as a person does
        assert other.waits and runner.current.gave_way
        through()
        assert not rested()
        other.stop()
        assert rested()
        through()
        assert not runner.messages() and not movie.is_stale(result.scene)
        assert play(show="MOVIE") == {"FINISHED"}
        kept = {name: result.scene[name] for name in noted}
        exposure.default_value = 0.0  # as undo does: it takes back what is known of the movie, but not the movie
        for name, value in noted.items():
            result.scene[name] = value
        assert not movie.changed_settings(result.scene) and movie.is_stale(result.scene)
        play(show="NODES")
        shown.bring_back()
        assert not rested()  # the nodes were chosen
        exposure.default_value = -2.0
        for name, value in kept.items():
            result.scene[name] = value
        play(show="MOVIE")
        movie.show_nodes(result)
        result[movie.PLAYS_KEY] = False  # as undo does too
        shown.bring_back()
        assert movie.shows_movie(result)
        movie.take_movie_off(result.scene)
        movie.show_nodes(result)
        shown.bring_back()
        assert rested()
        through()
        assert not movie.is_stale(result.scene)
    finally:
        chosen.automatic_bake = True
        runner.stop()
        auto._on_load()
