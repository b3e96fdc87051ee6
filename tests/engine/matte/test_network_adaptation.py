# SPDX-License-Identifier: GPL-3.0-or-later
"""What a clip teaches helps where the network is in doubt, and never outvotes it where it is sure."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skyar_blender.engine.matte.hints import Hints
from skyar_blender.engine.matte.network.adaptation import fit_adaptation, mixed, sure_places
from skyar_blender.engine.matte.network.interface import Prediction

HEIGHT, WIDTH = 216, 384
SKY, GROUND = np.array([140, 175, 225]), np.array([95, 85, 60])


def scene(seed: int = 0, sky: np.ndarray = SKY, ground: np.ndarray = GROUND) -> np.ndarray:
    """Sky above, rough ground below."""
    random = np.random.default_rng(seed)
    image = np.broadcast_to(sky, (HEIGHT, WIDTH, 3)) + random.normal(0, 1.5, (HEIGHT, WIDTH, 3))
    image[120:] = ground + random.normal(0, 14, (HEIGHT - 120, WIDTH, 3))
    return np.clip(image, 0, 255).astype(np.uint8)


def answer(sure: float = 6.0) -> np.ndarray:
    logits = np.full((HEIGHT, WIDTH), sure, np.float32)
    logits[120:] = -sure
    return logits


@given(
    network=arrays(np.float32, 50, elements=st.floats(-40, 40, width=32)),
    learnt=arrays(np.float32, 50, elements=st.floats(-40, 40, width=32)),
)
def test_the_sure_network_wins(network, learnt):
    after = mixed(network, learnt)
    sure = np.abs(network) > 3.476
    assert (np.abs(after - network)[sure] < 0.75).all()
    assert (np.sign(after) == np.sign(network))[sure].all()
    assert (((after - network) * learnt) >= 0).all()


def test_doubt_is_settled_by_the_clips_colours():
    image, logits = scene(), answer()
    logits[:, 250:] *= 0.1  # the right of the image is in doubt
    logits[30:60, 300:360] = -0.4  # and a part of its sky is wrong
    found = Prediction(image, logits)
    adaptation = fit_adaptation([found] * 3, [None] * 3)
    assert adaptation is not None
    after = adaptation.applied(found)
    assert (after[30:60, 300:360] > 0).mean() > 0.99
    assert (after[140:, 250:] < -1).mean() > 0.99


def test_a_white_facade_that_the_network_knows_stays_ground():
    image, logits = scene(sky=np.array([235, 236, 238])), answer()
    image[130:200, 100:300] = (235, 236, 238)  # as the sky, to the last bit
    found = Prediction(image, logits)
    adaptation = fit_adaptation([found] * 3, [None] * 3)
    after = logits if adaptation is None else adaptation.applied(found)
    assert (after[130:200, 100:300] < -3).all()


def test_no_adaptation_where_colours_do_not_tell():
    image = np.clip(np.random.default_rng(0).normal(12, 3, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8)
    logits = answer() * np.where(np.random.default_rng(1).random((HEIGHT, WIDTH)) < 0.5, 1, -1).astype(np.float32)
    assert fit_adaptation([Prediction(image, logits)], [None]) is None


def test_no_adaptation_without_sky_or_without_ground_or_without_anything_sure():
    for sign in (1.0, -1.0):
        found = Prediction(scene(), np.full((HEIGHT, WIDTH), 6 * sign, np.float32))
        assert fit_adaptation([found], [None]) is None
    assert fit_adaptation([Prediction(scene(), answer(1.0))], [None]) is None


def test_what_the_artist_marked_is_learnt():
    """A lake as blue as the sky, in doubt in every frame, is marked in one: then it is ground in the others."""
    image, logits = scene(), answer()
    lake = np.array([125, 160, 205])
    image[150:190, 60:330] = lake + np.random.default_rng(9).normal(0, 6, (40, 270, 3))
    logits[150:190, 60:330] = 0.5
    found = Prediction(image, logits)
    none = np.zeros((HEIGHT, WIDTH), bool)
    marked = none.copy()
    marked[155:185, 80:300] = True
    adaptation = fit_adaptation([found] * 3, [Hints(none, marked), None, None])
    assert adaptation is not None
    after = adaptation.applied(found)
    assert (after[152:188, 62:328] < 0).mean() > 0.95 and (after[:110] > 3).all()


def test_small_pieces_of_sure_sky_are_no_seeds():
    """Lit windows that the network takes for sky teach nothing; nor does what it is in doubt about."""
    logits = answer()
    logits[160:170, 20:60] = 5.0
    logits[10:20, 20:60] = 3.0
    expected = np.ones((HEIGHT, WIDTH), bool)
    expected[160:170, 20:60] = expected[10:20, 20:60] = False
    assert (sure_places(logits) == expected).all()
