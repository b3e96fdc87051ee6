# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts Blender (its Python module) with the add-on enabled from this checkout, apart from the user's settings.

Run with the Python of a bpy wheel, the engine's Python named in SKYAR_ENGINE_PYTHON.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

if "bpy" in sys.modules:
    raise RuntimeError("Blender must not be started before its settings have a place of their own")
if not os.environ.get("SKYAR_ENGINE_PYTHON"):
    raise RuntimeError("name the engine's Python in SKYAR_ENGINE_PYTHON")
_resources = Path(tempfile.mkdtemp(prefix="skyar-blender-"))
atexit.register(shutil.rmtree, _resources, ignore_errors=True)
_extensions = _resources / "extensions" / "user_default"
_extensions.mkdir(parents=True)
(_extensions / "skyar").symlink_to(ROOT, target_is_directory=True)
os.environ["BLENDER_USER_RESOURCES"] = str(_resources)

# 5.2 warns of every strip property that 6.0 will rename; 4.2 knows no other name.
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*Blender 6.0.*")
# Not Blender's own copies of packages before those of the test's Python.
import bpy  # noqa: E402
import numpy as np  # noqa: E402

bpy.ops.preferences.addon_enable(module="bl_ext.user_default.skyar")


#: What starts the engine: modules of the add-on, and their functions that word a command.
STARTS = {"worker_process": "worker_command", "draft_process": "draft_command", "engine_command": "shell_command"}


@pytest.fixture(scope="session", autouse=True)
def warm_engine() -> Iterator[Callable[[list[str]], list[str]]]:
    """The engine's processes come from one that has its packages loaded, as loading takes half of a short run.

    It gives the command that does so instead of another.
    """
    from blender.shots import ENGINE_PYTHON, skyar

    script, path = str(ROOT / "tests" / "support" / "warm_engine.py"), str(_resources / "warm")
    pipe = subprocess.PIPE
    server = subprocess.Popen([ENGINE_PYTHON, "-P", script, path], stdin=pipe, stdout=pipe, text=True)
    assert server.stdin is not None and server.stdout is not None
    assert server.stdout.readline() == "ready\n"

    def warm(command: list[str]) -> list[str]:
        """The same module with the same arguments; another Python is what a test is about."""
        python, _, *words = command
        return [python, "-I", "-S", script, path, *words] if python == ENGINE_PYTHON else command

    with pytest.MonkeyPatch.context() as patched:
        for module, name in STARTS.items():
            true = getattr(skyar(f"bridge.{module}"), name)
            patched.setattr(skyar(f"bridge.{module}"), name, lambda *given, true=true: warm(true(*given)))
        yield warm
    server.stdin.close()
    server.wait()


@pytest.fixture
def true_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's processes start as they do for the user."""
    from blender.shots import skyar

    for module, name in STARTS.items():
        monkeypatch.setattr(skyar(f"bridge.{module}"), name, getattr(skyar("bridge.launch"), name))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of movies (``*.mkv``), and of images in ``pictures``, ``alpha`` and ``numbered``."""
    from blender.shots import HEIGHT, WIDTH, make_media, movie_order

    folder = tmp_path_factory.mktemp("media")
    size = {"width": WIDTH, "height": HEIGHT}
    make_media(
        movie_order(folder / "landscape.mkv"),
        movie_order(folder / "big.mkv", width=2 * WIDTH, height=2 * HEIGHT),
        movie_order(folder / "numbered.mkv", "numbered", 26),
        movie_order(folder / "numbered30.mkv", "numbered", 26, rate="30"),
        movie_order(folder / "numbered2997.mkv", "numbered", 27, rate="30000/1001"),
        {"make": "pictures", "folder": str(folder / "pictures"), "kind": "landscape"}
        | {"names": [f"shot_{number:04d}.png" for number in range(7, 17)]}
        | size,
        {"make": "pictures", "folder": str(folder / "alpha"), "kind": "alpha"}
        | {"names": [f"{number}.png" for number in range(8, 13)]}
        | size,
        {"make": "pictures", "folder": str(folder / "numbered"), "kind": "numbered"}
        | {"names": [f"n{number:03d}.png" for number in range(10)] + ["a.png", "b.png", "c.png"]}
        | size,
    )
    return folder


@pytest.fixture
def sky(tmp_path: Path) -> str:
    """A small panorama of our own, orange above."""
    path = tmp_path / "sky.png"
    image = bpy.data.images.new("sky", 64, 32)
    rows = np.linspace(0.2, 0.9, 32)[:, None, None] * np.array([1.0, 0.6, 0.2])
    pixels = np.concatenate([rows * np.ones((32, 64, 1)), np.ones((32, 64, 1))], 2)
    image.pixels.foreach_set(pixels.astype(np.float32).ravel())
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    return str(path)
