# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the process that logs or fetches, waits for it, and tells what it reported."""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...contract.layout import OutputFolder
from ...contract.render import Render
from ...contract.wandb import Wandb
from ..process.control import CancelToken

#: Seconds that logging may take: without a server; with one, to reach it; and bytes a second that must go through.
OFFLINE_SECONDS = 120.0
ONLINE_SECONDS = 120.0
SLOWEST = 100_000
#: Seconds that fetching weights may take.
FETCH_SECONDS = 600.0
_POLL = 0.05


@dataclass(frozen=True)
class Logged:
    """A run that was logged: its id and its folder; online, its address, and the version that its movies are."""

    id: str
    folder: Path
    url: str
    video: str


class NotLoggedError(Exception):
    """Logging or fetching failed: why, and what the person can do, each a sentence; is the client installed?"""

    def __init__(self, why: str, todo: str, installed: bool = True) -> None:
        super().__init__(why)
        self.why = why
        self.todo = todo
        self.installed = installed


def log_folder(
    output: Path,
    settings: Wandb,
    token: CancelToken | None = None,
    render: Render | None = None,
    name: str | None = None,
) -> Logged:
    """Log the finished result in ``output``, or a movie that was rendered from it later.

    ``name`` is the id of the run, for a second try; without it there is a new one.

    Raises:
        NotLoggedError: it could not be logged, whatever the reason; nothing of the result is touched.
    """
    order = {
        "output": str(output),
        "wandb": asdict(settings),
        "render": render and asdict(render),
        "id": name or new_id(),
    }
    online = "Check the network, the login (wandb login) and the project, or log offline."
    disk = f"Check that {settings.directory or 'the folder of the results'} can be written, and the disk's room."
    reported = _ask(
        order,
        limit=_limit(output, settings, render),
        token=token,
        without="or turn logging off",
        todo=online if settings.mode == "online" else disk,
        late="Log the result later: skyar log FOLDER.",
    )
    return Logged(reported["id"], Path(reported["folder"]), reported["url"], reported["video"])


def fetch(name: str, folder: Path, token: CancelToken | None = None) -> dict[str, str]:
    """Fetch the weights in the artifact ``name``; see :func:`.fetch.fetch`.

    Raises:
        NotLoggedError: they could not be fetched, whatever the reason.
    """
    return _ask(
        {"fetch": name, "folder": str(folder)},
        limit=FETCH_SECONDS,
        token=token,
        without="or give weights of your own",
        todo="Check the name, the network and the login (wandb login).",
        late="Try again, or give weights of your own.",
    )


def _ask(
    order: dict[str, Any], *, limit: float, token: CancelToken | None, without: str, todo: str, late: str
) -> dict[str, str]:
    """What the process answers to ``order``.

    ``without`` ends the advice where the client is not installed, ``todo`` is that where it fails, ``late`` where it
    does not end.
    """
    found = importlib.util.find_spec("wandb")
    if found is None or found.origin is None:  # a folder of that name is none
        raise NotLoggedError(
            "The package wandb is not installed in the engine's environment.",
            "Press Set Up Engine while Weights & Biases is on in the preferences (or: pip install wandb pillow), "
            f"{without}.",
            installed=False,
        )
    # Not pipes: what is left behind by a killed client could hold them open for ever.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as noise:
        given.write(json.dumps(order).encode())
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", __package__],
            stdin=given,
            stdout=output,
            stderr=noise,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        code = _wait(process, limit, token, late)
        output.seek(0)
        noise.seek(0)
        answer, errors = output.read().decode(errors="replace"), noise.read().decode(errors="replace")
    return _reported(answer, errors, code, todo)


def new_id() -> str:
    """An id for a run: eight letters and digits, as the client makes them."""
    return secrets.token_hex(4)


def offline(settings: Wandb) -> Wandb:
    """The same without a server."""
    return replace(settings, mode="offline")


def _environment() -> dict[str, str]:
    environment = {**os.environ, "WANDB_SILENT": "true", "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"}
    root = str(Path(__file__).resolve().parents[3])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    return environment


def _limit(output: Path, settings: Wandb, render: Render | None) -> float:
    if settings.mode != "online":
        return OFFLINE_SECONDS
    folder = OutputFolder(output)
    paths = (folder.preview, folder.compare) if render is None else (Path(render.movie),)
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return ONLINE_SECONDS + (2e7 + sum(sizes)) / SLOWEST


def _wait(process: subprocess.Popen[bytes], limit: float, token: CancelToken | None, late: str) -> int:
    until = time.monotonic() + limit
    while process.poll() is None:
        if time.monotonic() > until or (token is not None and token.cancelled):
            _end(process)
            raise NotLoggedError(
                f"It did not end within {limit:.0f} s."
                if token is None or not token.cancelled
                else "It was cancelled.",
                late,
            )
        time.sleep(_POLL)
    return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started."""
    import psutil

    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    for each in family:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def _reported(answer: str, errors: str, code: int, todo: str) -> dict[str, str]:
    try:
        reported = json.loads(answer)
    except ValueError:
        last = errors.strip().splitlines()[-1:] or [f"it ended with status {code}"]
        raise NotLoggedError(f"The client's process failed: {last[0]}.", "See the log of the run.") from None
    if "ok" in reported:
        found: dict[str, str] = reported["ok"]
        return found
    why = f"{reported['error']['kind']}: {reported['error']['text']}".strip().rstrip(".") + "."
    raise NotLoggedError(why, todo)
