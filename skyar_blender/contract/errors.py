# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that a person can act on."""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable names of what can go wrong; scripts may rely on them."""

    BAD_JOB = "bad_job"
    CLIP_MISSING = "clip_missing"
    CLIP_UNREADABLE = "clip_unreadable"
    CLIP_EMPTY = "clip_empty"
    CLIP_TOO_SMALL = "clip_too_small"
    CLIP_RANGE = "clip_range"
    CLIP_CHANGED = "clip_changed"
    MASK_UNREADABLE = "mask_unreadable"
    MOTION_UNREADABLE = "motion_unreadable"
    SKY_UNKNOWN = "sky_unknown"
    SKY_UNREADABLE = "sky_unreadable"
    WEIGHTS_MISSING = "weights_missing"
    WEIGHTS_UNREADABLE = "weights_unreadable"
    OUTPUT_NOT_WRITABLE = "output_not_writable"
    OUTPUT_FULL = "output_full"
    OUTPUT_TAKEN = "output_taken"
    OUTPUT_BUSY = "output_busy"
    DEVICE_UNAVAILABLE = "device_unavailable"
    ENGINE_MISSING = "engine_missing"
    ENGINE_INCOMPLETE = "engine_incomplete"
    WORKER_DIED = "worker_died"
    CANCELLED = "cancelled"
    NETWORK_FORBIDDEN = "network_forbidden"
    UNSUPPORTED = "unsupported"
    NOT_LOGGED = "not_logged"
    INTERNAL = "internal"


#: Exit status of the worker and of the ``skyar`` command for each code; 0 is success, 2 is wrong usage.
EXIT_STATUS: dict[ErrorCode, int] = {
    ErrorCode.BAD_JOB: 2,
    ErrorCode.CLIP_MISSING: 3,
    ErrorCode.CLIP_UNREADABLE: 3,
    ErrorCode.CLIP_EMPTY: 3,
    ErrorCode.CLIP_TOO_SMALL: 3,
    ErrorCode.CLIP_RANGE: 3,
    ErrorCode.CLIP_CHANGED: 3,
    ErrorCode.MASK_UNREADABLE: 3,
    ErrorCode.MOTION_UNREADABLE: 3,
    ErrorCode.SKY_UNKNOWN: 4,
    ErrorCode.SKY_UNREADABLE: 4,
    ErrorCode.WEIGHTS_MISSING: 6,
    ErrorCode.WEIGHTS_UNREADABLE: 6,
    ErrorCode.OUTPUT_NOT_WRITABLE: 5,
    ErrorCode.OUTPUT_FULL: 5,
    ErrorCode.OUTPUT_TAKEN: 5,
    ErrorCode.OUTPUT_BUSY: 5,
    ErrorCode.DEVICE_UNAVAILABLE: 6,
    ErrorCode.ENGINE_MISSING: 6,
    ErrorCode.ENGINE_INCOMPLETE: 6,
    ErrorCode.WORKER_DIED: 1,
    ErrorCode.NETWORK_FORBIDDEN: 6,
    ErrorCode.UNSUPPORTED: 7,
    ErrorCode.NOT_LOGGED: 1,
    ErrorCode.INTERNAL: 1,
    ErrorCode.CANCELLED: 130,
}


class SkyarError(Exception):
    """What happened, why, and what to do: each a sentence for a person.

    Attributes:
        code: a stable name for scripts.
        what: what happened.
        why: the likely cause, as far as it is known.
        todo: what the person can do about it.
    """

    def __init__(self, code: ErrorCode, what: str, why: str, todo: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.why = why
        self.todo = todo

    def __reduce__(self) -> tuple[type[SkyarError], tuple[ErrorCode, str, str, str]]:
        return SkyarError, (self.code, self.what, self.why, self.todo)

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.todo}".strip()

    @property
    def exit_status(self) -> int:
        """Exit status of a process that ends with this error."""
        return EXIT_STATUS[self.code]
