# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips, images and documents that are damaged in many ways: done, or refused in words, by a process that lives."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.clips import landscape, write_movie

from skyar_blender.common.own_sky import own_metadata
from skyar_blender.contract.correction import Correction
from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Clip, Job, Sky
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.media.images import read_image_linear, write_jpg, write_png
from skyar_blender.worker.job.camera_motion import read_motion
from skyar_blender.worker.job.job_file import read_job

MEDIA, DOCUMENTS = 60, 60


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, emptied, filled, flipped, or with a piece of itself in another place."""
    how = chance.randrange(6)
    place = chance.randrange(len(data))
    if how == 0:
        return data[:place]
    if how == 1:
        return data[:place] + bytes(min(len(data) - place, chance.randrange(1, 400))) + data[place + 400 :]
    if how == 2:
        return data[place:]
    changed = bytearray(data)
    if how == 3:
        for _ in range(chance.randrange(1, 40)):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif how == 4:
        changed[place : place + 8] = chance.choice([b"\xff" * 8, bytes(8), b"\x7f" + b"\xff" * 7])
    else:
        piece = data[place : place + 200]
        at = chance.randrange(len(data))
        changed[at : at + len(piece)] = piece
    return bytes(changed)


def movie(path: Path) -> None:
    write_movie(path, [landscape(index) for index in range(4)])


def as_clip(job: Job, path: Path) -> Job:
    kind = {"kind": "sequence", "files": [path.name]} if path.suffix != ".mp4" else {}
    return replace(job, clip=Clip(path=str(path.parent if kind else path), **kind), until="matte")


def as_sky(job: Job, path: Path) -> Job:
    return replace(job, sky=Sky(source=str(path)), until="sky")


def as_mask(job: Job, path: Path) -> Job:
    settings = replace(job.settings, corrections=[Correction(path=str(path), truth="sky")])
    return replace(job, settings=settings, until="matte")


MAKE: list[tuple[str, Callable[[Path], None], Callable[[Job, Path], Job]]] = [
    ("a.mp4", movie, as_clip),
    ("a.mp4", movie, as_clip),
    ("a.mp4", movie, as_clip),
    ("a.png", lambda path: write_png(path, landscape(1)), as_clip),
    ("a.jpg", lambda path: write_jpg(path, landscape(1)), as_mask),
    ("a.exr", lambda path: write_exr(path, landscape(1).astype("f4") / 255), as_sky),
]


def test_malformed_media(job, server, tmp_path):
    chance = random.Random(60)
    jobs, wrong = [], []
    for number in range(MEDIA):
        name, make, use = MAKE[number % len(MAKE)]
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        make(path)
        path.write_bytes(damaged(path.read_bytes(), chance))
        jobs.append(replace(use(job, path), output=str(path.parent / "out")))
    running = server(*jobs)
    for number in range(MEDIA):
        outcome = running.outcome()
        if outcome.code in ("internal", "died"):
            wrong.append((number, MAKE[number % len(MAKE)][0], outcome))
        if outcome.code == "died":
            running = server(*jobs[number + 1 :])
    assert wrong == []


@pytest.mark.parametrize(
    "text", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"\x76\x2f\x31\x01", b"#?RADIANCE\n\n-Y 9 +X 9\n"]
)
def test_what_is_no_image(text, tmp_path):
    (tmp_path / "a.exr").write_bytes(text)
    with pytest.raises(SkyarError):
        read_image_linear(tmp_path / "a.exr")


def test_malformed_documents(job, tmp_path):
    chance = random.Random(61)
    motion = (
        '{"version": 1, "frames": [{"rotation": [[1,0,0],[0,1,0],[0,0,1]], "focal_length": 35.0, "camera": "A"},'
        ' {"rotation": [[1,0,0],[0,1,0],[0,0,1]], "focal_length": 36.5, "confidence": 0.5}]}'
    )
    toml = 'name = "bay"\ntitle = "Bay"\nfile = "a.exr"\ntags = ["sea"]\nsun_direction = [1.0, 2.0]\nrain = true\n'
    path = tmp_path / "document.json"
    given = replace(job.settings, motion="SCENE_CAMERA", motion_path=str(path))
    readers: list[tuple[str, Path, Callable[[], object]]] = [
        (job.to_json(), path, lambda: read_job(path)),
        (motion, path, lambda: read_motion(replace(job, settings=given), 2)),
        (toml, tmp_path / "a.toml", lambda: own_metadata(tmp_path / "a.exr")),
    ]
    read = refused = 0
    for number in range(DOCUMENTS):
        text, place, reader = readers[number % len(readers)]
        place.write_bytes(damaged(text.encode(), chance))
        try:
            reader()
            read += 1
        except SkyarError as error:
            assert error.what and error.why and error.todo
            refused += 1
    assert read + refused == DOCUMENTS and refused > DOCUMENTS // 2
