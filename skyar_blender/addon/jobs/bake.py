# SPDX-License-Identifier: GPL-3.0-or-later
"""A new movie of a result whose nodes were set otherwise: the engine makes it from the files that are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.option_lookup import OPTIONS, with_options
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from .. import compat
from ..nodes.groups import light
from ..nodes.tree import group_node
from ..result.build import Result
from ..result.link import folder_of, original_of
from ..result.movie import AS_OPTIONS, changed_settings, note_settings, place_movie, settings_of, why_not
from ..result.movie_or_nodes import results, set_plays
from .change_sky import job_of_result
from .replace_sky import Replacement, mark_strip

_BY_HAND = frozenset({light.TINT.name, light.CHANGE.name})
#: Options of a job that are inputs of the nodes, by the inputs' names.
_SLIDERS = {each.label: each for each in OPTIONS.values() if each.part == "look" and each.label in AS_OPTIONS}
_DIGITS = 5


@dataclass(frozen=True)
class Baked(Replacement):
    """Only the movie is new; the nodes stay as they are.

    Attributes:
        result: name of the result's scene.
        settings: what its nodes were set to when the work began.
    """

    result: str = ""
    settings: dict[str, Any] | None = None

    def get_ready(self) -> None:
        """The nodes are there."""

    def show(self) -> Result:
        """Let the result play the new movie, unless its nodes were changed once more in the meantime."""
        result_scene = bpy.data.scenes.get(self.result)
        if result_scene is None:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"The result of “{self.strip}” is gone.",
                "It was removed or renamed in the meantime.",
                f"The movie is complete: {OutputFolder(Path(self.job.output)).preview}.",
            )
        movie, look = OutputFolder(Path(self.job.output)).preview, self.job.settings.look
        place_movie(result_scene, movie, result_scene.frame_end, look, fresh=True)
        note_settings(result_scene, self.settings or {})
        scene = bpy.data.scenes.get(self.scene)
        shown = [strip for owner, strip in results() if owner == scene and strip.scene == result_scene]
        for strip in shown:
            if not bpy.app.background and not why_not(scene, strip):
                set_plays(scene, strip, True)
        return Result(shown[0] if shown else None, [])


def plan_bake(scene: Any, result: Any) -> Baked:
    """The job that makes the movie of ``result``, a Scene strip of ``scene``, as its nodes are set now.

    Raises:
        SkyarError: ``unsupported`` where only the nodes can show what was set; those of :func:`job_of_result`.
        ValueError: a value out of range.
    """
    before = job_of_result(result)
    original = original_of(scene, result) or result
    values, only_nodes = _options(result.scene, before)
    if only_nodes:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"No movie can be made of “{result.name}” as it is set.",
            f"Only the nodes can show: {', '.join(only_nodes)}.",
            "Set that back, or go on with Nodes, or render the timeline.",
        )
    job = with_options(before, {**values, "previews": True})
    look = replace(job.settings.look, keyed=_keyed(result.scene) or None)
    job = replace(
        job,
        settings=replace(job.settings, look=look),
        output=str(folder_of(result.scene).root),
        until="preview",
        trial=None,
    )
    return Baked(
        scene.name,
        original.name,
        job,
        mark=mark_strip(original),
        result=result.scene.name,
        settings=settings_of(result.scene),
    )


def _keyed(result_scene: Any) -> dict[str, list[float]]:
    """Values per frame of the sliders that have keyframes, by their fields in a job's look."""
    tree, node = compat.compositor_tree(result_scene), group_node(result_scene)
    found = {}
    for place, socket in enumerate(node.inputs):
        path = f'nodes["{node.name}"].inputs[{place}].default_value'
        slider = _SLIDERS.get(socket.name)
        if slider is None or socket.is_linked or not compat.is_animated(tree, path):
            continue
        assert slider.low is not None and slider.high is not None
        values = (
            compat.animated_value(tree, path, socket.default_value, frame)
            for frame in range(result_scene.frame_start, result_scene.frame_end + 1)
        )
        found[slider.field] = [round(min(max(value, slider.low), slider.high), _DIGITS) for value in values]
    return found


def _options(result_scene: Any, before: Job) -> tuple[dict[str, Any], list[str]]:
    """Values of a job's options by which its movie is what the nodes show, and what no option can say."""
    sockets = group_node(result_scene).inputs
    settings, changed = settings_of(result_scene), changed_settings(result_scene)
    values: dict[str, Any] = {}
    only_nodes: list[str] = []
    for name in changed:
        if name in _BY_HAND:
            continue
        if name not in _SLIDERS:
            only_nodes.append("nodes that were added or removed" if name == "nodes" else name)
        elif not isinstance(settings.get(name), list):
            values[_SLIDERS[name].name] = sockets[name].default_value
    by_hand = sorted(_BY_HAND & set(changed))
    if by_hand:
        tint, change = settings[light.TINT.name], settings[light.CHANGE.name]
        plain = len(tint) == 4 and not isinstance(tint[0], list) and not isinstance(change, list)
        colour = tuple(tint[:3])
        if plain and compat.scene_linear(colour) == colour:
            values |= {"light": "manual", "tint": list(colour), "light_change": change}
        else:
            only_nodes += by_hand
    return values, only_nodes
