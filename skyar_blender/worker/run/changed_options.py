# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder whose job has other options now: what they affect is made again, all else of it stays."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path

from ...contract.layout import OutputFolder
from ...contract.option import Affects
from ..stages.light import NEW_SKY
from ..stages.preview import SIZE
from ..stages.sky import SKY
from ..stages.survey import SURVEY

_FOLDER = OutputFolder(Path())
#: What is made of the clip alone.
_OF_THE_CLIP = (_FOLDER.area(1).parent, _FOLDER.state / f"{SURVEY}.json")
_MOVIES = (_FOLDER.preview, _FOLDER.compare, _FOLDER.state / f"{SIZE}.json")
#: What the new sky is made into. What is remembered of the old one stays, as for Change Sky.
_OF_THE_SKY = (
    *(path(1).parent for path in (_FOLDER.sky, _FOLDER.rain, _FOLDER.reflection)),
    *(_FOLDER.state / f"{name}.json" for name in (SKY, NEW_SKY)),
)


def outdated(changed: Mapping[str, Affects], names: Set[str]) -> set[str]:
    """Which files of a folder are no longer as its job wants them.

    With another motion the mattes go too: by it the frames of a shot are compared, and mattes corrected. With another
    quality the clip itself may be looked at in another size.

    Args:
        changed: names of options with another value, and what each affects.
        names: the folder's files, as paths relative to it, with forward slashes.
    """
    affects = set(changed.values())
    if "quality" in changed:
        return set(names)
    if affects & {"matte", "track", "plate"}:
        return {name for name in names if not _within(name, _OF_THE_CLIP)}
    parts: tuple[Path, ...] = ()
    if affects & {"sky", "light", "look"}:
        parts += _MOVIES
    if "sky" in affects:
        parts += _OF_THE_SKY
    return {name for name in names if _within(name, parts)}


def words(changed: Mapping[str, Affects]) -> tuple[str, str, str]:
    """What a person is told: what, why and what to do."""
    affects = set(changed.values())
    if affects & {"matte", "track", "plate"}:
        again = "Mattes, motion and all that comes after them are made again"
    else:
        again = (
            f"{'The new sky and its movies are' if 'sky' in affects else 'Its movies are'} made again, the rest stays"
        )
    names = sorted(name for name, part in changed.items() if part not in ("previews", "nothing"))
    return (
        f"The folder held a result with other options ({', '.join(names)}). {again}.",
        "It is the same clip with the same sky, so the folder was taken for the same work done once more.",
        "To keep both results, give each a folder of its own.",
    )


def _within(name: str, parts: tuple[Path, ...]) -> bool:
    path = Path(name)
    return any(part == path or part in path.parents for part in parts)
