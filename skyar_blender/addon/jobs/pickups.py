# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that were complete when another file was open: they wait for theirs, also over the end of Blender."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import bpy

from ...common.stored_job import stored_job
from ...contract.documents import parse_json
from ...contract.errors import SkyarError
from ..preferences.preferences import ROOT_PACKAGE
from . import opened
from .replace_sky import Replacement

_FILE = "waiting_results.json"


@dataclass(frozen=True)
class Pickup:
    """A result that waits: for the file ``blend``, its scene and strip by name and mark, in the folder ``output``."""

    blend: str
    scene: str
    strip: str
    mark: str
    output: str


def keep(replacement: Replacement, blend: str) -> None:
    """Let the complete result wait for the file at ``blend``. Raises OSError."""
    pickup = Pickup(blend, replacement.scene, replacement.strip, replacement.mark, replacement.job.output)
    _write([each for each in _read() if each.output != pickup.output] + [pickup])


def pick_up() -> list[str]:
    """Show what waits for the file that is open; what there is to say of it."""
    mine = [each for each in _read() if each.blend == bpy.data.filepath]
    told: list[str] = []
    for each in mine:
        try:
            job = stored_job(Path(each.output))
            found = Replacement(each.scene, each.strip, job, mark=each.mark, file=opened.number)
            told += found.show().notes
            told.append(
                f"“{each.strip}”: the new sky that was made while another file was open is on the strip above."
            )
        except SkyarError as error:
            told.append(str(error))
        except (OSError, ValueError) as error:
            told.append(f"The result in {each.output} is gone or damaged ({error}): run Replace Sky again.")
    if mine:
        with contextlib.suppress(OSError):
            _write([each for each in _read() if each not in mine])
    return told


def folders() -> list[Path]:
    """Where the results that wait lie, for whichever file. Cheap: panels ask each time they are drawn."""
    path = _folder() / _FILE
    try:
        state = path.stat()
    except OSError:
        return []
    return list(_folders(state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=1)
def _folders(_changed: int, _length: int) -> tuple[Path, ...]:
    return tuple(Path(each.output) for each in _read())


def _read() -> list[Pickup]:
    try:
        stored = parse_json((_folder() / _FILE).read_bytes())
        return [Pickup(**{name: str(value) for name, value in each.items()}) for each in stored]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def _write(pickups: list[Pickup]) -> None:
    (_folder() / _FILE).write_text(json.dumps([asdict(each) for each in pickups], indent=1), encoding="utf-8")


def _folder() -> Path:
    return Path(bpy.utils.extension_path_user(ROOT_PACKAGE, create=True))
