# SPDX-License-Identifier: GPL-3.0-or-later
"""The error of an engine's process whose environment lacks a package."""

from __future__ import annotations

from ...contract.errors import ErrorCode, SkyarError


def incomplete(error: ImportError) -> SkyarError:
    """The error for a person when ``error`` stops the engine."""
    return SkyarError(
        ErrorCode.ENGINE_INCOMPLETE,
        "The engine's environment is not complete.",
        f"{error}.",
        "Run Set Up Engine again, or install SkyAR's packages into that Python.",
    )
