# SPDX-License-Identifier: GPL-3.0-or-later
"""Check and build the extension with the tool that the bpy wheel carries: ``build_zip.py FOLDER [--repository]``.

With ``--repository`` the folder becomes one that Blender can install from (``blender --command extension
server-generate``), which is refused while a text lacks its translation.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_TOOL = Path("addons_core", "bl_pkg", "cli", "blender_ext.py")


def build_zip(folder: Path) -> Path:
    """Build ``skyar-VERSION.zip`` in ``folder``; its path. SystemExit when the tool finds a mistake."""
    scripts = _scripts()
    tags = scripts / "modules" / "_bpy_internal" / "extensions" / "tags.py"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("skyar-*.zip"):
        old.unlink()
    _run("validate", f"--valid-tags={tags}", str(ROOT))
    _run("build", f"--source-dir={ROOT}", f"--output-dir={folder}")
    (archive,) = folder.glob("skyar-*.zip")
    return archive


def list_repository(folder: Path) -> None:
    """Write ``index.json``, which Blender reads of a repository, and a page for people, beside the zips."""
    _run("server-generate", f"--repo-dir={folder}", "--html")


def untranslated(folder: Path) -> list[str]:
    """The texts that have an empty entry in a file of translations, each with its file."""
    return [
        f"{path.relative_to(folder)}: {text}"
        for path in sorted(folder.rglob("*.toml"))
        for text, said in tomllib.loads(path.read_text(encoding="utf-8")).items()
        if not said
    ]


def _scripts() -> Path:
    """Blender's own scripts, found without starting Blender."""
    spec = find_spec("bpy")
    if spec is None or spec.origin is None:
        sys.exit("this Python has no bpy")
    (scripts,) = Path(spec.origin).parent.glob("*/scripts")
    return scripts


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, str(_scripts() / _TOOL), *arguments], check=False)
    if done.returncode != 0:
        sys.exit(f"{_TOOL.name} {arguments[0]} ended with {done.returncode}")


if __name__ == "__main__":
    release = sys.argv[2:] == ["--repository"]
    lacking = untranslated(ROOT / "skyar_blender" / "addon" / "translations")
    if lacking:
        print("not translated yet, shown in English:", *lacking, sep="\n  ", file=sys.stderr)
        if release:
            sys.exit("A release has all texts in each language: translate these, or take the language out.")
    print(build_zip(Path(sys.argv[1])))
    if release:
        list_repository(Path(sys.argv[1]))
