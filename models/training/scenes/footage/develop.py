# SPDX-License-Identifier: GPL-3.0-or-later
"""From rendered light to the files of one frame: image, sky alpha, image without sky, facts.

Runs with the engine's Python (OpenEXR, OpenCV), reading the paths of raw facts from its standard input, one a line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from .air import lay_on
from .curve import Curve, draw_curve, expose

Float32Array = NDArray[np.float32]


def read_light(path: Path) -> dict[str, Float32Array]:
    """The passes of a rendered frame, scene-linear: surface (premultiplied), cover (h, w), sky, air.

    With them "noisy", the surface before it was denoised, if the frame holds that.
    """
    parts = {
        part.name().split(".", 1)[1]: part.channels for part in OpenEXR.File(str(path), separate_channels=True).parts
    }

    def planes(name: str, channels: str) -> Float32Array:
        layer = next(iter(parts[name])).split(".")[0]
        return np.stack([parts[name][f"{layer}.{name}.{c}"].pixels for c in channels], axis=-1).astype(np.float32)

    found = {
        "surface": planes("Combined", "RGB"),
        "cover": np.clip(planes("Combined", "A")[..., 0], 0, 1),
        "sky": planes("Environment", "RGB"),
        "air": planes("air", "RGB"),
    }
    if "Noisy Image" in parts:
        found["noisy"] = planes("Noisy Image", "RGB")
    return found


def develop(
    light: dict[str, Float32Array], metadata: dict[str, Any], curve: Curve | None = None
) -> tuple[dict[str, Float32Array], Curve]:
    """The frame's images, display-referred in [0, 1], and the curve they were developed with.

    "picture" (h, w, 3); "alpha" (h, w): the share of sky, linear; "foreground" (h, w, 4): straight colour, its
    alpha the share of what is not sky. Over the light of any sky, before the curve, the foreground gives the
    image: image = curve(cover * light + (1 - cover) * sky light).
    """
    rng = np.random.default_rng(metadata["film_seed"])
    cover = light["cover"][..., None]
    surface = lay_on(
        light["surface"], light["cover"], light["air"], metadata["haze"], np.array(metadata["horizon"], np.float32)
    )
    whole = surface + light["sky"]
    if curve is None:
        curve = draw_curve(whole, light["cover"], metadata.get("night", False), rng)
    straight = surface / np.maximum(cover, 1e-6)
    images = {
        "picture": expose(whole, curve),
        "alpha": 1.0 - light["cover"],
        "foreground": np.concatenate([expose(straight, curve) * (cover > 0), cover], axis=-1),
    }
    return images, curve


def store(path: Path, images: dict[str, Float32Array]) -> None:
    """Write `path`.jpg, `path`_alpha.png (16 bits) and `path`_foreground.png (16 bits RGBA, straight)."""
    cv2.imwrite(f"{path}.jpg", _whole(images["picture"][..., ::-1], np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 96])
    cv2.imwrite(f"{path}_alpha.png", _whole(images["alpha"], np.uint16))
    colour = images["foreground"][..., [2, 1, 0, 3]]
    cv2.imwrite(f"{path}_foreground.png", _whole(colour, np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, 2])


def _whole(values: Float32Array, kind: type) -> NDArray[Any]:
    return np.round(np.clip(values, 0, 1) * np.iinfo(kind).max).astype(kind)


def develop_file(about: Path) -> None:
    """Develop one rendered frame and remove its raw files; the frame's .json is written last."""
    metadata = json.loads(about.read_text(encoding="utf-8"))
    path = about.with_name(about.name.removesuffix(".raw.facts"))
    raw = path.with_name(path.name + ".raw.exr")
    # A second sky, and every frame of a clip, is exposed like the first.
    curve = Curve(**metadata["curve"]) if "curve" in metadata else _curve_of(path, metadata)
    images, curve = develop(read_light(raw), metadata, curve)
    store(path, images)
    metadata |= {"curve": asdict(curve), "sky_fraction": round(float(images["alpha"].mean()), 5)}
    path.with_name(path.name + ".json").write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")
    raw.unlink()
    about.unlink()


def _curve_of(path: Path, metadata: dict[str, Any]) -> Curve | None:
    """The curve of the frame named in "exposed_like", or None."""
    if "exposed_like" not in metadata:
        return None
    other = json.loads((path.parent / metadata["exposed_like"]).read_text(encoding="utf-8"))
    return Curve(**other["curve"])


def main() -> None:
    """Develop what standard input names."""
    cv2.setNumThreads(1)
    for line in sys.stdin:
        develop_file(Path(line.rstrip("\n")))


if __name__ == "__main__":
    main()
