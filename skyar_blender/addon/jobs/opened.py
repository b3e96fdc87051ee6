# SPDX-License-Identifier: GPL-3.0-or-later
"""Which file is open: a job may end when it is another one than that which it was started in."""

from __future__ import annotations

from typing import Any

import bpy

#: Counts the files opened in this session; saving under another name does not count.
number = 0
#: Where files that are no longer open were saved.
_paths: dict[int, str] = {}


def register() -> None:
    """Watch for files that are opened."""
    bpy.app.handlers.load_pre.append(_note)
    bpy.app.handlers.load_post.append(_count)


def unregister() -> None:
    """Stop watching."""
    bpy.app.handlers.load_pre.remove(_note)
    bpy.app.handlers.load_post.remove(_count)


def path_of(which: int) -> str:
    """Where the file of that number is saved; empty where it never was."""
    return bpy.data.filepath if which == number else _paths.get(which, "")


@bpy.app.handlers.persistent
def _note(*_given: Any) -> None:
    _paths[number] = bpy.data.filepath


@bpy.app.handlers.persistent
def _count(*_given: Any) -> None:
    global number
    number += 1
