# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m skyar_blender.worker --job JOB.json``: do one job, events on standard output.

Standard input belongs to the supervisor: the line ``cancel`` stops the job, its end means that the supervisor
died.
Exit status: see :data:`skyar_blender.contract.errors.EXIT_STATUS`.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from pathlib import Path

from ..contract import events
from ..contract.errors import SkyarError
from .job.job_file import read_job
from .process.control import CancelToken, watch_signals, watch_supervisor
from .process.heartbeat import start_heartbeat
from .process.incomplete import incomplete
from .process.memory import reuse_freed_memory
from .process.standard_streams import StandardStreams


def main() -> int:
    parser = argparse.ArgumentParser(prog="skyar_blender.worker", description="Do one job of SkyAR.")
    parser.add_argument("--job", type=Path, required=True, help="the job file")
    arguments = parser.parse_args()
    reuse_freed_memory()
    streams = StandardStreams()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    token = CancelToken()
    watch_supervisor(token)
    watch_signals(token)

    one_at_a_time = threading.Lock()

    def emit(event: events.Event) -> None:
        try:
            with one_at_a_time:
                streams.events.write(events.to_line(event) + "\n")
                streams.events.flush()
        except OSError:  # nobody listens any more
            token.cancel("The program that started it has ended.")

    emit(events.Starting())
    try:
        job = read_job(arguments.job)
        start_heartbeat(emit, (Path(job.output), Path(job.clip.path)))
        from .run.run_job import run_job

        run_job(job, emit, token, streams.log_to)
        return 0
    except SkyarError as error:
        logging.getLogger("skyar").error("%s: %s", error.code, error)
        emit(events.Error.of(error))
        return error.exit_status
    except ImportError as error:
        missing = incomplete(error)
        emit(events.Error.of(missing))
        return missing.exit_status
    finally:
        streams.close()


if __name__ == "__main__":
    sys.exit(main())
