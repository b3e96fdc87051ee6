# SPDX-License-Identifier: GPL-3.0-or-later
"""The sound of a light wind in leaves, from filtered noise (numpy only)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def wind(seconds: float, rate: int, seed: int, loudness: float = 0.055) -> NDArray[np.float32]:
    """Stereo sound (2, n) in [-1, 1] at `rate` samples a second; `loudness` is its root mean square.

    A low rumble and the hiss of leaves, both swelling with slow gusts; the ears hear related, not equal, noise.
    """
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    frequency = np.fft.rfftfreq(count, 1.0 / rate)
    rumble = 1.0 / (1.0 + (frequency / 120.0) ** 2) * (frequency > 30)
    hiss = 0.05 * np.exp(-(np.log2(np.maximum(frequency, 1.0) / 3200.0) ** 2) / 2.2)
    shared = rng.standard_normal((2, count))
    time = np.arange(count) / rate
    gust = 1.0 + 0.35 * np.sin(2 * np.pi * (0.31 * time + 0.1)) + 0.2 * np.sin(2 * np.pi * (0.83 * time + 0.6))
    ears = []
    for _ in range(2):
        noise = 0.6 * shared + 0.8 * rng.standard_normal((2, count))
        low = np.fft.irfft(np.fft.rfft(noise[0]) * rumble, count)
        high = np.fft.irfft(np.fft.rfft(noise[1]) * hiss, count)
        ears.append(low * gust + high * gust**2)
    sound = np.stack(ears)
    sound *= loudness / np.sqrt((sound**2).mean())
    fade = np.clip(np.minimum(time, time[-1] - time) / 0.08, 0, 1)
    return np.asarray(np.clip(sound * fade, -1, 1), dtype=np.float32)
