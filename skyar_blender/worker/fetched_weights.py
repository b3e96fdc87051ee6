# SPDX-License-Identifier: GPL-3.0-or-later
"""The file with the weights that a job asks for: its own, or one that is fetched from Weights & Biases and kept.

A result goes on with the weights that it was begun with, even where the name it was given means others by now.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import platformdirs

from ..contract.documents import check_plain_name, read_object
from ..contract.errors import ErrorCode, SkyarError
from ..contract.weights_name import WeightsName, is_weights_name, weights_name
from ..engine.matte.network.weights import OFFER
from ..engine.media.atomic import write_text_atomically
from .job.weights_note import FetchedWeights, begun_with
from .process.control import CancelToken
from .wandb_log.launch import NotLoggedError, fetch

#: Folder for what is fetched, where it is not the usual one; and whether the network is forbidden (any text).
CACHE_VARIABLE = "SKYAR_CACHE"
OFFLINE_VARIABLE = "SKYAR_OFFLINE"
_FACTS = "fetched.json"


def weights_of(requested: str | None, output: Path | None, token: CancelToken) -> FetchedWeights | Path | None:
    """The weights that are meant by ``requested``; None for those that come with SkyAR.

    ``output`` is the folder of the result, which remembers what it was begun with.

    Raises:
        SkyarError: ``weights_missing``: they cannot be fetched; ``weights_unreadable``: they are no longer those that
            the result was begun with; ``network_forbidden``; ``engine_incomplete``: without the package wandb.
    """
    if requested is None:
        return None
    if not is_weights_name(requested):
        return Path(requested)
    begun = None if output is None else begun_with(output)
    wanted = weights_name(requested if begun is None else begun.name)
    found = (_kept(wanted) if wanted.fixed else None) or _fetched(wanted, token)
    if begun is not None and begun.sha256 != found.sha256:
        raise SkyarError(
            ErrorCode.WEIGHTS_UNREADABLE,
            f"{wanted} is no longer what this result was begun with.",
            f"Its SHA-256 is {found.sha256[:12]}… and was {begun.sha256[:12]}….",
            "Choose another output folder.",
        )
    return found


def file_of(found: FetchedWeights | Path | None) -> Path | None:
    """The file of what :func:`weights_of` gave; None for the weights that come with SkyAR."""
    return Path(found.path) if isinstance(found, FetchedWeights) else found


def cache_folder() -> Path:
    """Where fetched weights are kept."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("skyar", appauthor=False)


def _folder(name: WeightsName) -> Path:
    return cache_folder() / "weights" / name.entity / name.project / name.artifact


def _kept(name: WeightsName) -> FetchedWeights | None:
    """Fetched before, and still as it was."""
    place = _folder(name) / name.version
    try:
        metadata = read_object(place / _FACTS)
        check_plain_name(metadata["file"], "file")
        path = place / metadata["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != metadata["sha256"]:
            return None  # cut off or changed: it is fetched again
        return FetchedWeights(str(name), str(path), metadata["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fetched(name: WeightsName, token: CancelToken) -> FetchedWeights:
    if os.environ.get(OFFLINE_VARIABLE):
        raise SkyarError(
            ErrorCode.NETWORK_FORBIDDEN,
            f"The weights {name} cannot be fetched.",
            "They are not on this computer yet, and Blender's online access is off.",
            f"Allow it in Preferences > System > Network. {OFFER}",
        )
    folder = _folder(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        answer = fetch(name.path, folder, token)
        for key in ("version", "file"):
            check_plain_name(answer[key], key)
        write_text_atomically(folder / answer["version"] / _FACTS, json.dumps(answer))
    except NotLoggedError as error:
        code = ErrorCode.WEIGHTS_MISSING if error.installed else ErrorCode.ENGINE_INCOMPLETE
        raise SkyarError(
            code, f"The weights {name} cannot be fetched.", error.why, f"{error.todo} {OFFER}"
        ) from error
    except (OSError, ValueError) as error:
        raise SkyarError(
            ErrorCode.WEIGHTS_MISSING,
            f"The weights {name} cannot be kept.",
            f"{folder}: {getattr(error, 'strerror', None) or error}.",
            f"Make room there, or name another folder in the environment variable {CACHE_VARIABLE}.",
        ) from error
    found = replace(name, version=answer["version"])
    return FetchedWeights(str(found), str(folder / answer["version"] / answer["file"]), answer["sha256"])
