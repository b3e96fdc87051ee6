# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that takes one job and answers with events; and the ``skyar`` command around it."""

from __future__ import annotations

import os

# Small matrices gain nothing from NumPy's threads, and on a busy computer wait for them ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
