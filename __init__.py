# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point of the Blender extension: everything lives in ``skyar_blender``."""


def register() -> None:
    from .skyar_blender import addon

    addon.register()


def unregister() -> None:
    from .skyar_blender import addon

    addon.unregister()
