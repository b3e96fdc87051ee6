# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds of a panorama drift at their distance; the sun, the clear sky and the horizon stay."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from skyar_blender.common.sky_library import moves
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.engine.sky.load import LoadedSky, load_sky, oriented_anew
from skyar_blender.engine.sphere.views import looking

WIDTH, HEIGHT = 2048, 1024
SPEED, ABOVE, SECONDS = 10.0, 1000.0, 40.0
SUN = (60.0, 30.0)
TABLE = f"[drift]\nheading = 90.0\nspeed = {SPEED}\nheight = {ABOVE}\nseconds = {SECONDS}\ndissolve = 10.0\n"


def directions() -> tuple[np.ndarray, np.ndarray]:
    """Azimuth and elevation of each pixel, radians."""
    azimuth = ((np.arange(WIDTH) + 0.5) / WIDTH - 0.5) * 2 * np.pi
    elevation = (0.5 - (np.arange(HEIGHT) + 0.5) / HEIGHT) * np.pi
    return np.meshgrid(azimuth, elevation)


def clear() -> np.ndarray:
    """A sky that changes with the direction alone, (HEIGHT, WIDTH, 3)."""
    azimuth, elevation = directions()
    return np.stack(
        [0.3 + 0.1 * np.cos(azimuth) * np.cos(elevation), 0.5 - 0.1 * np.sin(elevation), 0.7 + 0 * azimuth], axis=-1
    ).astype(np.float32)


def bump(azimuth: float, elevation: float, wide: float = 2.5) -> np.ndarray:
    """1 in a direction (degrees), 0 far from it."""
    a, e = directions()
    cosine = np.sin(e) * math.sin(math.radians(elevation)) + np.cos(e) * math.cos(math.radians(elevation)) * np.cos(
        a - math.radians(azimuth)
    )
    return np.exp(-((np.degrees(np.arccos(np.clip(cosine, -1, 1))) / wide) ** 2)).astype(np.float32)


def write(path: Path, **planes: np.ndarray) -> None:
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(
        header, {name: np.ascontiguousarray(plane, np.float32) for name, plane in planes.items()}
    ) as file:
        file.write(str(path))


@pytest.fixture
def sky(tmp_path: Path) -> str:
    """A clear sky with its sun, and one white cloud straight ahead at 45 degrees."""
    cover = bump(0.0, 45.0)
    image = clear() * (1 - cover[..., None]) + cover[..., None]
    azimuth, elevation = directions()
    near = np.degrees(
        np.hypot((azimuth - math.radians(SUN[0])) * math.cos(math.radians(SUN[1])), elevation - math.radians(SUN[1]))
    )
    image += 300 * np.clip(1.4 - near / 0.3, 0, 1)[..., None]
    write(tmp_path / "bay.exr", RGB=image.astype(np.float16).astype(np.float32))
    still, upper = clear()[: HEIGHT // 2], slice(0, HEIGHT // 2)
    rate = np.sin(np.maximum(elevation[upper], 0.005)) / (ABOVE / 1000)
    write(tmp_path / "drift.exr", R=still[..., 0], G=still[..., 1], B=still[..., 2], A=cover[upper], N=rate)
    description = f"sun_direction = [{SUN[0]}, {SUN[1]}]\nmean_luminance = 0.4\n"
    (tmp_path / "bay.toml").write_text(f'{description}{TABLE}file = "drift.exr"\n')
    return str(tmp_path / "bay.exr")


def seen(loaded: LoadedSky, seconds: float, azimuth: float, elevation: float, focal: float = 300.0) -> np.ndarray:
    return loaded.at(seconds).view(looking(azimuth, elevation), focal, 240, 160)


def middle_of(view: np.ndarray) -> tuple[float, float]:
    """Column and row of the middle of what differs."""
    rows, columns = np.indices(view.shape)
    return float((columns * view).sum() / view.sum()), float((rows * view).sum() / view.sum())


def test_it_begins_as_the_picture_is(sky: str) -> None:
    moving, still = load_sky(Sky(source=sky)), load_sky(Sky(source=sky, speed=0.0))
    assert moving.moves and moves(sky) and not still.moves
    for azimuth, elevation in ((0, 45), SUN, (180, 5), (90, 80)):
        one, other = seen(moving, 0.0, azimuth, elevation), seen(still, 0.0, azimuth, elevation)
        # At the disc's rim pixels of the view mix light and sky in another order.
        assert np.abs(np.minimum(one, 2) - np.minimum(other, 2)).max() < (
            0.8 if (azimuth, elevation) == SUN else 0.01
        )


def test_a_cloud_drifts_as_far_as_the_wind_takes_it(sky: str) -> None:
    seconds = 20.0
    column, _ = middle_of(np.clip(seen(load_sky(Sky(source=sky)), seconds, 0.0, 45.0)[..., 0] - 0.42, 0, None))
    # It stood 1 km straight ahead and 1 km up, and has gone 200 m to the right.
    angle = math.degrees(math.atan2(SPEED * seconds / 1000, math.sqrt(2)))
    assert math.degrees(math.atan((column - 119.5) / 300)) == pytest.approx(angle, abs=0.7)


def test_the_clear_sky_and_the_sun_stay(sky: str) -> None:
    loaded = load_sky(Sky(source=sky))
    for seconds in (7.0, 19.0, 33.0, 39.0):
        apart = seen(loaded, seconds, 120.0, 35.0) - seen(loaded, 0.0, 120.0, 35.0)
        assert np.abs(apart).max() < 0.002
        disc = [np.clip(seen(loaded, each, *SUN)[..., 1] - 5, 0, None) for each in (0.0, seconds)]
        assert middle_of(disc[1]) == pytest.approx(middle_of(disc[0]), abs=0.02)
        assert disc[1].sum() == pytest.approx(disc[0].sum(), rel=0.02)


def test_a_cloud_hides_the_disc_when_it_comes_before_it(tmp_path: Path, sky: str) -> None:
    # With a wind that brings it there: from straight ahead at 45 degrees to the sun's place on the same layer.
    ahead, up = math.radians(SUN[0]), math.tan(math.radians(SUN[1]))
    right, forward = math.sin(ahead) / up, math.cos(ahead) / up - 1
    heading, far = math.degrees(math.atan2(right, forward)), math.hypot(right, forward) * 1000
    text = (tmp_path / "bay.toml").read_text().replace("heading = 90.0", f"heading = {heading}")
    (tmp_path / "bay.toml").write_text(text.replace(f"speed = {SPEED}", f"speed = {far / 10}"))
    loaded = load_sky(Sky(source=sky))
    before, there = (seen(loaded, seconds, *SUN).max() for seconds in (0.0, 10.0))
    assert there < 0.3 * before


def test_it_comes_round_without_a_step(sky: str) -> None:
    loaded = load_sky(Sky(source=sky))
    for azimuth, elevation in ((0, 45), SUN):
        first = seen(loaded, 0.0, azimuth, elevation)
        assert np.array_equal(seen(loaded, SECONDS, azimuth, elevation), first)
        assert (
            np.abs(np.minimum(seen(loaded, SECONDS - 0.04, azimuth, elevation), 2) - np.minimum(first, 2)).max()
            < 0.05
        )
        # While it dissolves, it is never brighter than either.
        assert np.minimum(seen(loaded, SECONDS - 5, azimuth, elevation), 2).max() <= max(2.0, first.max())


def test_below_and_at_the_horizon_nothing_moves(sky: str) -> None:
    loaded = load_sky(Sky(source=sky))
    assert np.allclose(seen(loaded, 25.0, 200.0, -20.0), seen(loaded, 0.0, 200.0, -20.0), atol=1e-4)


def test_a_draft_looks_it_up_less_finely_and_sees_next_to_the_same(sky: str) -> None:
    fine, rough = (
        seen(load_sky(Sky(source=sky), roughly=roughly), 12.0, 0.0, 45.0, float(WIDTH)) for roughly in (False, True)
    )
    off = np.abs(fine - rough)
    assert 0 < off.mean() < 0.001 and off.max() < 0.02


def test_any_moment_is_the_same_whatever_was_asked_for_before(sky: str) -> None:
    one, other = load_sky(Sky(source=sky)), load_sky(Sky(source=sky))
    seen(one, 3.0, 0.0, 45.0)
    assert np.array_equal(seen(one, 12.5, 5.0, 40.0), seen(other, 12.5, 5.0, 40.0))


def test_start_speed_mirror_and_brightness(sky: str) -> None:
    plain = load_sky(Sky(source=sky))
    assert np.array_equal(
        seen(load_sky(Sky(source=sky, start=4.0, speed=2.0)), 3.0, 0.0, 45.0), seen(plain, 10.0, 0.0, 45.0)
    )
    mirrored = seen(load_sky(Sky(source=sky, mirror=True)), 10.0, 0.0, 45.0)
    assert np.allclose(mirrored[:, ::-1], seen(plain, 10.0, 0.0, 45.0), atol=2e-3)
    darker = seen(load_sky(Sky(source=sky, exposure=-1.0)), 10.0, 0.0, 45.0)
    assert np.allclose(darker, 0.5 * seen(plain, 10.0, 0.0, 45.0), atol=2e-3)


def test_turned_and_raised(sky: str) -> None:
    plain = load_sky(Sky(source=sky))
    turned = oriented_anew(plain.at(10.0), Sky(source=sky, rotation=30.0))
    assert np.allclose(turned.view(looking(30, 45), 300.0, 240, 160), seen(plain, 10.0, 0.0, 45.0), atol=2e-3)
    raised = oriented_anew(plain.at(10.0), Sky(source=sky, raised=10.0))
    assert not np.allclose(raised.view(looking(0, 45), 300.0, 240, 160), seen(plain, 10.0, 0.0, 45.0), atol=0.05)


def test_overhead_there_is_no_tear(sky: str) -> None:
    """Where the place that a cloud comes from passes straight up, neighbours stay neighbours."""
    view = seen(load_sky(Sky(source=sky)), 30.0, 90.0, 75.0, 150.0)
    assert np.abs(np.diff(view, axis=1)).max() < 0.05 and np.abs(np.diff(view, axis=0)).max() < 0.05


def test_without_a_file_all_of_the_sky_drifts_as_one_layer(tmp_path: Path, sky: str) -> None:
    (tmp_path / "bay.toml").write_text(f"mean_luminance = 0.4\n{TABLE}")
    loaded = load_sky(Sky(source=sky))
    column, _ = middle_of(np.clip(seen(loaded, 20.0, 0.0, 45.0)[..., 0] - 0.42, 0, None))
    assert math.degrees(math.atan((column - 119.5) / 300)) == pytest.approx(
        math.degrees(math.atan2(0.2, 2**0.5)), abs=0.7
    )


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("speed = 10.0", "speed = true"),
        ("height = 1000.0", "height = 0"),
        ("seconds = 40.0", "seconds = -1"),
        ("dissolve = 10.0", "dissolve = 41.0"),
        ('file = "drift.exr"', 'file = "../drift.exr"'),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, sky: str, wrong: str, what: str) -> None:
    path = tmp_path / "bay.toml"
    path.write_text(path.read_text().replace(wrong, what))
    with pytest.raises(SkyarError) as caught:
        load_sky(Sky(source=sky))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE and "drift" in caught.value.why.lower()


def test_a_file_without_the_channels_is_no_drift(tmp_path: Path, sky: str) -> None:
    write(tmp_path / "drift.exr", RGB=clear()[: HEIGHT // 2])
    with pytest.raises(SkyarError) as caught:
        load_sky(Sky(source=sky))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE and "channels" in caught.value.why
