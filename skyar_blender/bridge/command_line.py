# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``skyar`` command line, run in the engine's interpreter on behalf of ``blender --command skyar``."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .launch import shell_command, worker_environment
from .starting import cannot_start


def run_command(python: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run ``skyar ARGUMENTS`` on this terminal and return its exit status (128 + signal if a signal ended it).

    ``environment`` are variables besides those of :func:`.launch.worker_environment`.

    Raises:
        SkyarError: ``engine_missing`` when the interpreter cannot be started.
    """
    try:
        variables = {**worker_environment(), **(environment or {})}
        process = subprocess.Popen(shell_command(python, arguments), env=variables)
    except OSError as error:
        raise cannot_start(python, error) from error
    interrupts = 0
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else 128 - status
        except KeyboardInterrupt:
            # The terminal has sent Ctrl-C to the command as well, which stops by itself; the third time insists.
            interrupts += 1
            if interrupts > 2:
                process.kill()
