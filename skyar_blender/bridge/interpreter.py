# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python runs the engine."""

from __future__ import annotations

import os
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from .managed import ManagedEnvironment, python_of

#: Names the engine's interpreter where the preferences do not.
PYTHON_VARIABLE = "SKYAR_ENGINE_PYTHON"


def find_python(preference: str, managed: Path | None) -> Path:
    """The engine's interpreter: the one that is asked for, else that of the managed environment.

    What is asked for and missing is an error; nothing else is tried in its place.

    Args:
        preference: path of an interpreter, or of a virtual environment; empty for none. If it is empty, the
            environment variable ``SKYAR_ENGINE_PYTHON`` counts in its place.
        managed: folder of the managed environment (:class:`.managed.ManagedEnvironment`).

    Raises:
        SkyarError: ``engine_missing``.
    """
    if preference.strip():
        return _requested(preference.strip(), "the add-on's preferences")
    if variable := os.environ.get(PYTHON_VARIABLE, "").strip():
        return _requested(variable, f"the environment variable {PYTHON_VARIABLE}")
    environment = None if managed is None else ManagedEnvironment(managed)
    if environment is not None and environment.python is not None:
        return environment.python
    broken = environment is not None and environment.current is not None
    raise SkyarError(
        ErrorCode.ENGINE_MISSING,
        "SkyAR's engine is not usable any more." if broken else "SkyAR's engine is not set up yet.",
        "The Python that its environment was made from has gone."
        if broken
        else "It runs in a Python of its own, outside Blender, and there is none so far.",
        "Press Set Up Engine in the add-on's preferences, or point Engine Python there to a Python 3.11 or later "
        f"that has SkyAR's requirements (or name it in the environment variable {PYTHON_VARIABLE}).",
    )


def _requested(text: str, where: str) -> Path:
    # Not resolved: a virtual environment's interpreter is a link, and following it would leave the environment.
    path = Path(text).expanduser().absolute()
    if path.is_dir():
        path = python_of(path)
    if path.is_file():
        return path
    raise SkyarError(
        ErrorCode.ENGINE_MISSING,
        f"There is no Python at {path}.",
        f"It is named in {where}.",
        "Correct it there, or empty it and press Set Up Engine in the add-on's preferences.",
    )
