# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of what uv has announced is fetched, from what it says."""

from __future__ import annotations

import re

_ANNOUNCED = re.compile(r"Downloading (?P<name>\S+) \((?P<size>[\d.]+)(?P<unit>[KMG]?i?B)\)")
_DONE = re.compile(r"Downloaded (?P<name>\S+)")
_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class Fetching:
    """Hears each line that an installer says; small packages are not announced.

    Attributes:
        fetched: bytes of the packages that are there.
        to_fetch: bytes of all that were announced; 0 as long as nothing was.
    """

    def __init__(self) -> None:
        self.fetched = 0
        self.to_fetch = 0
        self._sizes: dict[str, int] = {}

    def hear(self, line: str) -> None:
        """Take in one line."""
        if found := _ANNOUNCED.fullmatch(line):
            size = round(float(found["size"]) * _UNITS.get(found["unit"], 1))
            self._sizes[found["name"]] = size
            self.to_fetch += size
        elif found := _DONE.fullmatch(line):
            self.fetched += self._sizes.pop(found["name"], 0)
