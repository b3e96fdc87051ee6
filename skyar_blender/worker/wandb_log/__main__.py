# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that logs: settings as JSON on standard input, what came of it as JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import msgspec

from ...contract.render import Render
from ...contract.wandb import Wandb
from .finished import Finished


def main() -> None:
    """Log the folder that is named, as the settings say."""
    order = json.loads(sys.stdin.read())
    settings = msgspec.convert(order["wandb"], Wandb, strict=True)
    # What the client prints is not for the program that waits.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        from .render_run import log_render
        from .run import log_result
        from .trial_run import log_trial

        result = Finished.read(Path(order["output"]))
        if order["render"] is not None:
            told = {"ok": log_render(result, msgspec.convert(order["render"], Render), settings, order["id"])}
        else:
            told = {"ok": log_result(result, settings, order["id"])}
            if result.job.trial is not None:
                log_trial(result, result.job.trial, settings)
    except Exception as error:
        told = {"error": {"kind": type(error).__name__, "text": str(error)}}
    print(json.dumps(told), file=answer, flush=True)


if __name__ == "__main__":
    main()
