# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``skyar`` command: one file per subcommand."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the ``skyar`` command."""
    from ..process.memory import reuse_freed_memory

    reuse_freed_memory()
    from .app import app

    sys.exit(app(prog_name="skyar"))
