# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean plates, and all images of a draft, lie on the disk at a smaller size than frames: nodes that enlarge them.

They stand between the image's node and whatever it is linked to, for its image and its alpha.
"""

from __future__ import annotations

from typing import Any

from ...contract.layout import PLATE_BORDER
from .. import compat


def fit_stored(tree: Any, node: Any, stored: tuple[int, int], size: tuple[int, int]) -> None:
    """Let images of the size ``stored`` that ``node`` shows fill frames of ``size``, in all that is linked to it.

    Both are width and height.
    """
    width, height = stored
    whole = (width, height) in (size, (0, 0))  # the latter cannot be read
    for output in (node.outputs["Image"], node.outputs["Alpha"]):
        name = f"{node.name} {output.name} Size"
        enlarged = tree.nodes.get(name)
        if enlarged is None and not whole and output.is_linked:
            places = [link.to_socket for link in output.links]
            enlarged = compat.enlarging_node(tree)
            enlarged.name = enlarged.label = name
            enlarged.location = (node.location[0] + 160, node.location[1] - (0 if output.name == "Image" else 120))
            enlarged.hide = True
            tree.links.new(output, enlarged.inputs[0])
            for place in places:
                tree.links.new(enlarged.outputs[0], place)
        elif enlarged is not None and whole:
            for place in [link.to_socket for link in enlarged.outputs[0].links]:
                tree.links.new(output, place)
            tree.nodes.remove(enlarged)
            enlarged = None
        if enlarged is not None:
            enlarged.inputs["X"].default_value = size[0] / (width - 2 * PLATE_BORDER)
            enlarged.inputs["Y"].default_value = size[1] / (height - 2 * PLATE_BORDER)
