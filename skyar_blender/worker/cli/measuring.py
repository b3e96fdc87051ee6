# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate`` and ``skyar benchmark``, where the code that measures is: not in the extension's zip."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

from ...contract.errors import ErrorCode, SkyarError
from .running import reported_errors

#: The package of what measures; the worker knows it by name only, and runs without it.
_PACKAGE = "...evaluation"


def add_to(app: typer.Typer) -> None:
    """Register the subcommands; without the package, ones that say what is missing."""
    for name in ("evaluate", "benchmark"):
        if find_spec(_PACKAGE, __package__) is not None:
            import_module(f"{_PACKAGE}.cli.{name}", __package__).add_to(app)
        else:
            _add_missing(app, name)


def _add_missing(app: typer.Typer, name: str) -> None:
    @app.command(
        name,
        help="Needs SkyAR's source tree: it is not in the extension.",
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def missing(context: typer.Context) -> None:
        with reported_errors("--json" in context.args):
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"`skyar {name}` is not in this copy of SkyAR.",
                "It measures methods and speed, and the extension's zip holds only what replaces skies.",
                "Get SkyAR's source tree, run `pip install .` in it, and use the `skyar` command of its Python.",
            )
