# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove Unused: what nothing shows any more goes, and what is shown stays."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from figures import figures
from hand import click, key, picture, sequencer, skyar
from shot import result_strip


def do() -> Iterator[float]:
    on_disk, needed = skyar("addon.result.on_disk"), skyar("addon.jobs.needed_folders").needed_folders
    before = on_disk.stored_results(needed())
    unused = [each for each in before if not each.used]
    assert unused and len(unused) < len(before), before
    click("wm.call_panel", name="SEQUENCER_PT_skyar_on_disk")
    yield 2.0
    picture("results_on_disk")
    key("ESC")
    yield 1.0
    click("skyar.remove_unused")
    yield 2.0
    picture("remove_unused")
    key("ESC")
    yield 1.0
    assert all(each.folder.is_dir() for each in unused), "Esc has removed them"
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0], area=sequencer()):
        assert bpy.ops.skyar.remove_unused("EXEC_DEFAULT") == {"FINISHED"}
    yield 1.0
    assert not any(each.folder.exists() for each in unused)
    assert all(each.folder.is_dir() for each in before if each.used)
    assert skyar("addon.result.link").folder_of(result_strip().scene).preview.is_file()
    figures["results removed, MB"] = round(sum(each.size for each in unused) / 1e6)
