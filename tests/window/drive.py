# SPDX-License-Identifier: GPL-3.0-or-later
"""In a Blender with a window: what an artist does with a first shot, by buttons and keys, looked at on pictures.

``blender --enable-event-simulate --python drive.py -- CLIP FOLDER SCREEN ZIP COUNTER [PARTS]``

CLIP is a movie; FOLDER takes the .blend, the pictures (``*.xwd``) and ``figures.json``; SCREEN is the file in which
Xvfb keeps its screen; ZIP is the extension; COUNTER is the movie of ``counter_clip.py``; PARTS are names of steps,
with commas between them, where not all are to be done. Blender ends with status 0 when all steps went well.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from figures import figures
from hand import FOLDER, PARTS, picture, skyar

#: In the order in which they are done; each is a file in ``steps/``. What is always done comes first.
ALWAYS = ("install",)
STEPS = (
    *("first", "set_up", "draft", "run", "play", "change", "language", "edit", "queue"),
    *("reopen", "elsewhere", "unused", "remove", "full_size", "newcomer"),
)


def steps() -> Iterator[float]:
    """Yields the seconds until it goes on."""
    for name in (*ALWAYS, *(name for name in STEPS if not PARTS or name in PARTS)):
        print(f"step {name}", flush=True)
        begun = time.monotonic()
        yield from importlib.import_module(f"steps.{name}").do()
        figures[f"seconds of the step {name}"] = round(time.monotonic() - begun)


_going = steps()


def go_on() -> float | None:
    try:
        return next(_going)
    except StopIteration:
        end(0)
    except BaseException:
        traceback.print_exc()
        try:
            picture("failed")
        finally:
            end(1)
    return None


def end(status: int) -> None:
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    sys.stdout.flush()
    sys.stderr.flush()
    runner = sys.modules.get("bl_ext.user_default.skyar.skyar_blender.addon.jobs.runner")
    if runner is not None and runner.busy():
        skyar("addon.jobs.runner").stop()
    os._exit(status)


bpy.app.timers.register(go_on, first_interval=2, persistent=True)
