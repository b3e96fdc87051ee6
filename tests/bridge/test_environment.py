# SPDX-License-Identifier: GPL-3.0-or-later
"""The managed environment: real virtual environments from tiny requirements, without a network."""

from __future__ import annotations

import base64
import hashlib
import os
import shlex
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from skyar_blender.bridge.environment import (
    EnvironmentSetup,
    SetupEvent,
    SetupProgress,
    is_outdated,
    require_system,
)
from skyar_blender.bridge.interpreter import find_python
from skyar_blender.bridge.managed import ManagedEnvironment, python_of
from skyar_blender.bridge.setup_steps import REQUIREMENTS, SetupStep, TorchBuild, setup_steps
from skyar_blender.bridge.setup_words import advice
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError

BASE = Path(sys.executable)
Make = Callable[..., EnvironmentSetup]


def wheel(folder: Path, name: str, code: str) -> str:
    """Write a one-module wheel and return its locked requirement."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="session")
def quick_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter whose ``-m venv FOLDER`` copies what was made once: pip in a new environment costs seconds.

    In all else it is ``BASE``.
    """
    if os.name == "nt":
        return BASE  # no scripts without an extension
    folder = tmp_path_factory.mktemp("quick base")
    subprocess.run([BASE, "-I", "-m", "venv", folder / "made once"], check=True)
    script = folder / "python"
    script.write_text(
        '#!/bin/sh\nfor last; do :; done\ncase "$*" in\n'
        f"  *'-m venv '*) exec cp -a {shlex.quote(str(folder / 'made once'))} \"$last\" ;;\n"
        f'  *) exec {shlex.quote(str(BASE))} "$@" ;;\nesac\n'
    )
    script.chmod(0o755)
    return script


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of requirements; pip may use nothing but its wheels, and no network."""
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "engine.lock").write_text(wheel(folder, "tiny_engine", "ANSWER = 42\n"))
    for name in ("torch.lock", "installer.lock"):
        (folder / name).write_text("")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def make(tmp_path: Path, locks: Path, quick_base: Path):
    """Makes set-ups, from the quick base unless told another; all are ended after the test."""
    made: list[EnvironmentSetup] = []

    def make(
        build: TorchBuild = TorchBuild.NONE,
        modules: tuple[str, ...] = ("tiny_engine",),
        online: bool = True,
        base: Path = quick_base,
        fits: bool = True,
    ) -> EnvironmentSetup:
        setup = EnvironmentSetup(
            tmp_path / "engine folder", base, build, online=online, requirements=locks, modules=modules, fits=fits
        )
        made.append(setup)
        return setup

    yield make
    for setup in made:
        setup.stop()


def run(setup: EnvironmentSetup, within: float = 120.0) -> list[SetupEvent]:
    """Poll until the end, and insist that no poll makes the caller wait."""
    found: list[SetupEvent] = []
    end = time.monotonic() + within
    setup.start()
    while setup.running:
        assert time.monotonic() < end, found
        before = time.monotonic()
        found += setup.poll()
        assert time.monotonic() - before < 2.0
        time.sleep(0.02)
    return found


def slots(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "engine folder").glob("engine-*"))


def test_makes_an_environment_that_works_and_replaces_it(make: Make, tmp_path: Path, locks: Path) -> None:
    # What a killed set-up left is not taken for an environment, and goes.
    managed = ManagedEnvironment(tmp_path / "engine folder")
    half = tmp_path / "engine folder" / "engine-0badf00d"
    python_of(half).parent.mkdir(parents=True)
    python_of(half).touch()
    assert managed.python is None

    setup = make(base=BASE)
    found = run(setup)
    done = found[-1]
    assert isinstance(done, events.Done) and done == setup.result
    assert slots(tmp_path) == [managed.current]
    assert managed.python == Path(done.output) == find_python("", tmp_path / "engine folder")
    answer = subprocess.run(
        [done.output, "-c", "import tiny_engine, sys; print(tiny_engine.ANSWER, sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split(maxsplit=1) == ["42", f"{managed.current}\n"]
    progress = [event for event in found if isinstance(event, SetupProgress)]
    assert {event.steps for event in progress} == {4}
    steps = [event.step for event in progress]
    assert steps == sorted(steps) and {*steps} == {1, 2, 3, 4}
    assert any("tiny" in event.line for event in progress)
    # There is no uv here: pip did it, and that was told.
    assert any("pip goes on" in event.line for event in progress) and done.figures["installer"] == "pip"
    assert not is_outdated(tmp_path / "engine folder", locks)
    (locks / "engine.lock").write_text("# changed\n")
    assert is_outdated(tmp_path / "engine folder", locks)

    # A second set-up that fails leaves the first in use, and nothing of its own.
    failed = run(make(modules=("a_module_that_nobody_has",)))[-1]
    assert isinstance(failed, events.Error) and failed.code == ErrorCode.ENGINE_INCOMPLETE
    assert "“Check”" in failed.what
    assert managed.python == Path(done.output)
    assert slots(tmp_path) == [managed.current]

    # One that succeeds takes its place.
    second = run(make(modules=("json",)))[-1]
    assert isinstance(second, events.Done)
    assert managed.python == Path(second.output) != Path(done.output)
    assert slots(tmp_path) == [managed.current]


def test_a_wrong_hash_is_refused(make: Make, tmp_path: Path, locks: Path) -> None:
    (locks / "engine.lock").write_text("tiny_engine==1.0 --hash=sha256:" + "0" * 64 + "\n")
    error = run(make())[-1]
    assert isinstance(error, events.Error) and error.code == ErrorCode.ENGINE_INCOMPLETE
    assert "Install the engine" in error.what and "hash" in error.why.lower()
    assert slots(tmp_path) == []


def test_a_broken_configuration_of_pip_is_not_told_as_the_network(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "pip.conf"
    broken.write_text("no section\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(broken))
    error = run(make())[-1]
    assert isinstance(error, events.Error) and "pip.conf" in error.why
    assert "configuration file" in error.todo and "network" not in error.todo


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("OSError: [Errno 28] No space left on device: '/x'", "disk"),
        ("error: failed to write (os error 28)", "disk"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))", "HTTPS_PROXY"),
        ("Caused by SSLError: [SSL: CERTIFICATE_VERIFY_FAILED]\nCould not find a version", "PIP_CERT"),
        ("ERROR: Could not install packages: [WinError 5] Access is denied: 'C:\\\\x'", "antivirus"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "tested"),
        ("Failed to download x/python-build-standalone/y\ncause: dns error", "python.org"),
        ("getaddrinfo failed\nERROR: No matching distribution found for numpy", "connection"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "PIP_INDEX_URL"),
        ("something else", "connection"),
    ],
)
def test_what_pip_said_tells_what_to_do(said: str, word: str) -> None:
    code, todo = advice(said)
    assert word in todo and todo.endswith("press Set Up Engine again.")
    assert (code == ErrorCode.OUTPUT_FULL) == (word == "disk")


@pytest.mark.parametrize(("version", "refused"), [("", False), ("14.0", False), ("26.1", False), ("13.6.9", True)])
def test_an_old_macos_is_told_before_anything_is_downloaded(version: str, refused: bool) -> None:
    if not refused:
        require_system(version)
        return
    with pytest.raises(SkyarError) as caught:
        require_system(version)
    assert caught.value.code == ErrorCode.UNSUPPORTED and "macOS 14" in caught.value.what


def test_cancel_removes_what_is_half_made(make: Make, tmp_path: Path) -> None:
    setup = make(base=BASE)  # its pip comes in a process of its own, which must end too
    setup.start()
    end = time.monotonic() + 60
    while not slots(tmp_path):
        assert time.monotonic() < end
        setup.poll()
        time.sleep(0.01)
    setup.cancel()
    cancelled = time.monotonic()
    found: list[SetupEvent] = []
    setup.wait(found.append)
    assert time.monotonic() - cancelled < 10
    assert isinstance(found[-1], events.Error) and found[-1].code == ErrorCode.CANCELLED
    assert slots(tmp_path) == []
    with pytest.raises(SkyarError) as caught:
        find_python("", tmp_path / "engine folder")
    assert caught.value.code == ErrorCode.ENGINE_MISSING


def test_no_network_without_leave(make: Make, tmp_path: Path) -> None:
    with pytest.raises(SkyarError) as caught:
        make(online=False).start()
    assert caught.value.code == ErrorCode.NETWORK_FORBIDDEN
    assert not (tmp_path / "engine folder").exists()


def test_only_one_set_up_at_a_time(make: Make) -> None:
    first = make()
    first.start()
    with pytest.raises(SkyarError) as caught:
        make().start()
    assert caught.value.code == ErrorCode.OUTPUT_BUSY
    first.stop()
    second = make()
    second.start()
    assert second.running


def test_a_base_that_cannot_be_started(tmp_path: Path, locks: Path) -> None:
    setup = EnvironmentSetup(
        tmp_path / "engine", tmp_path / "no python", TorchBuild.NONE, online=True, requirements=locks
    )
    with pytest.raises(SkyarError) as caught:
        setup.start()
    assert caught.value.code == ErrorCode.ENGINE_MISSING
    assert not setup.running


@pytest.mark.parametrize("build", list(TorchBuild))
def test_nothing_is_ever_installed_into_the_base(build: TorchBuild, tmp_path: Path) -> None:
    base, environment = tmp_path / "base python", tmp_path / "environment"
    steps = setup_steps(base, environment, build, downloads=tmp_path)
    assert [step.command[0] for step in steps] == [str(base)] + [str(python_of(environment))] * (len(steps) - 1)
    assert steps[0].command[1:] == ("-I", "-m", "venv", str(environment))
    assert all("install" not in step.command for step in steps if step.command[0] == str(base))
    assert all(step.instead[0] == str(python_of(environment)) for step in steps if step.instead)
    torch = [step for step in steps if step.command[-1] == str(REQUIREMENTS / "torch.lock")]
    assert len(torch) == (0 if build is TorchBuild.NONE else 1)
    for step in steps:
        for word in step.command:
            assert "://" not in word


@pytest.mark.parametrize(("build", "backend"), [("CPU", "cpu"), ("CUDA", "auto"), ("ROCM", "auto")])
def test_builds_of_other_indexes_come_through_uv(build: str, backend: str, tmp_path: Path) -> None:
    steps = setup_steps(BASE, tmp_path, TorchBuild(build), downloads=tmp_path)
    (uv,) = [step.command for step in steps if "--torch-backend" in step.command]
    assert uv[uv.index("--torch-backend") + 1] == backend
    assert uv[uv.index("--python") + 1] == str(python_of(tmp_path))


#: Stands for uv: says what it says, keeps what it fetched, and installs by pip. Told to, it waits for ever.
UV = """
import os, subprocess, sys, time
arguments = sys.argv[1:]
def after(name):
    return arguments[arguments.index(name) + 1]
if arguments[0] == "venv":
    sys.exit(subprocess.run([os.environ["FITTING_PYTHON"], "-m", "venv", arguments[-1]]).returncode)
kept = os.path.join(after("--cache-dir"), "kept")
print("Kept already" if os.path.exists(kept) else "Downloading tiny-engine (2.5MiB)", flush=True)
time.sleep(0.3)
os.makedirs(os.path.dirname(kept), exist_ok=True)
open(kept, "w").close()
print(" Downloaded tiny-engine", flush=True)
time.sleep(float(os.environ.get("UV_WAITS", "0")))
sys.exit(subprocess.run([after("--python"), "-m", "pip", "install", "-q", "-r", arguments[-1]]).returncode)
"""


def test_uv_does_it_and_a_set_up_that_was_stopped_goes_on(
    make: Make, tmp_path: Path, locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (locks / "installer.lock").write_text(wheel(locks, "uv", UV))
    downloads = tmp_path / "engine folder" / "downloads"
    monkeypatch.setenv("UV_WAITS", "100")
    setup = make()
    setup.start()
    found: list[SetupEvent] = []
    end = time.monotonic() + 60
    while not any(isinstance(event, SetupProgress) and event.fetched for event in found):
        assert time.monotonic() < end, found
        found += setup.poll()
        time.sleep(0.01)
    bytes_of = {(event.fetched, event.to_fetch) for event in found if isinstance(event, SetupProgress)}
    assert (2621440, 2621440) in bytes_of
    setup.cancel()
    setup.wait(found.append)
    assert slots(tmp_path) == [] and list(downloads.iterdir())

    monkeypatch.setenv("UV_WAITS", "0")
    again = run(make())
    done = again[-1]
    assert isinstance(done, events.Done) and done.figures["installer"] == "uv"
    assert any(event.line == "Kept already" for event in again if isinstance(event, SetupProgress))
    assert slots(tmp_path) == [ManagedEnvironment(tmp_path / "engine folder").current] and not downloads.exists()


def test_uv_brings_a_python_where_none_fits(
    make: Make, tmp_path: Path, locks: Path, quick_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (locks / "installer.lock").write_text(wheel(locks, "uv", UV))
    monkeypatch.setenv("FITTING_PYTHON", str(quick_base))
    found = run(make(fits=False))
    assert isinstance(found[-1], events.Done), found[-1]
    titles = list(dict.fromkeys(event.title for event in found if isinstance(event, SetupProgress)))
    assert titles == [
        "Make an environment",
        "Get the installer uv",
        "Fetch a Python",
        "Install the engine",
        "Check",
        "Clean up",
    ]
    assert slots(tmp_path) == [ManagedEnvironment(tmp_path / "engine folder").current]


@pytest.mark.parametrize("build", ["CUDA", "ROCM", "APPLE"])
def test_a_torch_without_its_device_is_no_success(make: Make, tmp_path: Path, build: str) -> None:
    """uv falls back to a processor-only torch without a word; the check at the end must not."""
    setup = make(build=TorchBuild(build), modules=())
    # Only the check, in this Python, which finds this torch in the folder that it runs in.
    setup._steps[:-1] = []
    setup._steps[0] = SetupStep("Check", (sys.executable, *setup._steps[0].command[1:]))
    (tmp_path / "engine folder").mkdir()
    (tmp_path / "engine folder" / "torch.py").write_text(
        "from types import SimpleNamespace as N\n__version__ = '2.13.0+cpu'\nversion = N(cuda=None, hip=None)\n"
        "cuda = N(is_available=lambda: False)\nbackends = N(mps=cuda)\n"
    )
    error = run(setup)[-1]
    assert isinstance(error, events.Error) and error.code == ErrorCode.DEVICE_UNAVAILABLE
    assert f"finds no {build} device" in error.why and "driver" in error.todo


def test_lock_files_are_whole_and_name_no_place() -> None:
    for name in ("engine.lock", "dev.lock", "installer.lock"):
        text = (REQUIREMENTS / name).read_text(encoding="utf-8")
        requirements = [line for line in text.splitlines() if line and line[0] not in "# "]
        assert requirements
        assert all("==" in line and line.endswith("\\") for line in requirements)
        assert text.count("--hash=sha256:") >= len(requirements)
        assert "://" not in text and "file:" not in text and " /" not in text
    engine = (REQUIREMENTS / "engine.lock").read_text(encoding="utf-8")
    assert "colorama" in engine, "typer needs it on Windows"
