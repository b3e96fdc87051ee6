# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `made_to_measure/air.exr`: the clear sky under any sun, for the World “Made to Measure”.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_air_table.py`.

The picture holds square roots of scene-linear Rec.709 radiances, as a camera would expose them. From below, each tile
of `HEIGHTS` rows is one elevation of the sun, which is +-90 (n / 13)^2 degrees, n from -5 to 13. In a tile rows are
elevations of the view, 90 (n / 39)^2 degrees. Columns are twice (clear air, then hazy air): azimuths from the sun,
180 (n / 31)^2 degrees; the sun's irradiance at 0 to 9 km; twice the mean radiance of the sky; twice that of the
ground.
"""

from pathlib import Path

import numpy as np
from making.air import Air
from making.exr import write_exr
from making.finish import saturated
from making.measure import REC709_LUMINANCE
from making.sky_light import SkyLight

HEIGHTS, AZIMUTHS, ALTITUDES = 40, 32, 5
BEFORE, AFTER = 5, 13
#: Little forward scattering: the World adds the glow around the sun itself, as it has detail finer than the table.
AIRS = (Air(aerosol=0.06, forward=0.45), Air(aerosol=0.5, forward=0.45, angstrom=0.8))
BALANCE = (0.97, 1.0, 1.08)
SATURATION = 1.3


def mean_luminance(sun: float) -> float:
    """What a photographer exposes the clear sky to; the sun's elevation in degrees."""
    return float(np.interp(sun, (-13, -8, -4, 0, 6, 25), (0.012, 0.03, 0.09, 0.16, 0.24, 0.27)))


def tile(air: Air, sun: float) -> np.ndarray:
    """(HEIGHTS, columns, 3) radiances under one sun, its elevation in degrees."""
    light = SkyLight(air, (0.0, sun), 1.0, BALANCE)
    elevations = (np.arange(HEIGHTS) / (HEIGHTS - 1)) ** 2 * np.pi / 2
    azimuths = (np.arange(AZIMUTHS) / (AZIMUTHS - 1)) ** 2 * np.pi
    sky, _ = light.atmosphere.along(np.radians(sun), elevations, azimuths)
    altitudes = np.linspace(0, 9000, ALTITUDES)
    sunlight = np.stack([np.interp(altitudes, light.sunlight[:, 0], light.sunlight[:, 1 + c]) for c in range(3)], -1)
    # High up the sun sets later; the disc and its rim take half a degree.
    dips = np.degrees(np.arccos(6360e3 / (6360e3 + altitudes)))
    sunlight *= np.clip((sun + dips + 0.9) / 0.9, 0, 1)[:, None]
    columns = [np.asarray(sky[-1] * light.scale)]
    flat = [*sunlight, light.mean, light.mean, light.ground(), light.ground()]
    columns += [np.broadcast_to(each, (HEIGHTS, 1, 3)) for each in flat]
    whole = np.concatenate(columns, axis=1)
    return np.asarray(whole * mean_luminance(sun) / float(light.mean @ REC709_LUMINANCE))


def table() -> np.ndarray:
    suns = [np.sign(n) * 90 * (n / AFTER) ** 2 for n in range(-BEFORE, AFTER + 1)]
    rows = [np.concatenate([tile(air, sun) for air in AIRS], axis=1) for sun in suns]
    whole = np.concatenate(rows).astype(np.float32)
    for first in (0, AZIMUTHS + ALTITUDES + 4):  # the sky alone: clouds stay white
        sky = whole[:, first : first + AZIMUTHS]
        sky[:] = saturated(sky, SATURATION)
    return np.sqrt(np.maximum(whole, 0))[::-1].astype(np.float32)


if __name__ == "__main__":
    path = Path(__file__).parent / "made_to_measure" / "air.exr"
    path.parent.mkdir(exist_ok=True)
    write_exr(table(), path, 5.0)
    print(f"{path.stat().st_size / 1e3:.0f} kB")
