# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads clips as the worker does and tells the number in each image; runs in the engine's Python.

``read_numbers.py JOBS NUMBERS``: JOBS is a JSON list of clips as a job has them; NUMBERS gets a list of lists.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from blender.blocks import number_of

from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip, source_frames
from skyar_blender.engine.media.in_order import frames_in_order


def numbers(clip: Clip) -> list[int]:
    reader = open_clip(clip)
    return [number_of(image) for _, image in frames_in_order(reader, source_frames(clip, reader))]


if __name__ == "__main__":
    clips = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps([numbers(Clip(**clip)) for clip in clips]))
