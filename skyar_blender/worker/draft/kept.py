# SPDX-License-Identifier: GPL-3.0-or-later
"""A few things that took long to make, the latest used last to go."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """At most ``most`` things by their keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of that key, made where it is not there; where ``make`` raises, nothing is kept."""
        if key in self._things:
            self._things.move_to_end(key)
            return self._things[key]
        while len(self._things) >= self._most:
            self._things.popitem(last=False)
        made = self._things[key] = make()
        return made
