# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of a network, fetched from the artifact that they are."""

from __future__ import annotations

import base64
import hashlib
import shutil
import tempfile
from pathlib import Path

import wandb

from ...contract.documents import check_inside, check_plain_name

#: Files of an artifact that may be weights; nothing that is unpickled is among them.
ENDINGS = (".onnx", ".safetensors")
_SECONDS = 30


def fetch(name: str, folder: Path) -> dict[str, str]:
    """Put the weights in the artifact ``name`` (ENTITY/PROJECT/ARTIFACT:VERSION) into a folder below ``folder``.

    The answer: ``version``, such as ``v3``, which is also that folder's name; ``file``, the file's name in it;
    ``sha256`` of the file. What comes is compared with the artifact's list of files; the client does not do that.

    Raises:
        ValueError: the artifact holds no such file, or several, or something else came.
        Exception: whatever the client, its server or the disk raise.
    """
    artifact = wandb.Api(timeout=_SECONDS).artifact(name)
    inside = sorted(artifact.manifest.entries)
    found = [path for path in inside if path.lower().endswith(ENDINGS)]
    if len(found) != 1:
        listed = ", ".join(inside[:5]) or "nothing"
        raise ValueError(f"it must hold one file in {' or '.join(ENDINGS)}, and holds {listed}")
    check_plain_name(str(artifact.version), "its version")
    check_inside(found[0], "its file")
    place = folder / str(artifact.version)
    place.mkdir(parents=True, exist_ok=True)
    target = place / Path(found[0]).name
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        artifact.download(root=scratch, path_prefix=found[0], skip_cache=True)
        fetched = Path(scratch, found[0])
        content = fetched.read_bytes()
        digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        sha256 = hashlib.sha256(content).hexdigest()
        reported = artifact.metadata.get("sha256", sha256)  # what SkyAR itself logs has it
        if artifact.manifest.entries[found[0]].digest != digest or reported != sha256:
            raise ValueError(f"what came is not the {target.name} that the artifact lists")
        shutil.move(fetched, target)
    return {"version": str(artifact.version), "file": target.name, "sha256": sha256}
