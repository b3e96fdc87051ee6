# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the film of an animated sky together from the images that `loop.py` rendered.

Started by it, with the folder of the images and the film's path; needs NumPy, OpenCV and PyAV.
"""

import json
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from bolt import draw_bolt
from curve import displayed
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

# Rows added above the zenith, for cubic interpolation.
_PAD = 4


def main() -> None:
    """Command line: the folder of the images, the film."""
    work, film = Path(sys.argv[1]), Path(sys.argv[2])
    loop = json.loads((work / "loop.json").read_text(encoding="utf-8"))
    storm = Storm(work, loop)
    count = loop["seconds"] * loop["rate"]
    for name, moment in (("first", 0.0), ("shown", loop["thumbnail_at"])):
        np.save(work / f"{name}.npy", storm.frame(moment))
    unfinished = work / "sky.mp4"
    with av.open(str(unfinished), "w") as container:
        stream: Any = container.add_stream("libx265", rate=Fraction(loop["rate"]))
        stream.height, stream.width = storm.size
        stream.pix_fmt = "yuv444p12le"
        # Steps of one code: coarser ones show as edges of blocks at the seam and at each key image.
        coding = "qp=1:ipratio=1:pbratio=1:aq-mode=0:cutree=0:no-sao=1:rdoq-level=0:keyint=24:log-level=error"
        stream.options = {"preset": "medium", "x265-params": coding}
        stream.codec_context.color_range, stream.codec_context.colorspace = 1, 1  # limited, BT.709
        stream.codec_context.color_primaries, stream.codec_context.color_trc = 1, 1
        for number in range(count):
            codes = displayed(storm.frame(number / loop["rate"]) / loop["peak"])
            image = av.VideoFrame.from_ndarray(np.round(codes * 65535).astype(np.uint16), format="rgb48le")
            image = image.reformat(format="yuv444p12le", dst_colorspace="ITU709", dst_color_range="MPEG")
            image.pts = number
            container.mux(stream.encode(image))
        container.mux(stream.encode(None))
    unfinished.replace(film)


class Storm:
    """The rendered layers, ready to be seen at any moment of the loop."""

    def __init__(self, work: Path, loop: dict[str, Any]) -> None:
        self._loop = loop
        self._layers = []
        for number, altitude in enumerate(loop["altitudes"]):
            lights = ["day", *(f"flash{index}" for index in range(len(loop["flashes"])))]
            images = [np.load(work / f"{number}-{light}.npy").astype(np.float32) for light in lights]
            path = work / f"{number}-open.npy"
            opening = np.load(path).astype(np.float32) if path.exists() else None
            self._layers.append((altitude, images, opening))
        height, width = self._layers[0][1][0].shape[:2]
        self.size = (height, width)
        self._bolts = [
            draw_bolt(flash["place"], loop["altitudes"][0], width, loop["seed"] + index) if flash["bolt"] else None
            for index, flash in enumerate(loop["flashes"])
        ]

    def frame(self, seconds: float) -> Pixels:
        """(height, width, 3) scene-linear, first row straight up."""
        strengths = [self._strength(flash, seconds) for flash in self._loop["flashes"]]
        # Two copies of the sky, half a loop apart; each is away when it is taken back to where it came from.
        phase = (seconds / self._loop["seconds"]) % 1.0
        total: Pixels | None = None
        for part in (phase, (phase + 0.5) % 1.0):
            weight = np.float32(1 - abs(2 * part - 1))
            if weight > 0:
                moved = weight * self._moved((part - 0.5) * self._loop["seconds"], strengths)
                total = moved if total is None else total + moved
        assert total is not None
        return total

    def _moved(self, seconds: float, strengths: list[float]) -> Pixels:
        """The sky, its clouds as far from where they were rendered as they come in ``seconds``."""
        seen: Pixels | None = None
        for number, (altitude, images, opening) in enumerate(self._layers):
            lit = images[0].copy()
            for strength, image in zip(strengths, images[1:], strict=True):
                if strength > 0.002:
                    lit += np.float32(strength) * image
            x, y = drift_map(self.size, altitude, [axis * seconds for axis in self._loop["wind"]])
            layer = _sampled(lit, x, y)
            if number == 0:
                for strength, bolt in zip(strengths, self._bolts, strict=True):
                    if bolt is not None and strength > 0.02:
                        layer += np.float32(strength) * bolt
            seen = layer if seen is None or opening is None else seen * _sampled(opening, x, y) + layer
        assert seen is not None
        return np.maximum(seen, 0)

    def _strength(self, flash: dict[str, Any], seconds: float) -> float:
        total = 0.0
        for begin, strength, fade in flash["strokes"]:
            since = (seconds - begin) % self._loop["seconds"]
            total += strength * math.exp(-since / fade)
        return total


def drift_map(size: tuple[int, int], altitude: float, moved: list[float]) -> tuple[Pixels, Pixels]:
    """Where in the panorama is what is seen at each pixel, once clouds at ``altitude`` km have moved so many km.

    ``moved`` is to the right and forward. x and y in pixels, for the panorama with `_PAD` rows above it. What is
    at the horizon or below it stays.
    """
    height, width = size
    elevation = (math.pi / 2 - (np.arange(height) + 0.5) * math.pi / height)[:, None]
    azimuth = (((np.arange(width) + 0.5) / width - 0.5) * 2 * math.pi)[None, :]
    ground = altitude / np.tan(np.maximum(elevation, 1e-3))
    east = ground * np.sin(azimuth) - moved[0]
    north = ground * np.cos(azimuth) - moved[1]
    x = (np.arctan2(east, north) / (2 * math.pi) + 0.5) * width - 0.5
    y = (0.5 - np.arctan2(altitude, np.hypot(east, north)) / math.pi) * height - 0.5
    still = np.broadcast_to(elevation <= 1e-3, x.shape)
    x = np.where(still, np.arange(width)[None, :], x)
    y = np.where(still, np.arange(height)[:, None], y)
    return x.astype(np.float32), (y + _PAD).astype(np.float32)


def _sampled(image: Pixels, x: Pixels, y: Pixels) -> Pixels:
    over = np.roll(image[:_PAD][::-1], image.shape[1] // 2, axis=1)
    padded = np.concatenate([over, image])
    return np.asarray(cv2.remap(padded, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP), np.float32)


if __name__ == "__main__":
    main()
