# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting together in torch gives what the processor gives, within a tolerance; here on torch's own processor."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")

from support.torch_device import chosen_device, one_thread  # noqa: E402, F401

from skyar_blender.contract.job import Look  # noqa: E402
from skyar_blender.contract.option import options_of  # noqa: E402
from skyar_blender.engine.composite.light import Light  # noqa: E402
from skyar_blender.engine.composite.look import Layers, composite  # noqa: E402
from skyar_blender.engine.composite.on_device import composite_on  # noqa: E402

SIZE = 300, 170
LIGHT = Light((1.2, 0.95, 0.8), 0.7, (0.6, 0.5, 0.4), 0.3)
LOOKS = {
    "as it comes": Look(),
    "nothing": Look(mix=0.0),
    "edges": Look(matte_shift=3.0, matte_feather=4.5, clean_edges=0.5, mix=0.8),
    "edges shrunk": Look(matte_shift=-4.0, sky_blur=6.0, sky_exposure=-0.5, exposure_match=0.4),
    "light": Look(relight=0.5, recolour=1.0, light_falloff=0.5, foreground_exposure=0.4, light_wrap=0.8),
    "air": Look(haze=0.6, rain=0.7, reflections=0.8, grain=2.0),
}


def soft(seed: int, size: tuple[int, int], deep: float = 8.0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 1, size[::-1]).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), deep)
    return np.asarray(np.clip(0.5 + noise / noise.std() / 3, 0, 1), np.float32)


@pytest.fixture(scope="module")
def shot() -> tuple[np.ndarray, Layers]:
    frame = np.dstack([np.rint(255 * soft(seed, SIZE, 2)) for seed in (1, 2, 3)]).astype(np.uint8)
    matte = np.clip(4 * soft(4, SIZE) - 1.5, 0, 1)
    layers = Layers(
        matte,
        np.dstack([2 * soft(seed, SIZE) ** 2 for seed in (5, 6, 7)]),
        np.dstack([soft(seed, SIZE, 20) for seed in (8, 9, 10)]),
        sky_visibility=soft(11, (96, 54)),
        grain=soft(12, SIZE, 1),
        grain_colour=(0.02, 0.03, 0.04),
        rain=soft(13, SIZE, 2) * 0.3,
        mirror=(np.dstack([2 * soft(seed, SIZE) for seed in (14, 15, 16)]), soft(17, SIZE)),
    )
    return frame, layers


def test_each_slider_is_among_the_looks():
    sliders = [each for each in options_of(Look, "look") if each.affects == "look"]
    assert [
        each.field for each in sliders if all(getattr(look, each.field) == each.default for look in LOOKS.values())
    ] == []


@pytest.mark.parametrize("name", LOOKS)
def test_both_put_together_alike(shot, name):
    """Within 1/255."""
    frame, layers = shot
    one = composite(frame, layers, LOOKS[name], LIGHT)
    other = composite_on(chosen_device())(frame, layers, LOOKS[name], LIGHT)
    assert other.shape == one.shape and other.dtype == np.uint8
    assert np.abs(one.astype(int) - other).max() <= 1
    assert (one != other).mean() < 0.02
    assert (other == frame).all() == (name == "nothing")


@pytest.mark.parametrize(
    "changed",
    [
        {"plate": None, "sky_visibility": None, "grain": None, "rain": None, "mirror": None},
        {"sky_visibility": soft(18, SIZE, 20), "area": soft(19, SIZE), "mirror": None},
    ],
    ids=["little known", "an area"],
)
def test_both_put_other_layers_together_alike(shot, changed):
    """Within 1/255."""
    frame, layers = shot[0], replace(shot[1], **changed)
    look = Look(relight=0.5, recolour=1.0, haze=0.3, rain=0.2, light_wrap=0.3)
    one, other = composite(frame, layers, look, LIGHT), composite_on(chosen_device())(frame, layers, look, LIGHT)
    assert np.abs(one.astype(int) - other).max() <= 1


def test_without_room_the_processor_puts_together_and_that_is_told(shot, monkeypatch):
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr("skyar_blender.engine.composite.on_device._composite", full)
    device = chosen_device()
    assert (composite_on(device)(*shot, Look(), LIGHT) == composite(*shot, Look(), LIGHT)).all()
    assert device.short_of_memory() == {"preview": "some on the processor"}
