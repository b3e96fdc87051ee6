# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that nobody watches any more end: pip does not look whether Blender still lives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

# Standard input ends with the process that started this one, however that ended. Its group is its own
# (:class:`.process.WatchedProcess`), so that what the program has started goes too.
_GUARD = """
import os, signal, subprocess, sys, threading
try:
    flags = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, **flags)
except OSError as error:
    sys.exit(f"{error.strerror or error}: {sys.argv[1]}")

def watch():
    while os.read(0, 4096):
        pass
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(program.pid)], **flags)
        os._exit(1)
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=watch, daemon=True).start()
status = program.wait()
sys.stdout.flush()
os._exit(status if 0 <= status < 256 else 1)
"""


def guarded(python: Path, command: Sequence[str]) -> list[str]:
    """``command`` under a guard, which ``python`` runs: it ends when its standard input does."""
    return [str(python), "-I", "-c", _GUARD, *command]
