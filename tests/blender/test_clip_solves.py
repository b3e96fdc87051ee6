# SPDX-License-Identifier: GPL-3.0-or-later
"""What solves of the Movie Clip Editor are like: how they stand, which of them can be used, what their lens does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest
from blender.cameras import follow, solved_clip, turned
from blender.shots import HEIGHT, WIDTH, saved_shot, skyar, strips

COUNT = 8


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with one movie strip, source frames 2 to 9 on frames 7 to 14 of the timeline."""
    return saved_shot(media, tmp_path, 5, (2, 10))


def solve_of(scene: Any, name: str = "") -> Any:
    strip = next(strip for strip in strips(scene) if strip.type == "MOVIE")
    clip = skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene)
    return skyar("addon.motion.clip_tracking").sample(strip, clip, (WIDTH, HEIGHT), name)


def test_an_oriented_solve_knows_the_world(shot: Any, media: Path) -> None:
    clip = solved_clip(media / "landscape.mkv", range(1, 13), lambda frame: turned(2 * frame))
    camera = follow(shot, clip, np.eye(3))
    motion, notes = solve_of(shot)
    assert not motion.upright and not notes
    camera.matrix_basis = turned(40, 10).to_4x4()
    motion, _ = solve_of(shot)
    assert motion.upright
    bpy.context.view_layer.update()
    to_track = skyar("addon.motion.axes").to_track
    for index, pose in enumerate(motion.frames):
        shot.frame_set(
            3 + index
        )  # the constraint plays the clip from frame 1, and the strip shows it from frame 3 on
        matrix = camera.evaluated_get(bpy.context.evaluated_depsgraph_get()).matrix_world.to_3x3()
        assert np.allclose(pose.rotation, to_track(matrix), atol=1e-5)


def test_solves_that_cannot_be_used(shot: Any, media: Path) -> None:
    error = skyar("contract.errors").SkyarError
    with pytest.raises(error, match="no movie clip of the file"):
        solve_of(shot)
    with pytest.raises(error, match="no movie clip called"):
        solve_of(shot, "Nothing")
    clip = bpy.data.movieclips.load(str(media / "landscape.mkv"))
    with pytest.raises(error) as caught:
        solve_of(shot)
    assert "never solved" in caught.value.why and "Solve Camera Motion" in caught.value.todo
    bpy.data.movieclips.remove(clip)
    clip = solved_clip(media / "landscape.mkv", range(4, 13), lambda frame: turned(2 * frame))
    with pytest.raises(error) as caught:
        solve_of(shot)
    assert "solved from frame 4 to 12" in caught.value.why and "frame 3 " in caught.value.why
    clip.frame_offset = -2
    assert len(solve_of(shot)[0].frames) == COUNT
    clip.tracking.camera.distortion_model = "BROWN"
    clip.tracking.camera.brown_p1 = 0.05
    assert "distorted" in solve_of(shot)[1][0]
    clip.tracking.camera.distortion_model = "POLYNOMIAL"
    clip.tracking.camera.principal_point_pixels = 40, 27
    with pytest.raises(error) as caught:
        solve_of(shot)
    assert "-8.0 and 0.0 pixels off" in caught.value.why


@pytest.mark.parametrize(
    ("model", "values", "distortion"),
    [
        # Seen by letting Blender undistort an image of dots: dots 180 pixels from the middle went 9 outwards.
        ("POLYNOMIAL", {"k1": -0.1}, -0.0596),
        ("POLYNOMIAL", {"k1": 0.1}, 0.0498),
        ("DIVISION", {"division_k1": 0.1}, -0.0565),
        ("DIVISION", {"division_k1": -0.15}, 0.0763),
        ("POLYNOMIAL", {"k1": -2.0}, None),  # turns back on itself inside the image
        ("POLYNOMIAL", {"k1": 0.4, "k2": -0.9}, None),  # no single number comes near
        ("NUKE", {"nuke_k1": 0.1}, None),
        ("NUKE", {}, 0.0),
    ],
)
def test_a_solve_s_distortion_becomes_the_track_s(
    model: str, values: dict[str, float], distortion: float | None
) -> None:
    unset = dict.fromkeys(("k1", "k2", "k3", "division_k1", "division_k2", "nuke_k1", "nuke_k2"), 0.0)
    camera = SimpleNamespace(distortion_model=model, focal_length_pixels=250.0, **(unset | values))
    found = skyar("addon.motion.clip_lens").distortion_of(camera, 320, 180)
    assert found == (distortion if distortion is None else pytest.approx(distortion, abs=1e-4))


def test_a_bent_solve_bends_the_sky(shot: Any, media: Path) -> None:
    clip = solved_clip(media / "landscape.mkv", range(1, 13), lambda frame: turned(2 * frame))
    clip.tracking.camera.k1 = -0.05
    motion, notes = solve_of(shot)
    assert not notes
    assert all(-0.5 < pose.distortion < -0.001 for pose in motion.frames)
    assert len({pose.distortion for pose in motion.frames}) == 1


def test_images_of_a_sequence_are_found_by_their_numbers(media: Path) -> None:
    clip = bpy.data.movieclips.load(str(media / "pictures" / "shot_0007.png"))
    job_clip = skyar("contract.job").Clip(
        path=str(media / "pictures"), kind="sequence", files=["shot_0009.png", "shot_0012.png"]
    )
    clip_frame = skyar("addon.motion.clip_tracking").clip_frame
    assert [clip_frame(clip, job_clip, source) for source in (0, 1)] == [3, 6]
