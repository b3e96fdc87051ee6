# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing into an output folder, so that each file is known by size and hash and none lands anywhere else."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...common.new_file import link_on_the_way, partial_path, share_partial
from ...contract.errors import ErrorCode, SkyarError
from ...contract.file_record import FileState, file_line, head_line, state_of, state_of_bytes
from ...contract.layout import OutputFolder
from ...engine.media.atomic import begin_partial, explained, finish_partial, write_atomically

_APPEND = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class WrittenFiles:
    """Everything that a run puts into its output folder goes through here, from any thread.

    Attributes:
        known: what was found good of an earlier run, and what this one wrote; by path relative to the folder.
    """

    def __init__(self, folder: OutputFolder, record: Path | None = None) -> None:
        """``record``: the file that it is all noted in; None is that of the whole result."""
        self.known: dict[str, FileState] = {}
        self._folder = folder
        self._path = folder.record if record is None else record
        self._lock = threading.Lock()
        self._record: int | None = None

    def begin(self, job: dict[str, Any], clip: dict[str, Any]) -> None:
        """Write the record anew, with what is known so far.

        Raises:
            SkyarError: ``output_full``, ``output_not_writable``.
        """
        lines = [head_line(job, clip), *(file_line(name, state) for name, state in self.known.items())]
        path = self._path
        self._check_inside(path)
        self.close()
        write_atomically(path, b"".join(lines))
        with explained(path):
            self._record = os.open(path, _APPEND)

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file. Raises as :func:`~..engine.media.atomic.write_atomically`."""
        self._check_inside(path)
        write_atomically(path, data, lambda: self._note(path, state_of_bytes(data)))

    def share(self, path: Path, source: Path, data: bytes) -> None:
        """As :meth:`write` of the ``data`` that another file, ``source``, holds, without taking its room twice.

        Both become names of one file where the file system has that (hard links). As files are only ever replaced,
        never written over, either of them can be made anew without the other.
        """
        self._check_inside(path)
        try:
            share_partial(path, source)
        except OSError:
            self.write(path, data)
            return
        with explained(path):
            self._note(path, state_of_bytes(data))
            partial_path(path).replace(path)

    def name_again(self, path: Path, source: Path) -> bool:
        """Give the file ``source``, which this or an earlier run wrote, the second name ``path`` (a hard link).

        Whether there is such a file, and the file system has that. Raises as :meth:`write`.
        """
        self._check_inside(path)
        state = self.known.get(source.relative_to(self._folder.root).as_posix())
        if state is None:
            return False
        try:
            share_partial(path, source)
        except OSError:
            return False
        with explained(path):
            self._note(path, state)
            partial_path(path).replace(path)
            partial_path(path).unlink(missing_ok=True)  # where both were names of one file before
        return True

    def write_text(self, path: Path, text: str) -> None:
        """Write a small text file as UTF-8 with plain newlines; errors as :meth:`write`."""
        self.write(path, text.encode("utf-8"))

    def begin_file(self, path: Path) -> Path:
        """Where a library may write by itself what :meth:`finish_file` makes the file ``path``; errors likewise."""
        self._check_inside(path)
        return begin_partial(path)

    def finish_file(self, path: Path) -> None:
        """Give what was written after :meth:`begin_file` its name; errors as :meth:`write`."""
        finish_partial(path, lambda: self._note(path, state_of(partial_path(path))))

    def drop_file(self, path: Path) -> None:
        """Remove what was written after :meth:`begin_file`: it does not become the file, and the disk may be full."""
        with suppress(OSError):
            partial_path(path).unlink(missing_ok=True)

    def close(self) -> None:
        """Bring the record to the disk."""
        with self._lock:
            record, self._record = self._record, None
        if record is not None:
            with suppress(OSError):  # lines that are lost only mean that their files are made again
                os.fsync(record)
            os.close(record)

    def _note(self, path: Path, state: FileState) -> None:
        name = path.relative_to(self._folder.root).as_posix()
        with self._lock:
            assert self._record is not None, "a file is written before the record is begun"
            os.write(self._record, file_line(name, state))
            self.known[name] = state

    def _check_inside(self, path: Path) -> None:
        """The folder is still there, and nobody has put a link where a folder of the result is to be."""
        self.check_there()
        check_no_link(path, self._folder)

    def check_there(self) -> None:
        """Raise ``output_not_writable`` where the folder is gone."""
        if not self._folder.root.is_dir():
            raise SkyarError(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                f"The output folder {self._folder.root} is gone.",
                "It was moved or deleted while the work went on, or its disk is no longer there.",
                "Put it back and run again: what is complete in it is not made again.",
            )


def check_no_link(path: Path, folder: OutputFolder) -> None:
    """Raise ``output_taken`` where a folder on the way to ``path`` in ``folder`` is a link to another place."""
    link = link_on_the_way(path, folder.root)
    if link is not None:
        raise SkyarError(
            ErrorCode.OUTPUT_TAKEN,
            f"{link} is a link.",
            f"It leads to {os.path.realpath(link)}, and SkyAR writes nothing outside {folder.root}.",
            "Remove the link, or choose another output folder.",
        )
