# SPDX-License-Identifier: GPL-3.0-or-later
"""Freed images are used again."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.jobs import ROOT

#: Pages that threads ask the system for while they make and free images of 24 MB.
_FAULTS = """
import resource, sys, threading
from skyar_blender.worker.process.memory import reuse_freed_memory
if sys.argv[1] == "reused":
    reuse_freed_memory()
import numpy as np

def work():
    for _ in range(20):
        images = [np.ones((1080, 1920, 3), np.float32) for _ in range(3)]

before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told")
def test_the_system_is_asked_once_for_the_memory_of_images() -> None:
    asked = [
        int(subprocess.run([sys.executable, "-c", _FAULTS, how], cwd=ROOT, capture_output=True, check=True).stdout)
        for how in ("as it is", "reused")
    ]
    assert asked[1] < asked[0] / 2
