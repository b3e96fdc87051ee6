# SPDX-License-Identifier: GPL-3.0-or-later
"""From one shot rendered under two skies to the pair's files; runs with the engine's Python.

Both are photographs of their own: each metered by itself. They are developed by exposure and the sRGB curve alone,
clipped at white, so that light adds up exactly: below white, old = sRGB((1 - alpha) * foreground + alpha * old sky).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from .air import lay_on
from .curve import Curve, expose
from .develop import read_light

Float32Array = NDArray[np.float32]

#: Stops by which an image under these skies stays darker than a meter would have it, for else a night were a day.
STOPS = {"night": -2.2, "storm": -0.9, "sunset": -0.6}
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_MIDDLE_GREY, _NEARLY_WHITE = 0.18, 0.9
_HALF_MAX = 65504.0
#: Pixels (standard deviation) over which the light of surfaces is averaged at edges.
_NEAR = 0.9


def meter(light: Float32Array, sky: str) -> float:
    """What light (h, w, 3) is multiplied by to be exposed: half for middle grey, half for a sky that is not white."""
    luma = np.clip(light @ _LUMA, 1e-6, None)
    by_mean = _MIDDLE_GREY / float(np.exp(np.log(luma).mean()))
    by_bright = _NEARLY_WHITE / float(np.quantile(luma, 0.93))
    return float(np.sqrt(by_mean * by_bright) * 2.0 ** STOPS.get(sky, 0.0))


def read_shot(path: Path) -> tuple[Float32Array, Float32Array, Float32Array, dict[str, Any]]:
    """Of a rendered shot: its light, its alpha (h, w; 1 is sky), the sky alone, and its facts; `path` has no ending.

    The light of surfaces is denoised where they fill a pixel. Where they share it with the sky the denoiser would mix
    the two; there it is the mean light of the plain samples near by, times the exact cover.
    """
    metadata = json.loads(path.with_name(path.name + ".raw.facts").read_text(encoding="utf-8"))
    light = read_light(path.with_name(path.name + ".raw.exr"))
    cover = light["cover"]
    total, fraction = (cv2.GaussianBlur(plane, (0, 0), _NEAR) for plane in (light["noisy"], cover))
    near = total / np.maximum(fraction, 1e-6)[..., None]
    surface = np.where((cover < 1)[..., None], near * cover[..., None], light["surface"])
    surface = lay_on(surface, cover, light["air"], metadata["haze"], np.array(metadata["horizon"], np.float32))
    alone = OpenEXR.File(str(path.with_name(path.name + "_alone.raw.exr"))).channels()
    behind = next(alone[name].pixels for name in ("RGB", "RGBA") if name in alone)[..., :3]
    # Its samples lie elsewhere in the pixel, which stars show: where it is all in view, the picture's are taken.
    sky = np.asarray(np.where((cover == 0)[..., None], light["sky"], behind), np.float32)
    return surface + sky * (1 - cover[..., None]), 1 - cover, sky, metadata


def write_pair(frames: Path, old: str, new: str, target: Path) -> None:
    """Of the shots `frames`/`old`.* and `new`.* write what the README says of a pair to `target`."""
    shots = {"a": old, "b": new}
    target.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {}
    mattes = []
    for letter, name in shots.items():
        light, alpha, sky, metadata = read_shot(frames / name)
        gain = meter(light, name)
        image = expose(light, Curve((gain, gain, gain), 1.0, 0.0, 1.0))
        codes = np.round(image * 255).astype(np.uint8)
        cv2.imwrite(str(target / f"{letter}.png"), codes[..., ::-1])
        half = np.clip(sky * gain, 0, _HALF_MAX).astype(np.float16)
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        OpenEXR.File(header, {"RGB": np.ascontiguousarray(half)}).write(str(target / f"sky_{letter}.exr"))
        mattes.append(alpha)
        about[letter] = {"sky": metadata.pop("sky") | {"name": name}, "exposure": gain, "haze": metadata.pop("haze")}
        metadata.pop("horizon")
    if not np.array_equal(*mattes):
        raise SystemExit(f"The two shots of {target.name} differ in their alpha: the geometry has changed.")
    cv2.imwrite(str(target / "alpha.png"), np.round(mattes[0] * 65535).astype(np.uint16))
    metadata |= about | {"name": target.name, "sky_fraction": round(float(mattes[0].mean()), 5)}
    # Written last: a pair that has it is complete.
    (target / "pair.json").write_text(json.dumps(metadata, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Write one pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frames", type=Path, help="folder of the rendered shots")
    parser.add_argument("old", help="the sky of the first")
    parser.add_argument("new", help="the sky of the second")
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    write_pair(options.frames, options.old, options.new, options.target)


if __name__ == "__main__":
    main()
