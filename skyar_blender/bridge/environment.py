# SPDX-License-Identifier: GPL-3.0-or-later
"""Set Up Engine: makes the managed environment, step by step, without blocking."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..contract import events
from ..contract.errors import ErrorCode, SkyarError
from .exit_words import exit_words
from .fetching import Fetching
from .folder_lock import FolderLock
from .guard import guarded
from .launch import clean_environment
from .managed import ManagedEnvironment, fingerprint, python_of
from .process import WatchedProcess
from .setup_steps import ENGINE_MODULES, REQUIREMENTS, SetupStep, TorchBuild, removal_step, setup_steps
from .setup_words import advice

_QUOTED_LINES = 15
#: The least version of macOS that all locked packages have builds for; a test looks at that.
LEAST_MACOS = 14
#: Settings of pip that would install elsewhere than into the environment.
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_REQUIREMENT")
#: Likewise of uv.
_ELSEWHERE_UV = (
    "UV_SYSTEM_PYTHON",
    "UV_PYTHON",
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_CACHE_DIR",
    "UV_PROJECT_ENVIRONMENT",
)


@dataclass(frozen=True, kw_only=True)
class SetupProgress:
    """Step ``step`` of ``steps`` (from 1) is under way; ``line`` is the last thing that it said.

    ``fetched`` and ``to_fetch``: bytes of the larger packages of this step, as far as that is known.
    """

    step: int
    steps: int
    title: str
    line: str
    fetched: int = 0
    to_fetch: int = 0


SetupEvent = SetupProgress | events.Done | events.Error


def locked_fingerprint(requirements: Path = REQUIREMENTS) -> str:
    """Fingerprint of the requirements of this version of SkyAR."""
    return fingerprint([requirements / "engine.lock", requirements / "torch.lock"])


def is_outdated(folder: Path, requirements: Path = REQUIREMENTS) -> bool:
    """Whether the managed environment in ``folder`` was made for other requirements than today's."""
    metadata = ManagedEnvironment(folder).metadata
    return bool(metadata) and metadata.get("requirements") != locked_fingerprint(requirements)


def require_network(online: bool) -> None:
    """Raises SkyarError ``network_forbidden`` unless the person allows network access."""
    if not online:
        raise SkyarError(
            ErrorCode.NETWORK_FORBIDDEN,
            "Set Up Engine needs the network, and Blender may not use it.",
            "Online access is switched off in Blender's preferences (or by --offline-mode).",
            "Allow it in Preferences > System > Network, or point Engine Python to a Python that has SkyAR's "
            "requirements.",
        )


def require_system(macos: str | None = None) -> None:
    """Raises SkyarError ``unsupported`` on a system that the packages have no builds for.

    ``macos``: its version; None asks the system, empty is another system.
    """
    version = platform.mac_ver()[0] if macos is None else macos
    if version and int(version.partition(".")[0]) < LEAST_MACOS:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The engine needs macOS {LEAST_MACOS} or newer; this is macOS {version}.",
            "There are no builds of its packages for older ones.",
            "Update macOS, or use a computer with a newer one. Nothing was downloaded.",
        )


class EnvironmentSetup:
    """Makes a managed environment in ``folder``; used like :class:`.worker_process.WorkerProcess`.

    An environment that is in use stays as it is until the new one has passed its check. One that was left half
    made, or is replaced, is removed. The last event is always one ``Done`` (``output`` is the interpreter) or
    ``Error``. Nothing is ever installed into ``base``.
    """

    def __init__(
        self,
        folder: Path,
        base: Path,
        build: TorchBuild,
        *,
        online: bool,
        wandb: bool = False,
        requirements: Path = REQUIREMENTS,
        modules: Sequence[str] = ENGINE_MODULES,
        fits: bool = True,
    ) -> None:
        """
        Args:
            folder: holds the managed environments; made if missing.
            base: interpreter to make it from (:func:`.base_python.find_base_python`).
            build: which PyTorch.
            online: whether the person allows network access (``bpy.app.online_access`` in Blender).
            wandb: whether the client of Weights & Biases is installed too.
            requirements: folder with the lock files.
            modules: what the check at the end imports.
            fits: whether the engine can run on ``base``, or uv is to fetch another Python.
        """
        self._managed = ManagedEnvironment(folder)
        self._base = base
        self._build = build
        self._online = online
        self._requirements = requirements
        self._environment = self._managed.new()
        self._downloads = folder / "downloads"
        self._steps = setup_steps(
            base,
            self._environment,
            build,
            downloads=self._downloads,
            fits=fits,
            wandb=wandb,
            requirements=requirements,
            modules=modules,
        )
        self._lock: FolderLock | None = None
        self._process: WatchedProcess | None = None
        self._number = 0  # of the step under way, once that was told
        self._given: list[str] = []
        self._fetching = Fetching()
        self._other_way = False  # of this step
        self._installer = "uv"
        self._cancelled = False
        self._verdict: events.Done | events.Error | None = None
        self.result: events.Done | events.Error | None = None

    @property
    def running(self) -> bool:
        """True from :meth:`start` until :meth:`poll` has returned the last event."""
        return self._lock is not None

    def start(self) -> None:
        """Begin, and return at once.

        Raises:
            SkyarError: ``network_forbidden``; ``unsupported`` on a system that is too old; ``output_not_writable``;
                ``output_busy`` when another Blender is setting up the engine; ``engine_missing`` when ``base``
                cannot be started.
        """
        require_network(self._online)
        require_system()
        folder = self._managed.folder
        lock = FolderLock(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            taken = lock.take()
        except OSError as error:
            raise SkyarError(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                f"The engine's folder cannot be written: {folder}.",
                f"{error.strerror or error}.",
                "Make it writable, or make room on its disk.",
            ) from error
        if not taken:
            raise SkyarError(
                ErrorCode.OUTPUT_BUSY,
                "The engine is being set up already.",
                "Another Blender does so at this moment.",
                "Wait until it has finished.",
            )
        self._lock = lock
        try:
            self._launch(self._steps[0])
        except OSError as error:
            self._leave()
            raise SkyarError(
                ErrorCode.ENGINE_MISSING,
                f"This Python cannot be started: {self._base}.",
                f"{error.strerror or error}.",
                "Install Python 3.11 or later, then press Set Up Engine again.",
            ) from error

    def poll(self) -> list[SetupEvent]:
        """What happened since the last call; never waits. To be called a few times a second."""
        if self._lock is None or self._process is None:
            return []
        if self._number == 0:
            self._number = 1
            return [self._progress("")]
        lines = [line.strip() for line in self._process.poll() if line.strip()]
        for line in lines:
            self._fetching.hear(line)
        self._given = [*self._given, *lines][-_QUOTED_LINES:]
        if not self._process.ended:
            return [self._progress(lines[-1])] if lines else []
        if self._verdict is not None:
            return [self._conclude()]
        step = self._steps[self._number - 1]
        if self._process.status != 0 and not self._cancelled and step.instead is not None and not self._other_way:
            return self._go_another_way(step.instead)
        if self._process.status != 0 or self._cancelled:
            return self._clean_up(self._failure())
        if self._number == len(self._steps):
            return self._complete()
        return self._go_on()

    def cancel(self) -> None:
        """Stop and remove what is half made; the end comes through :meth:`poll`."""
        if self._process is not None and self._verdict is None:
            self._cancelled = True
            self._process.end()

    def stop(self) -> None:
        """End it now: for when Blender quits. What is half made is removed by the next set-up."""
        if self._process is not None and self._lock is not None:
            self._process.stop()
            self.result = self._verdict or _cancelled()
            self._leave()

    def wait(self, on_event: Callable[[SetupEvent], object]) -> None:
        """Hand every event to ``on_event`` until the end; for scripts. Ctrl-C cancels."""
        try:
            while self.running:
                try:
                    for event in self.poll():
                        on_event(event)
                    time.sleep(0.05)
                except KeyboardInterrupt:
                    if self._cancelled:
                        raise
                    self.cancel()
        except BaseException:
            self.stop()
            raise

    def _launch(self, step: SetupStep) -> None:
        misleading = {*_ELSEWHERE, *_ELSEWHERE_UV}
        environment = {name: value for name, value in clean_environment().items() if name not in misleading}
        environment["UV_PYTHON_INSTALL_DIR"] = str(self._managed.folder.absolute() / "python")
        environment |= {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PIP_NO_COLOR": "1", "NO_COLOR": "1"}
        # Run inside its own folder: what lies in the current one is none of pip's business.
        process = WatchedProcess(
            guarded(self._base, step.command),
            environment=environment,
            folder=self._managed.folder.absolute(),
            merge=True,
        )
        process.start()
        self._process = process

    def _go_on(self) -> list[SetupEvent]:
        self._number += 1
        self._other_way = False
        return self._next(self._steps[self._number - 1])

    def _go_another_way(self, command: tuple[str, ...]) -> list[SetupEvent]:
        """uv could not do it, or cannot be had: pip does, and the person is told."""
        self._installer = "pip"
        why = f"uv cannot be used ({self._given[-1] if self._given else 'it said nothing'}): pip goes on."
        if not command:
            return [self._progress(why), *self._go_on()]
        self._other_way = True
        return [self._progress(why), *self._next(SetupStep(self._steps[self._number - 1].title, command))]

    def _next(self, step: SetupStep) -> list[SetupEvent]:
        self._given, self._fetching = [], Fetching()
        try:
            self._launch(step)
        except OSError as error:
            return self._clean_up(self._failure(f"{error.strerror or error}: {step.command[0]}."))
        return [self._progress("")]

    def _progress(self, line: str) -> SetupProgress:
        title = self._steps[self._number - 1].title if self._verdict is None else "Clean up"
        fetching = self._fetching
        return SetupProgress(
            step=self._number,
            steps=len(self._steps),
            title=title,
            line=line,
            fetched=fetching.fetched,
            to_fetch=fetching.to_fetch,
        )

    def _complete(self) -> list[SetupEvent]:
        try:
            self._managed.use(
                self._environment, device=self._build, requirements=locked_fingerprint(self._requirements)
            )
        except OSError as error:
            return self._clean_up(self._failure(f"{error.strerror or error}."))
        python = str(python_of(self._environment))
        return self._clean_up(
            events.Done(output=python, figures={"device": str(self._build), "installer": self._installer})
        )

    def _clean_up(self, verdict: events.Done | events.Error) -> list[SetupEvent]:
        """Remove every environment but the one in use, then say ``verdict``.

        What was fetched stays for another try unless all went well.
        """
        self._verdict = verdict
        leftovers = self._managed.leftovers()
        if isinstance(verdict, events.Done) and self._downloads.exists():
            leftovers.append(self._downloads)
        if not leftovers:
            return [self._conclude()]
        try:
            self._launch(removal_step(self._base, leftovers))
        except OSError:
            # They only take up room; the next set-up tries again.
            return [self._conclude()]
        return [self._progress("")]

    def _conclude(self) -> events.Done | events.Error:
        assert self._verdict is not None
        self.result = self._verdict
        self._leave()
        return self._verdict

    def _leave(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _failure(self, why: str = "") -> events.Error:
        if self._cancelled:
            return _cancelled()
        status = None if self._process is None else self._process.status
        quoted = "\n".join(self._given)
        code, todo = advice(quoted)
        if code is ErrorCode.DEVICE_UNAVAILABLE and self._number < len(self._steps):
            code = ErrorCode.ENGINE_INCOMPLETE
        return events.Error(
            code=code,
            what=f"The engine was not set up: the step “{self._steps[self._number - 1].title}” failed.",
            why=why or f"{exit_words(status)}\n{quoted}".strip(),
            todo=f"{todo} An engine that was set up before stays in use.",
        )


def _cancelled() -> events.Error:
    return events.Error(
        code=ErrorCode.CANCELLED,
        what="Set Up Engine was cancelled.",
        why="It was stopped before it had finished.",
        todo="An engine that was set up before stays in use. Press Set Up Engine to begin again.",
    )
