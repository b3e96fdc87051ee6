# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to stay as it was filmed does, what is see-through gets the new sky, and fades are keyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.make_arrays import FRAMES, made_matte
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_images,
    add_movie,
    group_inputs,
    make_media,
    movie_order,
    new_scene,
    plan,
    rendered,
    show_result,
    skyar,
    strips,
)


def test_outside_the_area_the_footage_stays(media: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    names = [f"{number:06d}.png" for number in range(1, FRAMES + 1)]
    size = {"width": WIDTH, "height": HEIGHT}
    make_media({"make": "pictures", "folder": str(folder / "area"), "names": names, "kind": "left half", **size})
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    before = rendered(scene, 4)
    result = show_result(scene, strip, folder)
    group_inputs(result)["Haze"].default_value = 0.5
    after = rendered(scene, 4)
    half = WIDTH // 2
    assert np.array_equal(after[:, half:], before[:, half:])
    assert np.abs(after - before)[:, :half].mean() > 10


#: Movies with alpha. What shows through them is Blender's to say: 4.2 reads no alpha of VP9.
SEE_THROUGH = {
    "prores.mov": {"codec": "prores_ks", "pixels": "yuva444p10le", "options": {"profile": "4", "alpha_bits": "16"}},
    "vp9.webm": {"codec": "libvpx-vp9", "pixels": "yuva420p"}
    | {"options": {"crf": "2", "b": "0", "deadline": "realtime", "cpu-used": "8"}},
}


@pytest.mark.parametrize("kind", ["pictures", *SEE_THROUGH])
def test_the_new_sky_is_behind_what_is_see_through(media: Path, tmp_path: Path, kind: str) -> None:
    scene = new_scene()
    background = {"length": 30} if bpy.app.version >= (5, 0, 0) else {"frame_end": 31}
    strips(scene).new_effect("Background", "COLOR", 1, 1, **background)
    if kind == "pictures":
        strip = add_images(scene, media / "alpha", [f"{number}.png" for number in range(8, 13)])
    else:
        make_media(movie_order(tmp_path / kind, "alpha", frames=5, **SEE_THROUGH[kind]))
        strip = add_movie(scene, tmp_path / kind)
    strip.channel = 2
    before = before_two_backgrounds(scene)
    inputs = group_inputs(show_result(scene, strip))
    one, other = before_two_backgrounds(scene)
    sky, ground = (made_matte(2, WIDTH, HEIGHT) == each for each in (1, 0))
    assert np.abs(one - other)[sky].max() <= 1
    through = np.abs(before[0] - before[1])[ground].mean()
    assert np.abs(one - other)[ground].mean() == pytest.approx(through, abs=5)
    assert through > 50 or kind == "vp9.webm"
    inputs["Mix"].default_value = 0.0
    assert np.abs(np.array(before_two_backgrounds(scene)) - before).max() <= 2


def before_two_backgrounds(scene: Any) -> tuple[np.ndarray, np.ndarray]:
    images = []
    for colour in ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)):
        strips(scene)["Background"].color = colour
        images.append(rendered(scene, 2))
    return images[0], images[1]


def test_faded_frames_are_keyed(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    planned = plan(scene, strip)
    show_result(scene, strip, Path(planned.job.output))
    folder = skyar("contract.layout").OutputFolder(Path(planned.job.output))
    report: dict[str, Any] = json.loads(folder.report.read_text())
    whole = report["figures"]["light"][0]
    light = {name: whole[name] for name in ("tint", "stops", "haze")}
    dark = {**light, "haze": [0.0, 0.0, 0.0]}
    report["frames"] = [
        {"index": index, "light": each, "grain": [0.01 * index] * 3}
        for index, each in enumerate([dark, light, light])
    ]
    folder.report.unlink()  # it is a link
    folder.report.write_text(json.dumps(report))
    result = planned.show().strip
    inputs = group_inputs(result)
    assert inputs["Tint"].default_value[:3] == tuple(np.float32(whole["tint"]))  # the same in all frames: a slider
    compat = skyar("addon.compat")
    tree = compat.compositor_tree(result.scene)
    red = {
        curve.data_path: curve for curves in compat.fcurve_lists(tree) for curve in curves if not curve.array_index
    }
    haze, grain = (
        red[f'nodes["SkyAR Composite"].inputs[{inputs.find(name)}].default_value']
        for name in ("Haze Colour", "Grain Colour")
    )
    assert np.allclose([haze.evaluate(frame) for frame in (1, 2, 3)], [0, whole["haze"][0], whole["haze"][0]])
    assert np.allclose([grain.evaluate(frame) for frame in (1, 2, 3)], [0, 0.01, 0.02])
    assert sum("inputs" in path for path in red) == 2
