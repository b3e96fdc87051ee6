# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the command ``skyar`` again and again, each time in a process of its own that has the packages loaded.

Loading them takes a second of the processor, and most commands of the tests take less. Run as a script: each line of
standard input is a request, each line of standard output an exit status.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.helper_process import HelperProcess

ROOT = Path(__file__).resolve().parents[2]


def run_warm(arguments: list[str], cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command with ``arguments``, to its end."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / "stdout.txt", Path(folder) / "stderr.txt"]
        request = {
            "arguments": arguments,
            "cwd": str(cwd),
            "environment": environment,
            "said": [str(path) for path in said],
        }
        status = int(_server().ask(json.dumps(request)))
        stdout, stderr = (path.read_text(encoding="utf-8") for path in said)
    return subprocess.CompletedProcess(["skyar", *arguments], status, stdout, stderr)


@cache
def _server() -> HelperProcess:
    from support.helper_process import HelperProcess  # the script that it starts needs none

    return HelperProcess([sys.executable, str(Path(__file__))], {**os.environ, "PYTHONPATH": str(ROOT)})


def _serve() -> dict[str, Any] | None:
    """Fork for each request; the request in the process that is to do it, None when there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    for line in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            answers.close()
            request: dict[str, Any] = json.loads(line)
            return request
        _, ended = os.waitpid(process, 0)
        answers.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        answers.flush()
    return None


def _become(request: dict[str, Any]) -> None:
    """Be the process that a shell would have started."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, path in enumerate(request["said"], start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["skyar", *request["arguments"]]


if __name__ == "__main__":
    # OpenEXR starts threads as it is loaded, which no fork has: what uses it is left to each process.
    import av  # noqa: F401

    import skyar_blender.engine.composite.grain
    import skyar_blender.engine.matte.methods
    import skyar_blender.engine.track.trackers.choose
    import skyar_blender.worker.cli.app  # noqa: F401

    assert "OpenEXR" not in sys.modules
    wanted = _serve()
    if wanted is not None:
        _become(wanted)
        from skyar_blender.worker.cli import main

        main()
