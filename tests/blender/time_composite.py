# SPDX-License-Identifier: GPL-3.0-or-later
"""How long Blender's compositor takes for a result, beside a bare Alpha Over of the same footage, matte and sky.

``BLENDER_PYTHON tests/blender/time_composite.py [--frames 6] [--width 1920] [--height 1080] [--groups]``, with
SKYAR_ENGINE_PYTHON set as for the tests. Processor, full precision; reading the images counts, writing does not.
The graphs take turns frame by frame, so that what else the machine does meets them alike, and the best frame counts,
which it met least. With ``--groups`` the composite is also timed with each of its groups left out, one at a time.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blender.conftest  # noqa: F401  # starts Blender
import bpy
from blender.shots import add_movie, make_media, movie_order, new_scene, plan, quiet, skyar

_MAIN_INPUT = {"SkyAR Edge": "Matte", "SkyAR Sky": "Sky", "SkyAR Grain": "Sky", "SkyAR Foreground": "Footage"}
_MAIN_INPUT |= {f"SkyAR {name}": "Image" for name in ("Light", "Reflections", "Haze", "Rain")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--groups", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scene = _result(Path(folder), chosen.frames, chosen.width, chosen.height)
        graphs: dict[str, Callable[[], None]] = {"alpha over": _show_alpha_over(scene)}
        graphs["SkyAR Composite"] = _show_without(scene, None)
        if chosen.groups:
            for node in [node for node in _inner(scene).nodes if node.type == "GROUP"]:
                graphs[f"without {node.name}"] = _show_without(scene, node.name)
        _report(_times(scene, graphs, chosen.frames))


def _result(folder: Path, frames: int, width: int, height: int) -> Any:
    """The scene of a result of ``frames`` frames."""
    size = {"frames": frames, "width": width, "height": height}
    movie = movie_order(folder / "shot.mkv")
    make_media(movie | size, {"make": "output", "folder": str(folder / "output")} | size)
    main = new_scene(width, height)
    planned = plan(main, add_movie(main, folder / "shot.mkv"), folder / "shown")
    # Rain and reflections are off by default, and then there are no images of them.
    ignored = shutil.ignore_patterns("rain", "reflection")
    shutil.copytree(folder / "output", planned.job.output, dirs_exist_ok=True, ignore=ignored)
    return planned.show().strip.scene


def _inner(scene: Any) -> Any:
    return skyar("addon.nodes.tree").group_node(scene).node_tree


def _show_alpha_over(scene: Any) -> Callable[[], None]:
    """Lets the scene show footage, matte and sky through Set Alpha and Alpha Over alone."""
    compat = skyar("addon.compat")
    tree = compat.compositor_tree(scene)
    image = {name: tree.nodes[name].outputs["Image"] for name in ("Footage", "Matte", "Sky")}
    over = tree.nodes.new("CompositorNodeAlphaOver")
    cut = tree.nodes.new("CompositorNodeSetAlpha")  # applies the mask
    for source, place in (
        (image["Sky"], cut.inputs["Image"]),
        (image["Matte"], cut.inputs["Alpha"]),
        (image["Footage"], over.inputs["Background"] if "Background" in over.inputs else over.inputs[1]),
        (cut.outputs[0], over.inputs["Foreground"] if "Foreground" in over.inputs else over.inputs[2]),
    ):
        tree.links.new(source, place)
    return lambda: _end(tree, over.outputs[0])


def _show_without(scene: Any, name: str | None) -> Callable[[], None]:
    """Lets the scene show its result, one of the groups replaced by its main input."""
    tree = skyar("addon.compat").compositor_tree(scene)
    group = skyar("addon.nodes.tree").group_node(scene)
    inner = _inner(scene).copy()
    if name is not None:
        node = inner.nodes[name]
        source = node.inputs[_MAIN_INPUT[name]].links[0].from_socket if name in _MAIN_INPUT else None
        for link in list(node.outputs[0].links):
            place = link.to_socket
            inner.links.remove(link)
            if source is not None:
                inner.links.new(source, place)
            else:
                place.default_value = [0.0] * len(place.default_value)

    def show() -> None:
        if group.node_tree != inner:
            values = {socket.name: _plain(socket) for socket in group.inputs}
            links = {socket.name: socket.links[0].from_socket for socket in group.inputs if socket.is_linked}
            group.node_tree = inner
            for socket in group.inputs:
                socket.default_value = values[socket.name]
                if socket.name in links:
                    tree.links.new(links[socket.name], socket)
        _end(tree, group.outputs[0])

    return show


def _plain(socket: Any) -> Any:
    value = socket.default_value
    return value if isinstance(value, float) else tuple(value)


def _end(tree: Any, socket: Any) -> None:
    end = next(node for node in tree.nodes if node.bl_idname in ("NodeGroupOutput", "CompositorNodeComposite"))
    tree.links.new(socket, end.inputs[0])


def _times(scene: Any, graphs: dict[str, Callable[[], None]], frames: int) -> dict[str, list[tuple[float, float]]]:
    """For each graph, seconds by the clock and of all processors, for each frame but the first."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in graphs}
    for frame in range(1, frames + 1):
        for name, show in graphs.items():
            show()
            scene.frame_set(frame)
            for image in bpy.data.images:
                image.buffers_free()  # each graph reads its own
            clock, processors = time.perf_counter(), time.process_time()
            with quiet():
                bpy.ops.render.render(scene=scene.name)
            if frame > 1:
                times[name].append((time.perf_counter() - clock, time.process_time() - processors))
    return times


def _report(times: dict[str, list[tuple[float, float]]]) -> None:
    print(f"Blender {bpy.app.version_string}, best of {len(times['alpha over'])} frames")
    bare: tuple[float, float] | None = None
    for name, measured in times.items():
        clock = min(seconds for seconds, _ in measured)
        processors = min(seconds for _, seconds in measured)
        bare = bare or (clock, processors)
        print(
            f"{name:28} {clock * 1000:7.0f} ms ({clock / bare[0]:.2f} x), "
            f"processors {processors * 1000:7.0f} ms ({processors / bare[1]:.2f} x)"
        )


if __name__ == "__main__":
    main()
