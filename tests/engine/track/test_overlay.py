# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of the sky over the footage lies where the camera sees it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.engine.lens import Lens
from skyar_blender.engine.track.overlay.draw import GridOverlay, Note
from skyar_blender.engine.track.overlay.lines import STEPS, Grid, direction, pixels, seen, seen_around, step_for

WIDTH, HEIGHT, FOCAL = 320, 180, 250.0
LENS = Lens.of(FOCAL, 0.0, WIDTH, HEIGHT)


def camera(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """From world to camera directions; looks to longitude ``yaw``, up by ``pitch`` degrees."""
    turned = Rotation.from_euler("YXZ", [yaw, pitch, roll], degrees=True)
    return np.asarray(turned.as_matrix().T)


@pytest.mark.parametrize("pitch", [-10.0, 0.0, 10.0])
def test_horizon_lies_where_a_pitched_camera_sees_it(pitch: float) -> None:
    pieces = seen(Grid.of(10.0).horizon, camera(pitch=pitch), LENS, WIDTH, HEIGHT)
    middle = (WIDTH - 1) / 2
    near = pieces[(pieces[..., 0].min(axis=1) <= middle) & (pieces[..., 0].max(axis=1) >= middle)]
    assert np.allclose(near[..., 1], (HEIGHT - 1) / 2 + FOCAL * math.tan(math.radians(pitch)), atol=0.5)


def test_lines_go_where_the_world_goes() -> None:
    rotation = camera(yaw=20.0, pitch=5.0, roll=3.0)
    mark = pixels(rotation @ direction(10.0, 20.0), LENS, WIDTH, HEIGHT)
    pieces = seen(Grid.of(10.0).lines, rotation, LENS, WIDTH, HEIGHT)
    assert np.abs(pieces - mark).max(axis=2).min() < 1e-6  # two lines cross there


@pytest.mark.parametrize("distortion", [-0.5, -0.1, 0.25])
def test_lines_bend_as_the_lens_does(distortion: float) -> None:
    distorted = Lens.of(FOCAL, distortion, WIDTH, HEIGHT)
    pieces = seen(Grid.of(10.0).lines, camera(pitch=8.0), distorted, WIDTH, HEIGHT)
    assert np.isfinite(pieces).all()
    centre = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])
    inside = (np.abs(pieces - centre) < centre).all(axis=(1, 2))
    # Taken back through the lens, the pieces are those of a straight one.
    back = distorted.ideal(pieces[inside] - centre) + centre
    wide = Lens.of(FOCAL, 0.0, 20 * WIDTH, 20 * HEIGHT)  # a barrel sees more than the straight image holds
    plain = seen(Grid.of(10.0).lines, camera(pitch=8.0), wide, WIDTH, HEIGHT)
    assert inside.sum() > 20
    assert all(np.abs(plain - piece).max(axis=(1, 2)).min() < 1e-6 for piece in back)
    assert np.abs(pieces[inside] - back).max() > 1


def test_nothing_behind_the_camera_is_drawn() -> None:
    for yaw in range(0, 360, 45):
        pieces = seen(Grid.of(10.0).lines, camera(yaw=yaw, pitch=80.0), LENS, WIDTH, HEIGHT)
        assert len(pieces) and np.isfinite(pieces).all()


def test_a_long_lens_gets_a_finer_grid() -> None:
    assert step_for(FOCAL, WIDTH, HEIGHT) == STEPS[0]
    assert step_for(40 * FOCAL, WIDTH, HEIGHT) == STEPS[-1]


def test_the_grid_is_strong_in_the_sky_faint_on_the_ground_and_tells_confidence() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    matte = np.zeros((HEIGHT, WIDTH), np.uint16)
    matte[: HEIGHT // 2] = 65535
    overlay = GridOverlay(WIDTH, HEIGHT, FOCAL)
    sure, unsure = (overlay.over(image, matte, camera(), LENS, Note(1, c, "scene")) for c in (1.0, 0.0))
    assert (image == 90).all()  # a copy is drawn on
    change = np.abs(sure.astype(int) - 90).sum(axis=2)
    sky, ground = change[40 : HEIGHT // 2 - 15], change[HEIGHT // 2 + 15 :]
    assert sky.max() > 3 * ground.max() > 0
    line = np.unravel_index(int(sky.argmax()), sky.shape)
    assert sure[line[0] + 40, line[1], 1] > sure[line[0] + 40, line[1], 0]  # green
    assert unsure[line[0] + 40, line[1], 0] > unsure[line[0] + 40, line[1], 1]  # red


def test_no_line_jumps_from_one_side_of_a_sphere_to_the_other() -> None:
    for pitch in (0.0, 15.0, 90.0):
        pieces = seen_around(Grid.of(10.0).lines, camera(pitch=pitch), 360, 180)
        steps = np.abs(np.diff(pieces, axis=1))[:, 0]
        assert len(pieces) > 2000 and steps[:, 0].max() <= 45 and steps[:, 1].max() < 4
        assert pieces[..., 0].min() < 0 and pieces[..., 0].max() > 359  # across both ends
