# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension: built, installed from its zip, enabled, disabled, and gone without a trace when Blender ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bpy
from blender.build_zip import ROOT, build_zip, untranslated
from blender.shots import MODULE, skyar
from real_blender.check_zip import check_zip

OPERATORS = ("skyar_replace_sky", "skyar_cancel", "skyar_wait")
PANELS = ("SEQUENCER_PT_skyar_replace", "SEQUENCER_PT_skyar_result")
MENUS = ("SEQUENCER_MT_strip", "SEQUENCER_MT_context_menu")


def in_menus() -> list[int]:
    """How many entries of the add-on each menu has."""
    return [
        sum("skyar" in function.__module__ for function in getattr(bpy.types, menu)._dyn_ui_initialize())
        for menu in MENUS
    ]


def test_its_menu_is_first_in_the_menus_of_strips() -> None:
    for menu in MENUS:
        drawn = getattr(bpy.types, menu)._dyn_ui_initialize()
        assert "skyar" in drawn[0].__module__


def test_registers_everything_once() -> None:
    assert all(name in dir(bpy.ops.sequencer) for name in OPERATORS)
    assert all(hasattr(bpy.types, name) for name in PANELS)
    assert in_menus() == [1, 1]
    assert hasattr(bpy.types.Scene, "skyar")


def test_unregisters_and_registers_again() -> None:
    addon = skyar("addon")
    handlers = bpy.app.handlers.depsgraph_update_post
    assert any("skyar" in handler.__module__ for handler in handlers)
    addon.unregister()
    try:
        assert not any(name in dir(bpy.ops.sequencer) for name in OPERATORS)
        assert not any(hasattr(bpy.types, name) for name in PANELS)
        assert in_menus() == [0, 0]
        assert not hasattr(bpy.types.Scene, "skyar")
        assert not any("skyar" in handler.__module__ for handler in handlers)
    finally:
        addon.register()
    test_registers_everything_once()


def test_command_line_runs_in_the_engine(capfd) -> None:
    assert skyar("addon.command").run(["skies"]) == 0
    assert "sunset" in capfd.readouterr().out
    assert skyar("addon.command").run(["no-such-thing"]) == 2


def test_command_line_without_an_engine(monkeypatch, capfd) -> None:
    monkeypatch.setenv("SKYAR_ENGINE_PYTHON", "/nowhere/python")
    assert skyar("addon.command").run(["skies"]) == 6
    assert "/nowhere/python" in capfd.readouterr().err


SKIES = sorted(path.parent.name for path in (ROOT / "skyboxes").glob("*/sky.toml"))
INSTALL = f"""
import sys, bpy
bpy.ops.extensions.package_install_files(filepath=sys.argv[1], repo="user_default", enable_on_install=True)
assert {MODULE!r} in bpy.context.preferences.addons
import {MODULE}.skyar_blender.common.sky_library as library
assert [sky.name for sky in library.list_skies()] == {SKIES!r}, library.skyboxes_folder()
scene = bpy.context.scene
scene.sequence_editor_create()
assert bpy.ops.sequencer.skyar_replace_sky.poll()
print("installed")
"""


def test_zip_installs_and_blender_ends_cleanly(tmp_path: Path) -> None:
    archive = build_zip(tmp_path / "zip")
    check_zip(archive)
    environment = os.environ | {"BLENDER_USER_RESOURCES": str(tmp_path / "user")}
    (tmp_path / "user").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INSTALL, str(archive)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "installed" in done.stdout
    assert "Error" not in done.stderr, done.stderr


def test_a_release_knows_what_is_not_translated_yet(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "de.toml").write_text('"Sky" = "Himmel"\n"Turn" = ""\n', encoding="utf-8")
    (tmp_path / "messages" / "de.toml").write_text('"It is so." = ""\n', encoding="utf-8")
    assert untranslated(tmp_path) == ["de.toml: Turn", "messages/de.toml: It is so."]
