# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result remembers of weights that were fetched for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from ...contract.documents import read_object
from ...contract.layout import OutputFolder
from ...contract.weights_name import weights_name

#: Name of the note in a result's state folder.
NOTE = "weights"


@dataclass(frozen=True)
class FetchedWeights:
    """``name`` with the version that never changes, ``path`` of the file, and its hash."""

    name: str
    path: str
    sha256: str

    def to_dict(self) -> dict[str, str]:
        """Plain data."""
        return asdict(self)


def begun_with(output: Path) -> FetchedWeights | None:
    """The fetched weights that the result in ``output`` was begun with; None where it was with others."""
    try:
        stored = read_object(OutputFolder(output).state / f"{NOTE}.json")
        if not all(isinstance(value, str) for value in stored.values()):
            return None
        found = FetchedWeights(**stored)
        weights_name(found.name)
        return found
    except (OSError, ValueError, TypeError):
        return None
