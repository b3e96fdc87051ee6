# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that an extension's zip holds what an artist needs and nothing else: ``check_zip.py SKYAR.zip``."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

NEEDED = (
    "blender_manifest.toml",
    "__init__.py",
    "LICENSE",
    "skyar_blender/addon/",
    "skyar_blender/worker/",
    "skyboxes/sunset/sky.toml",
    "skyboxes/cloudy/sky.toml",
)
TOP_LEVEL = {"blender_manifest.toml", "__init__.py", "LICENSE", "README.md", "skyar_blender", "skyboxes", "models"}
#: What only developers use.
LEFT_OUT = ("skyar_blender/evaluation/", "models/training/", "models/demo/", "skyboxes/making/")


def check_zip(path: Path) -> None:
    """Print the size; SystemExit naming what is missing, or what does not belong."""
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    missing = [need for need in NEEDED if not any(name.startswith(need) for name in names)]
    stray = sorted({name.split("/")[0] for name in names} - TOP_LEVEL)
    stray += [folder for folder in LEFT_OUT if any(name.startswith(folder) for name in names)]
    print(f"{path.name}: {len(names)} files, {path.stat().st_size / 1e6:.1f} MB")
    wrong = [f"the zip lacks {name}" for name in missing]
    wrong += [f"the zip holds {name}, which does not belong into it" for name in stray]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    check_zip(Path(sys.argv[1]))
