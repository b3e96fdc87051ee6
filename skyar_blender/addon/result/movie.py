# SPDX-License-Identifier: GPL-3.0-or-later
"""The movie of a result: the sequencer plays it as fast as the footage, where the nodes take a second a frame.

It lies in the sequencer of the result's own scene, and *Input* of the Scene strip says whether the sequencer or the
nodes (*Camera*) of that scene are shown. So a result stays one strip, whichever it shows. A render and a saved file
always have the nodes (:mod:`.movie_or_nodes`).
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpy

from ...common.option_lookup import OPTIONS
from ...contract.look import Look
from .. import compat
from ..nodes.groups import composite, foreground, grain, haze, light, rain, sky
from ..nodes.groups.composite_wet import IMAGE_INPUTS
from ..nodes.tree import group_node
from .images import stored_path
from .resampling import filter_as_footage, without_filter

#: Custom property of the result's scene: the values of the nodes that its movie was made with, as JSON.
KEY = "skyar_movie"
#: Custom property of the result's scene: which file that movie is. Undo takes back settings, not files.
_FILE_KEY = "skyar_movie_file"
#: So many bytes from the end of a movie, and its size, tell it from another one.
_COMPARED = 1 << 16
#: Custom property of the Scene strip: that it is to show the movie, in a window.
PLAYS_KEY = "skyar_plays"
#: Custom property of a Scene strip that shows the movie: by how much that is smaller than the picture.
_FIT_KEY = "skyar_fit"
_DIGITS = 5
#: How many nodes and links there are, among the settings of a result.
_NODES = "nodes"
#: What a run sets anew each time, as its movie has it too.
_OF_THE_RUN = frozenset(
    each.name for each in (light.TINT, light.CHANGE, haze.COLOUR, grain.COLOUR, sky.SHOT, rain.COLOUR)
)


def settings_of(result_scene: Any) -> dict[str, Any]:
    """What the nodes of a result are set to: each input by its name, keyframes where it has some, and how many nodes
    and links there are."""
    tree, node = compat.compositor_tree(result_scene), group_node(result_scene)
    found: dict[str, Any] = {_NODES: _count(tree) if tree is not None else 0}
    for place, socket in enumerate(node.inputs if node is not None else ()):
        if socket.is_linked or socket.name in IMAGE_INPUTS:
            continue
        keys = compat.keyframes(tree, f'nodes["{node.name}"].inputs[{place}].default_value')
        found[socket.name] = [list(key) for key in keys] or _rounded(socket.default_value)
    return found


def place_movie(result_scene: Any, path: Path, frames: int, look: Look, fresh: bool, own_nodes: bool = False) -> None:
    """Put the movie at ``path``, of ``frames`` frames, into the result's scene; none where there is no such file.

    ``look``: what it was made with. ``fresh``: the nodes are as the run has made them; else the user may have set
    something before, and where ``own_nodes`` added or removed some.
    """
    take_movie_off(result_scene)
    noted = {} if fresh else noted_settings(result_scene)
    # Another sky may come with other nodes, such as those of rain.
    of_the_run = _OF_THE_RUN if own_nodes else _OF_THE_RUN | {_NODES}
    now = settings_of(result_scene)
    before = {name: value for name, value in noted.items() if name not in of_the_run}
    made_with = {name: value for name, value in (before | _said(look)).items() if name in now}
    # Also where there is no movie yet: what was set since is what it is to be made with.
    note_settings(result_scene, now | made_with)
    if not path.is_file():
        return
    if result_scene.sequence_editor is None:
        result_scene.sequence_editor_create()
    strips = compat.strips_of(result_scene.sequence_editor)
    movie = strips.new_movie(f"{result_scene.name} movie", str(path), 1, 1)
    if compat.handles(movie) != (1, 1 + frames):
        strips.remove(movie)
        return
    movie.filepath = stored_path(path)
    note_settings(result_scene, now | made_with)


def take_movie_off(result_scene: Any) -> None:
    """Remove the movie from the result's scene."""
    if result_scene.sequence_editor is not None:
        strips = compat.strips_of(result_scene.sequence_editor)
        for strip in list(strips):
            strips.remove(strip)


def movie_of(result_scene: Any) -> Any:
    """The strip of the movie in the result's scene, or None."""
    editor = result_scene.sequence_editor
    return next(iter(compat.strips_of(editor)), None) if editor is not None else None


def note_settings(result_scene: Any, settings: dict[str, Any]) -> None:
    """Remember what the movie was made with."""
    result_scene[KEY] = json.dumps(settings)
    result_scene[_FILE_KEY] = _file_of(result_scene)


def noted_settings(result_scene: Any) -> dict[str, Any]:
    """What the movie was made with; nothing where that is not known."""
    try:
        noted = json.loads(result_scene.get(KEY, "{}"))
    except (TypeError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def changed_settings(result_scene: Any) -> list[str]:
    """Names of what was set otherwise since the movie was made."""
    noted, now = noted_settings(result_scene), settings_of(result_scene)
    return sorted(name for name in noted.keys() | now.keys() if noted.get(name) != now.get(name))


def has_own_nodes(result_scene: Any) -> bool:
    """Whether nodes were added or removed by hand since the movie was made."""
    return _NODES in noted_settings(result_scene) and _NODES in changed_settings(result_scene)


def is_stale(result_scene: Any) -> bool:
    """Whether there is no movie of a result as its nodes are set now."""
    if movie_of(result_scene) is None or changed_settings(result_scene):
        return True
    noted = result_scene.get(_FILE_KEY)
    return noted is not None and noted != _file_of(result_scene)


def why_not(scene: Any, strip: Any) -> str:
    """What stands against showing the movie of the Scene strip ``strip`` of ``scene``; empty where nothing does."""
    if movie_of(strip.scene) is None:
        return "There is no movie of this result: press Bake"
    if is_stale(strip.scene):
        return "The nodes were changed since the movie was made: press Bake"
    crop = strip.crop
    if any((crop.min_x, crop.max_x, crop.min_y, crop.max_y)) and _size(scene) != _size(strip.scene):
        return "The strip is cropped, and its picture is not as large as the scene: only the nodes show that"
    path = strip.path_from_id()
    if _fit(scene, strip) != 1 and any(
        curve.data_path.startswith(f"{path}.transform") for curves in compat.fcurve_lists(scene) for curve in curves
    ):
        return "The strip moves, and its picture is larger than the scene: only the nodes show that"
    return ""


def shows_movie(strip: Any) -> bool:
    """Whether a result's Scene strip shows its movie now."""
    return bool(strip.scene_input == "SEQUENCER")


def show_movie(scene: Any, strip: Any) -> None:
    """Let the Scene strip of ``scene`` show its movie; :func:`why_not` must be empty."""
    if shows_movie(strip):
        return
    fit = _fit(scene, strip)
    movie = movie_of(strip.scene)
    # Blender draws the inner sequencer at the size of the outer scene, and cuts off what does not fit.
    movie.transform.scale_x = movie.transform.scale_y = fit * strip.scene.render.resolution_x / _width_of(movie)
    strip.transform.scale_x /= fit
    strip.transform.scale_y /= fit
    strip[_FIT_KEY] = fit
    strip.scene_input = "SEQUENCER"
    without_filter(strip)


def show_nodes(strip: Any) -> None:
    """Let a result's Scene strip show its nodes."""
    if not shows_movie(strip):
        return
    strip.scene_input = "CAMERA"
    fit = float(strip.get(_FIT_KEY, 1.0))
    strip.transform.scale_x *= fit
    strip.transform.scale_y *= fit
    filter_as_footage(strip)


def _file_of(result_scene: Any) -> str:
    """What tells the movie of a result from others, wherever it was copied to; empty where it is gone."""
    movie = movie_of(result_scene)
    if movie is None:
        return ""
    path = Path(bpy.path.abspath(movie.filepath))
    try:
        state = path.stat()
        return _end_of(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _end_of(path: Path, size: int, _changed: int) -> str:
    with path.open("rb") as file:
        file.seek(max(0, size - _COMPARED))
        return f"{size} {zlib.crc32(file.read(_COMPARED)):08x}"


def _fit(scene: Any, strip: Any) -> float:
    (width, height), (own_width, own_height) = _size(scene), _size(strip.scene)
    return min(1.0, width / own_width, height / own_height)


def _size(scene: Any) -> tuple[int, int]:
    return scene.render.resolution_x, scene.render.resolution_y


def _width_of(movie: Any) -> int:
    return int(movie.elements[0].orig_width) or int(movie.id_data.render.resolution_x)


def _count(tree: Any) -> int:
    inner = sum(_count(node.node_tree) for node in tree.nodes if node.type == "GROUP" and node.node_tree is not None)
    return len(tree.nodes) + len(tree.links) + inner


def _said(look: Look) -> dict[str, Any]:
    """What ``look`` says of the inputs, by their names; the light by hand aside, which a run sets anew.

    What has keyframes too: these were noted when the movie was made.
    """
    return {
        each.label: _rounded(getattr(look, each.field))
        for each in OPTIONS.values()
        if each.part == "look"
        and each.kind == "number"
        and each.label not in _OF_THE_RUN
        and each.field not in (look.keyed or ())
    }


def _rounded(value: Any) -> Any:
    if hasattr(value, "__len__") and not isinstance(value, str):
        return [round(float(part), _DIGITS) for part in value]
    return round(float(value), _DIGITS)


#: Inputs that a job has as options, by which the engine makes the same movie.
AS_OPTIONS = frozenset(
    each.name for each in composite.GROUP.plain_inputs if each.name not in IMAGE_INPUTS | _OF_THE_RUN
) | {foreground.CLEAN_EDGES.name}
