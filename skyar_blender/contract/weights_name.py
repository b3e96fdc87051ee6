# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of a network that are an artifact of Weights & Biases: ``wandb://ENTITY/PROJECT/ARTIFACT:VERSION``."""

from __future__ import annotations

import re
from dataclasses import dataclass

START = "wandb://"
_PART = re.compile(r"[A-Za-z0-9._-]+")
_FIXED = re.compile(r"v\d+")


@dataclass(frozen=True)
class WeightsName:
    """``version`` is one such as ``v3``, which never changes, or an alias such as ``latest``, which does."""

    entity: str
    project: str
    artifact: str
    version: str

    def __str__(self) -> str:
        return START + self.path

    @property
    def path(self) -> str:
        """As Weights & Biases writes it."""
        return f"{self.entity}/{self.project}/{self.artifact}:{self.version}"

    @property
    def fixed(self) -> bool:
        """Whether it means the same weights for ever."""
        return _FIXED.fullmatch(self.version) is not None


def is_weights_name(text: str) -> bool:
    """Whether ``text`` is meant as such a name, and not as a path."""
    return text.startswith(START)


def weights_name(text: str) -> WeightsName:
    """The parts of a name.

    Raises:
        ValueError: it is none.
    """
    path, _, version = text.removeprefix(START).rpartition(":")
    parts = [*path.split("/"), version]
    # A part of dots alone would lead out of the folder that the weights are kept in.
    good = len(parts) == 4 and all(_PART.fullmatch(part) and part.strip(".") for part in parts)
    if not is_weights_name(text) or not good:
        raise ValueError(f"{text!r} is no name such as {START}ENTITY/PROJECT/ARTIFACT:v3")
    return WeightsName(*parts)
