# SPDX-License-Identifier: GPL-3.0-or-later
"""Check Engine and the command line, asked from Blender's side."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from skyar_blender.bridge.check import CheckLine, CheckReport, EngineCheck
from skyar_blender.bridge.command_line import run_command
from skyar_blender.bridge.exit_words import exit_words
from skyar_blender.contract.errors import ErrorCode, SkyarError

PYTHON = Path(sys.executable)


def check(code: str, within: float = 20.0) -> CheckReport:
    running = EngineCheck(PYTHON, command=[sys.executable, "-c", code], within=within)
    running.start()
    return running.wait()


def test_reads_the_report_among_other_words() -> None:
    report = check(
        "import json; print('a library says hello');"
        "print(json.dumps({'ok': False, 'checks': ["
        "{'name': 'numpy', 'ok': True, 'value': '2.4', 'todo': ''},"
        "{'name': 'torch', 'ok': False, 'value': 'none', 'todo': 'Install it.'}]})); raise SystemExit(6)"
    )
    assert report == CheckReport(
        ok=False,
        checks=(
            CheckLine(name="numpy", ok=True, value="2.4", todo=""),
            CheckLine(name="torch", ok=False, value="none", todo="Install it."),
        ),
    )


@pytest.mark.parametrize("code", ["raise OSError('the cause')", "print('the cause', '{}', '[]', sep='\\n')"])
def test_an_engine_that_answers_nothing_readable_is_an_error(code: str) -> None:
    with pytest.raises(SkyarError) as caught:
        check(code)
    assert caught.value.code == ErrorCode.ENGINE_INCOMPLETE
    assert "the cause" in caught.value.why


def test_an_engine_that_hangs_is_ended() -> None:
    before = time.monotonic()
    with pytest.raises(SkyarError, match="did not answer"):
        check("import time; time.sleep(60)", within=0.3)
    assert time.monotonic() - before < 5


def test_the_real_engine_answers() -> None:
    """The two sides are written apart and agree only on words: what is said must be understood."""
    running = EngineCheck(PYTHON, output=Path.cwd())
    running.start()
    report = running.wait()
    assert {"interpreter", "numpy", "free disk", "one frame"} <= {line.name for line in report.checks}
    assert all(line.value for line in report.checks)
    assert all(line.todo for line in report.checks if not line.ok)


def test_the_command_line_keeps_exit_status_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "typer.py").write_text("raise RuntimeError('imported from the current folder')")
    assert run_command(PYTHON, ["--help"]) == 0
    assert "replace" in capfd.readouterr().out
    assert run_command(PYTHON, ["no-such-command"]) == 2


def test_the_command_line_without_an_engine(tmp_path: Path) -> None:
    with pytest.raises(SkyarError) as caught:
        run_command(tmp_path / "python", ["--help"])
    assert caught.value.code == ErrorCode.ENGINE_MISSING


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "exit status 0"),
        (3, "exit status 3"),
        (0xC0000005, "access violation"),
        (None, "did not end"),
        pytest.param(-9, "memory", marks=pytest.mark.skipif(os.name == "nt", reason="signals")),
        pytest.param(-11, "crashed (SIGSEGV)", marks=pytest.mark.skipif(os.name == "nt", reason="signals")),
        pytest.param(-4, "processor", marks=pytest.mark.skipif(os.name == "nt", reason="signals")),
    ],
)
def test_an_exit_status_in_words(status: int | None, words: str) -> None:
    assert words in exit_words(status)
