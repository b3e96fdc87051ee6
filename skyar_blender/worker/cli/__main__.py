# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m skyar_blender.worker.cli`` is the ``skyar`` command."""

from . import main

main()
