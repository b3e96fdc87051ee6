# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing `sky.toml`, the description beside a sky's pixels. Its keys are listed in skyboxes/README.md."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from .measure import SkyMetadata


def write_sky_toml(
    path: Path,
    name: str,
    title: str,
    tags: Iterable[str],
    rain: bool,
    metadata: SkyMetadata,
    played: Mapping[str, object] | None = None,
    drift: Mapping[str, object] | None = None,
) -> None:
    """Writes the description of a still panorama `sky.exr`, or of a loop with what is to be known to play it.

    ``drift`` is the table of that name.
    """
    lines = [
        f"name = {_value(name)}",
        f"title = {_value(title)}",
        "tags = [" + ", ".join(map(_value, tags)) + "]",
        'licence = "CC0-1.0"',
        f'kind = "{"loop" if played else "still"}"',
        *(f"{key} = {_value(value)}" for key, value in (played or {"file": "sky.exr"}).items()),
    ]
    if metadata.sun_direction and metadata.sun_colour:
        lines.append(f"sun_direction = {_numbers(metadata.sun_direction, 2)}  # azimuth, elevation in degrees")
        lines.append(f"sun_colour = {_numbers(metadata.sun_colour, 4)}")
    lines.append(f"horizon_colour = {_numbers(metadata.horizon_colour, 4)}")
    lines.append(f"mean_luminance = {metadata.mean_luminance:.4f}")
    lines.append(f"rain = {str(rain).lower()}")
    if drift:
        lines += ["", "[drift]", *(f"{key} = {_value(value)}" for key, value in drift.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _value(value: object) -> str:
    # What JSON escapes TOML escapes alike, and DEL besides.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else str(value)


def _numbers(values: Iterable[float], digits: int) -> str:
    return "[" + ", ".join(f"{value:.{digits}f}" for value in values) + "]"
