# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker settles NumPy's threads before NumPy is there to read the setting."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_CODE = "import os, sys, skyar_blender.worker; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"


@pytest.mark.parametrize(("asked", "found"), [(None, "1"), ("3", "3")])
def test_numpy_has_one_thread_unless_others_are_asked_for(asked: str | None, found: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if asked is not None:
        environment["OPENBLAS_NUM_THREADS"] = asked
    told = subprocess.run([sys.executable, "-c", _CODE], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [found, "False"]
