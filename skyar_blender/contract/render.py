# SPDX-License-Identifier: GPL-3.0-or-later
"""A movie that was rendered later from a result whose nodes were changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Render:
    """What is logged of it.

    Attributes:
        movie: absolute path.
        inputs: value of each input of the node group, by its name.
        defaults: the values that the run itself had set.
    """

    movie: str
    inputs: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not Path(self.movie).is_absolute():
            raise ValueError(f"`render.movie` is {self.movie!r}, but must be an absolute path")

    @property
    def changed(self) -> dict[str, dict[str, Any]]:
        """The inputs that are no longer as the run had set them: what they were, and what they are."""
        return {
            name: {"from": self.defaults[name], "to": value}
            for name, value in self.inputs.items()
            if name in self.defaults and self.defaults[name] != value
        }
