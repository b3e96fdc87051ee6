# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with the network's weights: those that come with SkyAR, and any that a person has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ....common.toml_file import read_toml
from ....contract.errors import ErrorCode, SkyarError
from ...models_folder import models_folder

NAME = "sky_matte"
Kind = Literal["onnx", "safetensors", "checkpoint"]
#: What a person can do without a network, for the end of an error's advice.
OFFER = "Or find the sky without a network: Method “Adaptive”, in a shell --matte-method adaptive."


@dataclass(frozen=True)
class Weights:
    """A file of weights, read: ``content`` is what was hashed and what is to be loaded."""

    path: Path
    kind: Kind
    sha256: str
    content: bytes = field(repr=False)


def shipped_metadata(folder: Path | None = None) -> dict[str, object]:
    """What ``sky_matte.toml`` says of the shipped weights: name, version, licence, date, and ``sha256`` per kind.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``.
    """
    path = (folder or models_folder()) / f"{NAME}.toml"
    try:
        metadata = read_toml(path)
        if not all(isinstance(metadata["sha256"][kind], str) for kind in ("onnx", "safetensors")):
            raise TypeError("a hash is no text")
    except OSError as error:
        raise _missing(path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable(path, f"{type(error).__name__}: {error}.") from error
    return metadata


def shipped_weights(kind: Literal["onnx", "safetensors"], folder: Path | None = None) -> Weights:
    """The weights that come with SkyAR, whole as they were made.

    Raises:
        SkyarError: ``weights_missing``; ``weights_unreadable`` where they are not what ``sky_matte.toml`` says.
    """
    metadata = shipped_metadata(folder)
    path = (folder or models_folder()) / f"{NAME}.{kind}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _missing(path, error) from error
    found = hashlib.sha256(content).hexdigest()
    hashes = metadata["sha256"]
    assert isinstance(hashes, dict)
    if found != hashes[kind]:
        raise unreadable(path, f"Its SHA-256 is {found[:12]}… but should be {hashes[kind][:12]}….")
    return Weights(path, kind, found, content)


def given_weights(path: Path) -> Weights:
    """The weights in a person's own file; what kind it is, is seen from its first bytes.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SkyarError(
            ErrorCode.WEIGHTS_MISSING,
            f"The weights cannot be read: {path}.",
            f"{error.strerror or error}.",
            f"Give the path of an existing file, or leave it out to take SkyAR's own weights. {OFFER}",
        ) from error
    if not content:
        raise unreadable(path, "The file is empty.")
    return Weights(path, _kind(path, content), hashlib.sha256(content).hexdigest(), content)


def unreadable(path: Path, why: str) -> SkyarError:
    """The error for a file that is no weights of a known network."""
    return SkyarError(
        ErrorCode.WEIGHTS_UNREADABLE,
        f"These are no weights that SkyAR can use: {path}.",
        why,
        f"Install SkyAR again if they are its own, else give another file. {OFFER}",
    )


def _missing(path: Path, error: OSError) -> SkyarError:
    return SkyarError(
        ErrorCode.WEIGHTS_MISSING,
        "The weights of the matting network are missing.",
        f"{path}: {error.strerror or error}.",
        f"Install SkyAR again. {OFFER}",
    )


def _kind(path: Path, content: bytes) -> Kind:
    """By what the formats begin with: a zip or pickle of torch, a length and a JSON object, ONNX's first field."""
    if content[:4] == b"PK\x03\x04" or content[0] == 0x80:
        return "checkpoint"
    if content[8:9] == b"{" and int.from_bytes(content[:8], "little") < 2**32:
        return "safetensors"
    if content[0] == 0x08 or path.suffix.lower() == ".onnx":
        return "onnx"
    raise unreadable(path, "It is neither ONNX, nor safetensors, nor a checkpoint of torch.")
