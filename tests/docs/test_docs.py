# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation: no code without its entry, no link or path that leads nowhere, one version."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from skyar_blender import __version__
from skyar_blender.contract import events
from skyar_blender.contract.errors import EXIT_STATUS, ErrorCode

ROOT = Path(__file__).parents[2]
NAMING = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "method.md"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
TROUBLE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
#: Names of files and folders of the repository or the package; no commands, no places with a NAME to fill in.
_PATH = re.compile(r"`((?:[a-z0-9_.]+/)+(?:[a-z0-9_]+\.[a-z]+)?)`")
_WARNED = re.compile(r"(?:\.warn|Warning)\(\s*(?:code=)?\"([a-z_]+)\"")


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_has_its_entry(code: ErrorCode) -> None:
    sections = TROUBLE.split("## Warnings by code")[0].split("\n### ")[1:]
    (section,) = (part for part in sections if f"\n| `{code}` |" in part)
    (row,) = (line for line in section.splitlines() if line.startswith(f"| `{code}` |"))
    assert f"({EXIT_STATUS[code]})" in section.splitlines()[0] or f"| {EXIT_STATUS[code]} |" in row


def test_every_warning_has_its_entry() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "skyar_blender").rglob("*.py")]
    codes = {code for source in sources for code in _WARNED.findall(source)}
    assert len(codes) > 10
    reported = TROUBLE.split("## Warnings by code")[1]
    assert sorted(code for code in codes if f"`{code}`" not in reported) == []


@pytest.mark.parametrize("event", get_args(events.Event), ids=lambda event: event.__name__)
def test_every_event_has_its_row(event: type) -> None:
    lines = (ROOT / "docs" / "job.md").read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if line.startswith(f"| `{event.__name__.lower()}` |"))
    assert [each.name for each in fields(event) if f"`{each.name}`" not in row] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(path), f"{page.name} links to {target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a page get."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", NAMING, ids=lambda path: path.name)
def test_paths_are_there(page: Path) -> None:
    paths = _PATH.findall(page.read_text(encoding="utf-8"))
    assert len(paths) > 5
    package = ROOT / "skyar_blender"
    made = {".venv/", ".blender/5.0/", "dist/", *(f"{name}/" for name in ("matte", "plate", "sky", "grain", "rain"))}
    made.add("reflection/")
    places = (ROOT, package, package / "engine")
    assert [path for path in paths if path not in made and not any((place / path).exists() for place in places)] == []


def test_all_say_the_same_version() -> None:
    manifest = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+) \(\d{4}-\d{2}-\d{2}\)$", PAGES[2].read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert manifest["version"] == __version__ == newest[1]
    for page in PAGES:
        assert set(re.findall(r"skyar-(\d[\d.]*)\.zip", page.read_text(encoding="utf-8"))) <= {__version__}


def test_the_readme_is_a_landing_page() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) <= 150
