# SPDX-License-Identifier: GPL-3.0-or-later
"""The node groups of SkyAR, one file each; :mod:`.composite` puts the others together."""

from __future__ import annotations

import importlib
import pkgutil

from ..group import Group


def all_groups() -> tuple[Group, ...]:
    """Every node group of this package, by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    groups: list[Group] = [module.GROUP for module in modules]
    return tuple(sorted(groups, key=lambda group: group.name))
