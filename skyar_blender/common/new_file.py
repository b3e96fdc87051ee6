# SPDX-License-Identifier: GPL-3.0-or-later
"""Making files in an output folder so that no link that somebody has put there leads anywhere else."""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: How the names of files begin that are not whole yet.
PARTIAL = ".part-"
#: A file of our own: it is there by no other's hand, and no link is followed (Windows knows no such flag).
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def partial_path(path: Path) -> Path:
    """The temporary name of ``path``, in the same folder and with the same ending."""
    return path.with_name(f"{PARTIAL}{path.name}")


def create_partial(path: Path) -> int:
    """Descriptor of a new file :func:`partial_path`; what an earlier run or anybody left under its name goes.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(path)
    partial.unlink(missing_ok=True)
    return os.open(partial, _NEW, 0o666)


def share_partial(path: Path, source: Path) -> None:
    """Make :func:`partial_path` a second name of the file ``source`` (a hard link), where it is a file.

    Raises OSError: another disk, a file system without hard links, or ``source`` is a link itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(path)
    partial.unlink(missing_ok=True)
    if os.link in os.supports_follow_symlinks:
        os.link(source, partial, follow_symlinks=False)
    else:  # Windows makes another name of a link itself anyway
        os.link(source, partial)
    if partial.is_symlink():
        partial.unlink()
        raise OSError(errno.ELOOP, "it is a link", str(source))


def put_file(path: Path, data: bytes, root: Path) -> None:
    """Write a whole file somewhere below the folder ``root``. Raises OSError, also for a link on the way."""
    link = link_on_the_way(path, root)
    if link is not None:
        raise OSError(errno.ELOOP, f"{link} is a link to {os.path.realpath(link)}", str(link))
    with os.fdopen(create_partial(path), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial_path(path).replace(path)


def link_on_the_way(path: Path, root: Path) -> Path | None:
    """The first folder between ``root`` and ``path``, which lies below it, that is a link; or None."""
    folders = [root / folder for folder in path.relative_to(root).parents]
    return next((folder for folder in reversed(folders) if folder != root and _is_link(folder)), None)


def _is_link(path: Path) -> bool:
    """Windows has links to folders that are no symbolic links (Python 3.12 and newer tell them)."""
    is_junction = getattr(os.path, "isjunction", None)
    return path.is_symlink() or bool(is_junction is not None and is_junction(path))
