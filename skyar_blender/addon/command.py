# SPDX-License-Identifier: GPL-3.0-or-later
"""``blender --command skyar …``: the same command line as the shell's ``skyar``."""

from __future__ import annotations

import sys
from typing import Any

import bpy

from ..bridge.command_line import run_command
from ..contract.errors import SkyarError
from .preferences.fetching import fetching
from .preferences.preferences import engine_python

_handle: Any = None


def run(arguments: list[str]) -> int:
    """Run ``skyar ARGUMENTS`` in the engine's Python; its exit status."""
    try:
        return run_command(engine_python(), arguments, fetching())
    except SkyarError as error:
        print(error, file=sys.stderr)
        return error.exit_status


def register() -> None:
    """Make the command known to Blender."""
    global _handle
    _handle = bpy.utils.register_cli_command("skyar", run)  # type: ignore[func-returns-value]


def unregister() -> None:
    """Take the command away again."""
    global _handle
    if _handle is not None:
        bpy.utils.unregister_cli_command(_handle)
        _handle = None
