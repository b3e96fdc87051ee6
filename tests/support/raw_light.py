# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendered light as the scene generator leaves it, painted instead of rendered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR

HEIGHT, WIDTH = 24, 32


def painted_light() -> dict[str, np.ndarray]:
    """Ground below, sky above, three rows half and half; air that lets half through."""
    rng = np.random.default_rng(1)
    cover = np.zeros((HEIGHT, WIDTH), np.float32)
    cover[10:13], cover[13:] = 0.5, 1.0
    surface = rng.uniform(0.05, 0.3, (HEIGHT, WIDTH, 3)).astype(np.float32)
    return {
        "surface": surface * cover[..., None],
        "cover": cover,
        "sky": np.float32(0.6) * (1 - cover[..., None]) * np.ones(3, np.float32),
        "air": np.float32(0.5) * cover[..., None] * np.ones(3, np.float32),
    }


def write_raw(folder: Path, name: str, light: dict[str, np.ndarray], about: dict[str, Any]) -> Path:
    """Files as the renderer leaves them: one part for each pass."""

    def part(title: str, channels: dict[str, np.ndarray]) -> Any:
        header = {"compression": OpenEXR.NO_COMPRESSION, "type": OpenEXR.scanlineimage}
        named = {f"View.{title}.{key}": np.ascontiguousarray(plane) for key, plane in channels.items()}
        return OpenEXR.Part(header, named, f"View.{title}")

    def colours(planes: np.ndarray) -> dict[str, np.ndarray]:
        return {key: planes[..., k] for k, key in enumerate("RGB")}

    parts = [
        part("Combined", {**colours(light["surface"]), "A": light["cover"]}),
        part("Environment", colours(light["sky"])),
        part("air", colours(light["air"])),
    ]
    if "noisy" in light:
        parts.append(part("Noisy Image", colours(light["noisy"])))
    OpenEXR.File(parts).write(str(folder / f"{name}.raw.exr"))
    path = folder / f"{name}.raw.facts"
    path.write_text(json.dumps(about), encoding="utf-8")
    return path
