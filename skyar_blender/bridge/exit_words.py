# SPDX-License-Identifier: GPL-3.0-or-later
"""What the exit status of a dead process means, in words."""

from __future__ import annotations

import signal

#: NTSTATUS values with which Windows ends a process.
_WINDOWS = {
    0xC0000005: "It crashed (access violation)",
    0xC0000017: "It ran out of memory",
    0xC000001D: "It crashed: this processor lacks an instruction that it uses",
    0xC00000FD: "It crashed (stack overflow)",
    0xC0000135: "A system library (DLL) that it needs is missing",
    0xC000013A: "It was interrupted",
    0xC0000409: "It crashed (it found its own memory damaged)",
}
_CRASHES = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGTRAP")


def exit_words(status: int | None) -> str:
    """One sentence for an exit status as :class:`subprocess.Popen` gives it (negative: a signal)."""
    if status is None:
        return "It did not end when it was told to."
    if status & 0xFFFFFFFF in _WINDOWS and abs(status) > 0xFF:
        return f"{_WINDOWS[status & 0xFFFFFFFF]}."
    if status >= 0:
        return f"It ended with exit status {status}."
    try:
        name = signal.Signals(-status).name
    except ValueError:
        return f"It was ended by signal {-status}."
    if name == "SIGKILL":
        return "It was killed from outside (SIGKILL), probably because the computer ran out of memory."
    if name == "SIGILL":
        return "It crashed (SIGILL): this processor lacks an instruction that it uses."
    if name in _CRASHES:
        return f"It crashed ({name})."
    return f"It was ended from outside ({name})."
