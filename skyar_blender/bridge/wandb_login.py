# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands a key to the client of Weights & Biases, which keeps it as it keeps all keys; nothing else ever has it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from .launch import worker_environment

#: Seconds that the server may take.
WITHIN = 60.0
# By standard input: arguments and environments of a process can be read by others.
_LOGIN = """
import sys
import wandb
key = sys.stdin.readline().strip()
sys.exit(0 if wandb.login(key=key, relogin=True, verify=True, timeout=30) else 1)
"""


def log_in(python: Path, key: str, *, online: bool, within: float = WITHIN) -> None:
    """Log in with the engine's interpreter ``python``; waits for the answer.

    Raises:
        SkyarError: ``network_forbidden``; ``engine_missing``; ``engine_incomplete`` where wandb is not installed;
            ``not_logged`` where the server does not take the key or does not answer. The key is in none of them.
    """
    if not online:
        raise SkyarError(
            ErrorCode.NETWORK_FORBIDDEN,
            "The login to Weights & Biases needs the network, and Blender may not use it.",
            "Blender's online access is off.",
            "Allow it in Preferences > System > Network.",
        )
    try:
        done = subprocess.run(
            [str(python), "-c", _LOGIN],
            input=key.encode() + b"\n",
            capture_output=True,
            timeout=within,
            env=worker_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"The server did not answer within {within:.0f} s.") from None
    except OSError as error:
        raise SkyarError(
            ErrorCode.ENGINE_MISSING,
            f"The engine's Python cannot be started: {python}.",
            f"{error.strerror or error}.",
            "Press Set Up Engine in the add-on's preferences.",
        ) from error
    printed = done.stderr.decode(errors="replace").replace(key, "***")
    if "No module named 'wandb'" in printed:
        raise SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            "The package wandb is not installed in the engine's environment.",
            "It was set up without it.",
            "Press Set Up Engine while Weights & Biases is on in the preferences.",
        )
    if done.returncode != 0:
        lines = [line.strip() for line in printed.splitlines() if line.strip()]
        raise _failed(lines[-1].rstrip(".") + "." if lines else "The server did not take the key.")


def _failed(why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.NOT_LOGGED,
        "The login to Weights & Biases failed.",
        why,
        "Copy the key anew from wandb.ai/authorize, and check the network.",
    )
