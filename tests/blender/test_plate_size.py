# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean plates of large frames, and all images of drafts, are smaller than these, and fill them in the nodes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from blender.shots import (
    add_movie,
    group_inputs,
    make_media,
    movie_order,
    new_scene,
    plan,
    rendered,
    show_result,
    skyar,
)

SIZE = (1002, 42)
NAMES = ("Clean Plate Image Size", "Clean Plate Alpha Size")


def test_a_smaller_plate_shows_the_same(tmp_path: Path) -> None:
    make_media(movie_order(tmp_path / "wide.mkv", width=SIZE[0], height=SIZE[1]))
    output = tmp_path / "result"
    scene, strip, result = shown(tmp_path, output)
    nodes = skyar("addon.compat").compositor_tree(result.scene).nodes
    assert not any(name in nodes for name in NAMES)
    whole = rendered(scene, 5)
    group_inputs(result)["Clean Edges"].default_value = 0.0
    assert np.abs(rendered(scene, 5) - whole).max() > 20  # the plate is seen

    make_media({"make": "smaller_plates", "folder": str(output)})
    for _ in range(2):  # the nodes of an older result get what they need, once
        plan(scene, strip, output).show()
        assert sum(node.type == "SCALE" for node in nodes) == 2 and all(name in nodes for name in NAMES)
        assert tuple(nodes["Clean Plate"].image.size) == (504, 24)

    scene, strip = new_shot(tmp_path)
    result = plan(scene, strip, output).show().strip
    difference = np.abs(rendered(scene, 5) - whole)
    assert difference.max() <= 3 and difference.mean() < 0.3
    borders = (difference[0], difference[-1], difference[:, 0], difference[:, -1])
    assert max(each.max() for each in borders) <= 3

    group_inputs(result)["Grain Amount"].default_value = 0.0  # of a draft it is coarser
    whole = rendered(scene, 5)
    make_media({"make": "small_draft", "folder": str(output)})
    scene, strip = new_shot(tmp_path)
    planned = plan(scene, strip, output)
    settings = replace(planned.job.settings, quality="draft")
    result = replace(planned, job=replace(planned.job, settings=settings)).show().strip
    nodes = skyar("addon.compat").compositor_tree(result.scene).nodes
    assert sum(node.type == "SCALE" for node in nodes) == 5
    for name in ("Sky", "Matte", "Grain"):
        assert nodes[f"{name} Image Size"].inputs["X"].default_value == pytest.approx(SIZE[0] / 502)
    group_inputs(result)["Grain Amount"].default_value = 0.0
    difference = np.abs(rendered(scene, 5) - whole)
    away = np.r_[0:20, 36:42]  # from the matte's edge: what is finer than its pixels is lost
    assert difference[away].max() <= 4 and difference.mean() < 2


def new_shot(folder: Path) -> tuple[Any, Any]:
    scene = new_scene(*SIZE)
    return scene, add_movie(scene, folder / "wide.mkv")


def shown(folder: Path, output: Path) -> tuple[Any, Any, Any]:
    scene, strip = new_shot(folder)
    return scene, strip, show_result(scene, strip, output)
