# SPDX-License-Identifier: GPL-3.0-or-later
"""Something of another's in a Python file, to be measured beside ours."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...contract.errors import ErrorCode, SkyarError


def load_other(path: Path, what: str, form: str, fits: Callable[[Any], bool]) -> Any:
    """The one thing that the file at ``path`` defines itself and that ``fits``; the file is run.

    ``what`` and ``form`` are for the message: what is looked for ("tracker"), and what it has to be.

    Raises:
        SkyarError: ``unsupported`` when there is no such file, or not one such thing in it.
    """
    spec = importlib.util.spec_from_file_location(f"{what}_to_compare", path)
    try:
        if spec is None or spec.loader is None:
            raise ImportError("it is no Python file")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        own = [each for each in vars(module).values() if getattr(each, "__module__", None) == module.__name__]
        (found,) = [each for each in own if fits(each)]
    except (ImportError, OSError, SyntaxError, ValueError) as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"There is no {what} to compare with in {path}.",
            f"{type(error).__name__}: {error}.",
            f"Give a Python file with {form}.",
        ) from error
    return found
