# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies that a result had under other settings: they stay under a second name, so that going back makes none anew,
and seconds of them that are the same in a new movie are taken over.

A movie is known by the keys of its pieces (:mod:`.piece_keys`). So one that is found is the same as one that would be
made. Where the file system has no hard links nothing is kept, as it would take room twice.
"""

from __future__ import annotations

from ..job.running_job import RunningJob

#: So many stay, the latest.
KEPT = 4
#: Name of what is remembered: keys of the pieces and the number of their file, the latest last.
_STATE = "movies"


def bring_back(running: RunningJob, keys: list[str]) -> bool:
    """Give the movies that are made of ``keys`` their usual names again; whether there are such."""
    folder, written = running.folder, running.written
    number = next((number for number, pieces in _noted(running) if pieces == keys), None)
    return (
        number is not None
        and written.name_again(folder.preview, folder.kept_preview(number))
        and written.name_again(folder.compare, folder.kept_compare(number))
    )


def keep(running: RunningJob, keys: list[str]) -> None:
    """Keep the movies that the folder has now, made of ``keys``, in the place of the oldest."""
    noted, folder, written = _noted(running), running.folder, running.written
    others = [(number, pieces) for number, pieces in noted if pieces != keys][1 - KEPT :]
    taken = {number for number, _ in others}
    number = next(number for number in range(1, KEPT + 1) if number not in taken)
    running.save_state(_STATE, others)  # none is known by keys that it does not have, whenever this ends
    if written.name_again(folder.kept_preview(number), folder.preview) and written.name_again(
        folder.kept_compare(number), folder.compare
    ):
        running.save_state(_STATE, [*others, (number, keys)])


def places(running: RunningJob) -> dict[str, tuple[int, int]]:
    """For each key of a piece the number of the kept movies that have it, and which of their pieces it is, from 0."""
    folder, known = running.folder, running.written.known
    return {
        key: (number, place)
        for number, pieces in _noted(running)
        if all(
            path.relative_to(folder.root).as_posix() in known
            for path in (folder.kept_preview(number), folder.kept_compare(number))
        )
        for place, key in enumerate(pieces)
    }


def _noted(running: RunningJob) -> list[tuple[int, list[str]]]:
    """Nothing of what versions noted that knew no pieces."""
    noted = running.load_state(_STATE) or ()
    return [(number, keys) for number, keys in noted if isinstance(number, int)]
