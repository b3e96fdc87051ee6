# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has written to the disk: the records of its ``.wandb`` file, as the client's own messages.

The file is a log as LevelDB has them: blocks of 32 KiB, in which each piece of a record follows a header of seven
bytes (checksum, length, kind). The Python package has no reader of it any more; `wandb sync` has one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2

_BLOCK, _HEADER, _START = 32768, 7, 7
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


@dataclass
class Written:
    """One run as it was written."""

    run: Any = None
    config: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    artifacts: dict[str, Any] = field(default_factory=dict)
    exit_code: int | None = None


def read_run(folder: Path) -> Written:
    """The run in its folder ``offline-run-...``."""
    (path,) = folder.glob("*.wandb")
    written = Written()
    for data in _records(path.read_bytes()):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            written.run = record.run
            written.config |= _items(record.run.config.update)
        elif kind == "config":
            written.config |= _items(record.config.update)
        elif kind == "history":
            written.history.append(_items(record.history.item))
        elif kind == "summary":
            written.summary |= _items(record.summary.update)
        elif kind == "artifact":
            written.artifacts[record.artifact.name] = record.artifact
        elif kind == "exit":
            written.exit_code = record.exit.exit_code
    return written


def _items(items: Any) -> dict[str, Any]:
    return {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}


def _records(content: bytes) -> Iterator[bytes]:
    assert content[:4] == b":W&B"
    place, parts = _START, b""
    while place + _HEADER <= len(content):
        left = _BLOCK - place % _BLOCK
        if left < _HEADER:
            place += left
            continue
        _checksum, length, kind = struct.unpack_from("<IHB", content, place)
        data = content[place + _HEADER : place + _HEADER + length]
        place += _HEADER + length
        parts = data if kind in (_FULL, _FIRST) else parts + data
        if kind in (_FULL, _LAST):
            yield parts
