# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the camera's motion comes from: each source once, from strip to rendered image, and the way back."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.cameras import (
    add_camera,
    expected_line,
    line_at,
    meridian,
    save_panorama,
    show_panorama,
    solved_clip,
    turned,
)
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_movie,
    make_media,
    movie_order,
    new_scene,
    rendered,
    saved_shot,
    skyar,
    strips,
)

replace_sky = bpy.ops.sequencer.skyar_replace_sky
FIRST, COUNT = 7, 8
YAWS = [-10, -7, -3, 0, 4, 8, 11, 13]


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with one movie strip, source frames 2 to 9 on frames 7 to 14 of the timeline."""
    scene = saved_shot(media, tmp_path, 5, (2, 10))
    assert skyar("addon.compat").handles(strip_of(scene)) == (FIRST, FIRST + COUNT)
    return scene


@pytest.fixture
def line(tmp_path: Path) -> str:
    return save_panorama(tmp_path / "line.png", meridian)


def strip_of(scene: Any) -> Any:
    return next(strip for strip in strips(scene) if strip.type == "MOVIE")


def run(scene: Any, sky: str, **choices: Any) -> None:
    assert replace_sky(sky_file=sky, quality="draft", matte_method="adaptive", **choices) == {"FINISHED"}


def lines(scene: Any, count: int = COUNT) -> np.ndarray:
    return np.array([line_at(rendered(scene, FIRST + index)) for index in range(count)])


def track_of(folder: Path) -> Any:
    return skyar("contract.track_file").Track.from_json((folder / "track.json").read_text())


def report_of(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text())


def placed(track: Any) -> np.ndarray:
    """From world to camera directions, per frame, of a track of one shot."""
    return np.array([np.array(frame.rotation) @ np.array(track.world[0]) for frame in track.frames])


def sample(scene: Any, name: str = "") -> Any:
    """The motion of a camera of the scene, as it is handed over."""
    return skyar("addon.motion.scene_camera").sample(scene, strip_of(scene), (WIDTH, HEIGHT), name)


def refused(scene: Any, words: str, name: str = "") -> None:
    with pytest.raises(skyar("contract.errors").SkyarError, match=words) as caught:
        sample(scene, name)
    assert caught.value.why and caught.value.todo


# --- the four sources ------------------------------------------------------------------------------------------


def test_scene_camera(shot: Any, line: str, tmp_path: Path) -> None:
    """The sky turns as the camera does, by the right number of pixels, and lies where its heading says."""
    shot.camera = add_camera(shot, FIRST, YAWS)
    shot.frame_set(3)
    run(shot, line, motion="SCENE_CAMERA", output="//out")
    assert shot.frame_current == 3
    assert np.abs(lines(shot) - [expected_line(yaw) for yaw in YAWS]).max() < 0.5
    report = report_of(tmp_path / "out")
    assert report["figures"]["focal_length_source"] == "camera"
    assert report["figures"]["placement"]["shots"][0]["horizon_from"] == "camera"
    assert {frame["confidence"] for frame in report["frames"]} == {1.0}


def test_scene_camera_of_another_scene_and_another_lens(shot: Any, line: str) -> None:
    other = bpy.data.scenes.new("Set")
    other.render.resolution_x, other.render.resolution_y = 4 * WIDTH, 4 * HEIGHT
    camera = add_camera(other, FIRST, YAWS, name="Hand-held")
    camera.data.sensor_fit, camera.data.sensor_height = "VERTICAL", 24.0
    camera.data.lens = 24.0 / HEIGHT * 1.5 * WIDTH
    run(shot, line, motion="SCENE_CAMERA", camera="Hand-held")
    assert np.abs(lines(shot) - [expected_line(yaw, 1.5 * WIDTH) for yaw in YAWS]).max() < 0.5


def test_solved_in_the_clip_editor(shot: Any, media: Path, line: str, tmp_path: Path) -> None:
    """Frame 6 of the clip was not tracked: it is filled in and said to be unsure."""
    solved_clip(media / "landscape.mkv", range(2, 12), lambda frame: turned(1.5 * frame), missing=[6])
    run(shot, line, motion="CLIP_TRACKING", output="//out")
    track, report = track_of(tmp_path / "out"), report_of(tmp_path / "out")
    assert [frame.source for frame in track.frames] == ["scene"] * 3 + ["interpolated"] + ["scene"] * 4
    assert track.frames[3].confidence < 0.3 < 0.9 < track.frames[4].confidence
    assert track.focal_px == pytest.approx(WIDTH, rel=1e-4)
    for index, frame in enumerate(track.frames):
        x, _, z = np.array(frame.rotation)[2]
        assert math.degrees(math.atan2(x, z)) == pytest.approx(1.5 * index, abs=0.01)
    assert any("uncertain in 1 of 8 frames" in warning["what"] for warning in report["figures"]["warnings"])
    assert report["figures"]["placement"]["shots"][0]["horizon_from"] != "camera"
    assert np.abs(lines(shot) - [expected_line(1.5 * index) for index in range(COUNT)]).max() < 1


def test_locked_off(shot: Any, line: str) -> None:
    run(shot, line, motion="STATIC")
    assert np.abs(lines(shot) - expected_line(0)).max() < 0.5


def test_followed_in_the_image_and_back_as_a_camera(media: Path, line: str, tmp_path: Path) -> None:
    """The landscape goes two pixels to the left per frame. Its track becomes a camera, which gives the same track."""
    shot = new_scene(2 * WIDTH, 2 * HEIGHT)
    add_movie(shot, media / "big.mkv", start=FIRST).frame_offset_end = 12 - COUNT
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    run(shot, line, output="//out")
    seen = lines(shot)
    assert np.diff(seen) == pytest.approx(-2, abs=0.8)
    assert seen[-1] - seen[0] == pytest.approx(-14, abs=2)

    before = set(bpy.data.objects)
    assert bpy.ops.sequencer.skyar_add_tracked_camera() == {"FINISHED"}
    (camera,) = set(bpy.data.objects) - before
    assert shot.camera == camera
    track = track_of(tmp_path / "out")
    to_track = skyar("addon.motion.axes").to_track
    for index, expected in enumerate(placed(track)):
        shot.frame_set(FIRST + index)
        depsgraph = bpy.context.evaluated_depsgraph_get()
        matrix = camera.evaluated_get(depsgraph).matrix_world.to_3x3()
        assert np.abs(np.array(to_track(matrix)) - expected).max() < 1e-4
    up = np.array(matrix.transposed() @ type(matrix.col[0])((0, 0, 1)))
    assert up[1] > 0.9  # z of the scene is up in the image

    run(shot, line, motion="SCENE_CAMERA", camera=camera.name, output="//again")
    again = track_of(tmp_path / "again")
    assert np.abs(placed(again) - placed(track)).max() < 1e-4
    assert np.allclose([again.focal(i) for i in range(COUNT)], [track.focal(i) for i in range(COUNT)], rtol=1e-4)
    for one, other in zip(again.frames, track.frames, strict=True):
        assert np.abs(np.array(one.rotation) - np.array(other.rotation)).max() < 1e-4
    assert np.abs(lines(shot) - seen).max() < 0.1


def test_a_whole_turn_has_no_seam(tmp_path: Path) -> None:
    """Round once in 24 steps: the last frame shows what the first did, and no frame has an edge in its sky."""
    make_media(movie_order(tmp_path / "turn.mkv", frames=25, pan=0))
    scene = new_scene()
    add_movie(scene, tmp_path / "turn.mkv", start=FIRST)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    scene.camera = add_camera(scene, FIRST, [15.0 * index for index in range(25)])

    def waves(azimuth: np.ndarray) -> np.ndarray:
        return 0.5 + 0.2 * np.sin(np.radians(azimuth)) + 0.15 * np.cos(np.radians(3 * azimuth + 50))

    run(scene, save_panorama(tmp_path / "waves.png", waves), motion="SCENE_CAMERA", output="//out")
    rows = np.array([rendered(scene, FIRST + index)[: HEIGHT // 5].mean((0, 2)) for index in range(25)])
    assert rows.std() > 10
    assert np.abs(rows[0] - rows[24]).max() < 1.01
    azimuth = np.degrees(np.arctan((np.arange(WIDTH) - (WIDTH - 1) / 2) / WIDTH))
    steps = np.abs(np.diff(rows, axis=1)).max(axis=1)
    behind = [index for index in range(25) if abs(15 * index - 180) < azimuth.max()]
    others = [index for index in range(25) if index not in behind]
    assert len(behind) >= 3
    assert steps[behind].max() <= 1.2 * steps[others].max() + 0.5
    # Two frames share what both see: looked up by azimuth, they agree, across the edge of the panorama as elsewhere.
    differences = []
    for index in range(24):
        shared = np.linspace(-10, 10, 41)
        left, right = (
            np.interp(shared + shift, azimuth, rows[place]) for shift, place in ((7.5, index), (-7.5, index + 1))
        )
        differences.append(np.abs(left - right).max())
    assert max(differences) < 2


def test_a_world_turned_as_the_sky_is_fits_the_tracked_camera(
    shot: Any, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    run(shot, line, motion="STATIC", sky_rotation=math.radians(-15), focal_length=36, output="//out")
    (seen,) = lines(shot, 1)
    assert seen == pytest.approx(expected_line(15), abs=0.5)
    assert bpy.ops.sequencer.skyar_add_tracked_camera() == {"FINISHED"}
    assert "-15° as rotation Z" in capfd.readouterr().out
    turn = skyar("addon.result.camera").sky_turn(skyar("addon.result.link").active_result(shot))
    assert turn == pytest.approx(-15)
    world = show_panorama(shot, line)
    assert lines(shot, 1) == pytest.approx(expected_line(0), abs=0.5)
    world.inputs["Rotation"].default_value[2] = math.radians(turn)
    assert lines(shot, 1) == pytest.approx(seen, abs=0.5)


def test_the_tracked_camera_of_a_360_degree_clip_sees_all_around(shot: Any, line: str, tmp_path: Path) -> None:
    run(shot, line, motion="STATIC", output="//out")
    reported = tmp_path / "out" / "track.json"
    reported.write_text(reported.read_text().replace('"rectilinear"', '"equirectangular"'))
    assert bpy.ops.sequencer.skyar_add_tracked_camera() == {"FINISHED"}
    (camera,) = [each for each in bpy.data.objects if each.name.startswith("SkyAR")]
    kind = camera.data if hasattr(camera.data, "panorama_type") else camera.data.cycles
    assert (camera.data.type, kind.panorama_type) == ("PANO", "EQUIRECTANGULAR")


# --- what cameras are like ---------------------------------------------------------------------------------------


def test_markers_switch_the_camera_and_each_switch_is_a_cut(shot: Any, line: str, tmp_path: Path) -> None:
    for name, frame, yaw in (("A", 1, -5), ("B", FIRST + 3, 8)):
        shot.timeline_markers.new(name, frame=frame).camera = add_camera(shot, FIRST, [yaw] * COUNT, name=name)
    run(shot, line, motion="SCENE_CAMERA", output="//out")
    track = track_of(tmp_path / "out")
    assert [frame.source for frame in track.frames].index("cut") == 3
    assert len(track.world) == 2
    assert lines(shot) == pytest.approx([expected_line(-5)] * 3 + [expected_line(8)] * 5, abs=0.5)
    assert bpy.ops.sequencer.skyar_add_tracked_camera() == {"FINISHED"}
    (camera,) = [each for each in bpy.data.objects if each.name.startswith("SkyAR")]
    motion = sample(shot, camera.name)
    expected = [np.array(pose.rotation) for pose in sample(shot).frames]
    assert np.allclose([pose.rotation for pose in motion.frames], expected, atol=1e-4)


def test_parents_constraints_and_animated_lenses_count(shot: Any) -> None:
    shot.camera = camera = add_camera(shot, FIRST, [0] * COUNT)
    parent = bpy.data.objects.new("Rig", None)
    shot.collection.objects.link(parent)
    parent.rotation_euler, parent.scale = (0, 0, math.radians(-25)), (2, 2, 2)
    camera.parent = parent
    for index in range(COUNT):
        camera.data.lens = 20 + 5 * index
        camera.data.keyframe_insert("lens", frame=FIRST + index)
    motion = sample(shot)
    to_track = skyar("addon.motion.axes").to_track
    for index, pose in enumerate(motion.frames):
        assert np.allclose(pose.rotation, to_track(turned(25)), atol=1e-5)
        assert pose.focal_length == pytest.approx(20 + 5 * index, rel=1e-5)


def test_the_camera_sees_the_strip_where_it_lies_in_the_frame(shot: Any) -> None:
    shot.camera = add_camera(shot, FIRST, [0] * COUNT)
    strip = strip_of(shot)
    strip.transform.scale_x = strip.transform.scale_y = 0.5
    assert sample(shot).frames[0].focal_length == pytest.approx(72, rel=1e-4)
    strip.transform.scale_x = strip.transform.scale_y = 1
    shot.render.resolution_y = 2 * WIDTH  # upright: the sensor lies along the long side
    assert sample(shot).frames[0].focal_length == pytest.approx(72, rel=1e-4)
    shot.camera.data.sensor_fit = "HORIZONTAL"
    assert sample(shot).frames[0].focal_length == pytest.approx(36, rel=1e-4)
    strip.transform.offset_x = 5
    refused(shot, "moved off its centre|does not fit")
    strip.transform.offset_x = 0
    strip.transform.rotation = 0.1
    refused(shot, "does not fit")
    strip.transform.rotation = 0
    shot.render.pixel_aspect_x = 1.5
    refused(shot, "does not fit")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda camera: setattr(camera.data, "type", "ORTHO"), "Orthographic"),
        (lambda camera: setattr(camera.data, "type", "PANO"), "Panoramic"),
        (lambda camera: setattr(camera.data, "shift_x", 0.1), "shifted by 0.1 and 0"),
        (lambda camera: setattr(camera.data, "lens", math.nan), "focal length is nan"),
        (lambda camera: setattr(camera.data, "lens", math.inf), "focal length"),
        (lambda camera: setattr(camera, "delta_rotation_euler", (math.nan, 0, 0)), "not a number"),
        (lambda camera: setattr(camera, "delta_scale", (1, 1, -1)), "mirrored"),
        (lambda camera: setattr(camera, "delta_scale", (0, 0, 0)), "of no size"),
    ],
)
def test_cameras_that_no_clip_can_come_from(shot: Any, spoil: Any, words: str) -> None:
    shot.camera = add_camera(shot, FIRST, [0] * COUNT)
    spoil(shot.camera)
    with pytest.raises(skyar("contract.errors").SkyarError) as caught:
        sample(shot)
    assert words in str(caught.value)
    assert caught.value.what and caught.value.why and caught.value.todo


def test_cameras_that_are_not_there(shot: Any) -> None:
    refused(shot, "has no camera")
    refused(shot, "no camera called “Nobody”", "Nobody")
    camera = bpy.data.objects.new("Loose", bpy.data.cameras.new("Loose"))
    refused(shot, "cannot give the motion", camera.name)
    other = bpy.data.scenes.new("Fast")
    other.render.fps = 60
    other.collection.objects.link(camera)
    refused(shot, "cannot give the motion", camera.name)
    with pytest.raises(RuntimeError, match="has no camera"):
        replace_sky(sky="sunset", motion="SCENE_CAMERA")


# --- the way back ------------------------------------------------------------------------------------------------


def test_no_camera_without_a_track(shot: Any, line: str, tmp_path: Path) -> None:
    assert not bpy.ops.sequencer.skyar_add_tracked_camera.poll()
    run(shot, line, motion="STATIC", output="//out")
    path = tmp_path / "out" / "track.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"world": None}))
    with pytest.raises(RuntimeError, match="does not tell how the camera stands"):
        bpy.ops.sequencer.skyar_add_tracked_camera()
    path.unlink()
    with pytest.raises(RuntimeError, match="cannot be read"):
        bpy.ops.sequencer.skyar_add_tracked_camera()
    assert not [camera for camera in bpy.data.cameras if camera.name.startswith("SkyAR")]
