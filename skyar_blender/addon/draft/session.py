# SPDX-License-Identifier: GPL-3.0-or-later
"""The draft that is shown, the process that makes it, and what is asked of it as the choices change."""

from __future__ import annotations

import atexit
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ...bridge.draft_process import DraftProcess
from ...contract import events
from ...contract.errors import SkyarError
from ..jobs.replace_sky import Chosen
from ..opened_image import opened_image
from ..skies.sky_choice import Choice, choose
from .subject import Subject

#: Seconds between two looks at the process: while a draft is awaited, and while one is only shown.
_WAITING, _SHOWN = 0.05, 0.15


@dataclass(frozen=True)
class Pixels:
    """A picture for the graphics card: RGBA, 0..1 display-referred, from the lower left on."""

    width: int
    height: int
    values: array[float]


@dataclass(frozen=True)
class Shown:
    """A draft that has come."""

    subject: Subject
    facts: events.Drafted
    result: Pixels
    original: Pixels
    matte: Pixels


class Session:
    """From the first draft until it is cleared; the process outlives it, so that the next draft is quick.

    Attributes:
        subject: what was asked for last.
        shown: the latest draft; None before the first has come.
        error: what went wrong with the latest request.
        changed: called when there is something new to see.
    """

    def __init__(self, python: Path, environment: dict[str, str], changed: Callable[[], None]) -> None:
        self.subject: Subject | None = None
        self.shown: Shown | None = None
        self.error: SkyarError | None = None
        self.changed = changed
        self._process = DraftProcess(python, environment=environment)
        self._size = 0
        self._sky: tuple[tuple[str, str, str], Choice] | None = None
        self._asked: Chosen | None = None
        self._subjects: dict[int, Subject] = {}

    @property
    def python(self) -> Path:
        """The engine's interpreter."""
        return self._process.python

    @property
    def active(self) -> bool:
        """Whether a draft is shown or awaited."""
        return self.subject is not None

    @property
    def waiting(self) -> bool:
        """Whether a draft is awaited."""
        return self._process.waiting

    def ask(self, subject: Subject, chosen: Chosen, size: int) -> None:
        """Ask for a draft of ``subject``, at most ``size`` pixels long.

        Raises:
            SkyarError: ``bad_job``; of the sky, and of starting the process.
            ValueError: a value out of range.
        """
        self._sky = None  # a World may have changed since
        self._size = size
        self._request(subject, chosen)

    def follow(self, chosen: Chosen) -> None:
        """Ask once more where something was chosen or painted anew; what cannot be is told as :attr:`error`.

        The camera's motion stays as it was asked for, and a World waits for the next :meth:`ask`: both take long.
        """
        asked = self._asked
        if self.subject is None or asked is None or chosen.sky_world != asked.sky_world:
            return
        options = chosen.options | {"motion": asked.options.get("motion", "SOLVE")}
        chosen = replace(chosen, options=options, camera=asked.camera, movie_clip=asked.movie_clip)
        subject = self.subject.as_now()
        if (chosen, subject) == (asked, self.subject):
            return
        self.subject = subject  # strokes that cannot be read are told once
        try:
            self._request(subject, chosen)
        except SkyarError as error:
            self.error = error
            self.changed()

    def _request(self, subject: Subject, chosen: Chosen) -> None:
        self._asked = chosen
        key = (chosen.sky, chosen.sky_file, chosen.sky_world)
        if self._sky is None or self._sky[0] != key:
            self._sky = key, choose(*key, self._size)
        folder = Path(bpy.app.tempdir) / "skyar-draft"
        job = subject.job(self._sky[1], chosen.options, folder)
        number = self._process.ask(job, subject.index, self._size)
        self.subject, self.error = subject, None
        self._subjects[number] = subject
        self.changed()

    def poll(self) -> None:
        """Take what has come."""
        for event in self._process.poll():
            if isinstance(event, events.Drafted):
                self._show(event)
            elif isinstance(event, events.Error):
                self.error = event.to_exception()
            else:
                continue
            self.changed()

    def clear(self) -> None:
        """Show nothing any more; the process stays for the next draft."""
        self.subject = self.shown = self.error = self._asked = None
        self.changed()

    def stop(self) -> None:
        """End the process too."""
        self.subject = self.shown = None
        self._process.stop()

    def _show(self, drafted: events.Drafted) -> None:
        subject = self._subjects.get(drafted.number)
        for number in [each for each in self._subjects if each <= drafted.number]:
            del self._subjects[number]
        if subject is None or self.subject is None:
            return  # cleared in the meantime
        try:
            pictures = [_pixels(path) for path in (drafted.result, drafted.original, drafted.matte)]
        except RuntimeError:
            return  # a newer one is on its way, and this one's files have gone
        self.shown = Shown(subject, drafted, *pictures)


def _pixels(path: str) -> Pixels:
    """Raises RuntimeError where the file has gone."""
    with opened_image(path) as image:
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        values = array("f", bytes(16 * width * height))
        image.pixels.foreach_get(values)
    return Pixels(width, height, values)


#: The session of this Blender; None before the first draft.
current: Session | None = None


def begin(python: Path, environment: dict[str, str], changed: Callable[[], None]) -> Session:
    """The session, a new one where the engine is another than before."""
    global current
    if current is not None and current.python != python:
        current.stop()
        current = None
    if current is None:
        current = Session(python, environment, changed)
    return current


def active() -> Session | None:
    """The session, where it shows or awaits a draft."""
    return current if current is not None and current.active else None


def watch(chosen: Callable[[Any], Chosen]) -> None:
    """Listen to the process, and follow what is chosen in the sidebar of the draft's scene, until it is cleared."""

    def look() -> float | None:
        session = active()
        if session is None or session.subject is None:
            return None
        session.poll()
        scene = bpy.data.scenes.get(session.subject.scene)
        if scene is None:
            session.clear()
            return None
        session.follow(chosen(scene))
        return _WAITING if session.waiting else _SHOWN

    global _look
    if _look is not None and bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)
    _look = look
    bpy.app.timers.register(look, first_interval=_WAITING, persistent=True)


def stop() -> None:
    """End everything: the add-on is disabled, or Blender quits."""
    global current, _look
    if _look is not None and bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)
    _look = None
    if current is not None:
        current.stop()
        current = None


_look: Callable[[], float | None] | None = None
atexit.register(stop)
