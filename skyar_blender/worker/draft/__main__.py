# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m skyar_blender.worker.draft``: drafts as they are asked for (:mod:`skyar_blender.contract.draft`).

One request per line on standard input, events on standard output: at once that it has begun, then the draft or an
error, and it goes on. It ends with standard input, or when nothing was asked for a while.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ..process.heartbeat import start_heartbeat
from ..process.incomplete import incomplete
from ..process.progress import Emit
from ..process.standard_streams import StandardStreams
from .requests import NewestRequest, number_of, parse_request

if TYPE_CHECKING:
    from .drafter import Drafter

#: Names of a draft's pictures; those of the two latest stay, as one may be on its way to the screen.
_NAMES = ("result", "original", "matte")
_STAY = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="skyar_blender.worker.draft", description="Make drafts as asked.")
    parser.add_argument("--idle", type=float, default=600.0, help="seconds without a request after which it ends")
    arguments = parser.parse_args()
    streams = StandardStreams()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    one_at_a_time = threading.Lock()

    def emit(event: events.Event) -> None:
        with suppress(OSError), one_at_a_time:  # where nobody listens, the input has ended too
            streams.events.write(events.to_line(event) + "\n")
            streams.events.flush()

    requests = NewestRequest(0)
    emit(events.Starting())
    start_heartbeat(emit, ())
    try:
        while (line := requests.take(arguments.idle)) is not None:
            if line.strip():
                _answer(line, emit)
    finally:
        streams.close()
    return 0


def _answer(line: bytes, emit: Emit) -> None:
    begun = time.monotonic()
    emit(events.Drafting(number=number_of(line)))
    try:
        request = parse_request(line)
        draft = _drafter().draft(request.job, request.frame, request.size)
        from ...engine.media.images import write_png

        folder = Path(request.folder)
        paths = [folder / f"{request.number:06d}_{name}.png" for name in _NAMES]
        for path, picture in zip(paths, (draft.result, draft.original, draft.matte), strict=True):
            write_png(path, picture)
        for name in _NAMES:
            (folder / f"{request.number - _STAY:06d}_{name}.png").unlink(missing_ok=True)
        height, width = draft.result.shape[:2]
        result, original, matte = (path.as_posix() for path in paths)
        seconds = round(time.monotonic() - begun, 3)
        emit(
            events.Drafted(
                number=request.number,
                result=result,
                original=original,
                matte=matte,
                width=width,
                height=height,
                seconds=seconds,
                degrees=round(draft.degrees, 3),
                panorama=draft.panorama,
                horizon=draft.horizon,
                notes=draft.notes,
            )
        )
    except Exception as error:
        emit(events.Error.of(_told(error)))


@cache
def _drafter() -> Drafter:
    from .drafter import Drafter  # takes a second

    return Drafter()


def _told(error: Exception) -> SkyarError:
    if isinstance(error, SkyarError):
        return error
    traceback.print_exc()
    if isinstance(error, ImportError):
        return incomplete(error)
    if isinstance(error, OSError):
        return SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            "The draft could not be made.",
            f"{error.filename or ''}: {error.strerror or error}.",
            "Make room on that disk, or put back what is missing, and try again.",
        )
    return SkyarError(
        ErrorCode.INTERNAL,
        "The draft stopped because of a mistake of SkyAR's own.",
        f"{type(error).__name__}: {error}",
        "Please report it. Replace Sky itself may still work.",
    )


if __name__ == "__main__":
    sys.exit(main())
