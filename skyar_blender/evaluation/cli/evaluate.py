# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate``: how good the stages are, measured against truth."""

from __future__ import annotations

import typer

from . import evaluate_composite, evaluate_matting, evaluate_matting_video, evaluate_tracking


def add_to(app: typer.Typer) -> None:
    """Register the group of subcommands."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Measure a method.")
    evaluate_matting.add_to(group)
    evaluate_matting_video.add_to(group)
    evaluate_tracking.add_to(group)
    evaluate_composite.add_to(group)
    app.add_typer(group, name="evaluate")
