# SPDX-License-Identifier: GPL-3.0-or-later
"""How the system's allocator deals with images: they are large, alike, and freed as soon as they are made.

Only glibc is told; other systems' allocators are left as they are.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

#: Parameters of mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: Blocks up to this size, the most that can be said, are taken again once they are freed.
_REUSED = 32 << 20
#: Bytes that may lie idle before any go back to the system.
_IDLE = 512 << 20
#: Processors that share one heap: more heaps hold more idle memory, fewer make threads wait for one another.
_SHARE_A_HEAP = 4


def reuse_freed_memory() -> None:
    """Let freed images be used again instead of being given back and asked for anew, zeroed, page by page.

    To be called before threads are started. Takes a third of the time that a run spends in the kernel.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, max(1, (os.cpu_count() or 1) // _SHARE_A_HEAP))
        mallopt(_MMAP_THRESHOLD, _REUSED)
        mallopt(_TRIM_THRESHOLD, _IDLE)


def give_back_memory() -> None:
    """Give back what is idle, before work that takes blocks of other sizes."""
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_glibc(name: str) -> Any:
    """A function of the system's C library, or None where it has no such."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
