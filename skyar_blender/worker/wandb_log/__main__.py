# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that logs or fetches: an order as JSON on standard input, the answer as JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from ...contract.render import Render
from ...contract.wandb import Wandb
from .finished import Finished


def main() -> None:
    """Log the folder that is named, as the settings say; or fetch weights."""
    order = json.loads(sys.stdin.read())
    # What the client prints is not for the program that waits.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    reported: dict[str, dict[str, str]]
    try:
        reported = {"ok": _fetched(order) if "fetch" in order else _logged(order)}
    except Exception as error:
        reported = {"error": {"kind": type(error).__name__, "text": str(error)}}
    print(json.dumps(reported), file=answer, flush=True)


def _logged(order: dict[str, Any]) -> dict[str, str]:
    from .render_run import log_render
    from .run import log_result
    from .trial_run import log_trial

    settings = msgspec.convert(order["wandb"], Wandb, strict=True)
    result = Finished.read(Path(order["output"]))
    if order["render"] is not None:
        return log_render(result, msgspec.convert(order["render"], Render), settings, order["id"])
    reported = log_result(result, settings, order["id"])
    if result.job.trial is not None:
        log_trial(result, result.job.trial, settings)
    return reported


def _fetched(order: dict[str, Any]) -> dict[str, str]:
    from .fetch import fetch

    return fetch(order["fetch"], Path(order["folder"]))


if __name__ == "__main__":
    main()
