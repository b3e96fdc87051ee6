# SPDX-License-Identifier: GPL-3.0-or-later
"""Dense motion between two small grey images, in torch: dense inverse search (Kroeger et al. 2016).

Patches that overlap are searched for from the coarsest level of a pyramid to the finest, a quarter of the size, each
less its mean, so that a change of exposure is no motion. What the patches over a pixel say is averaged by how well
each fits there.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from ...tensors.resizing import enlarged, reduced
from ...tensors.sampling import sampled

#: Halvings from the images to the finest level, and the least short side of the coarsest.
_FINEST = 2
_COARSEST = 10
#: Width of a patch, and how far the next one is, in pixels of a level; how often a level is searched.
_PATCH = 8
_APART = 4
_SEARCHES = 8
#: Of a patch, squared grey levels per pixel that are no texture yet.
_TEXTURE = 1.0


def motion(now: Tensor, before: Tensor) -> Tensor:
    """By how many pixels (across, down) each pixel of ``now`` was elsewhere in ``before``: (2, h, w).

    Both are (h, w), float32, grey levels, at least 32 pixels wide and high.
    """
    levels = [(now, before)]
    while min(levels[-1][0].shape) >= 2 * _COARSEST or len(levels) <= _FINEST:
        size = max(_PATCH, levels[-1][0].shape[1] // 2), max(_PATCH, levels[-1][0].shape[0] // 2)
        levels.append((reduced(levels[-1][0], size), reduced(levels[-1][1], size)))
    flow = now.new_zeros(2, *levels[-1][0].shape)
    for one, other in reversed(levels[_FINEST:]):
        flow = _searched(one, other, _scaled(flow, one))
    return _scaled(flow, now)


def _scaled(flow: Tensor, image: Tensor) -> Tensor:
    """``flow`` at the size of ``image``, in its pixels."""
    (height, width), (h, w) = image.shape, flow.shape[-2:]
    return enlarged(flow, (width, height)) * flow.new_tensor([width / w, height / h])[:, None, None]


class _Patches:
    """The patches of one level: all (patch's pixels, patches), or (patches,) where one number says all."""

    def __init__(self, now: Tensor, before: Tensor) -> None:
        height, width = now.shape
        self._before = before
        self._whole = height + (_PATCH - height) % _APART, width + (_PATCH - width) % _APART
        columns = torch.arange(width, device=now.device, dtype=torch.float32).expand(height, width)
        rows = torch.arange(height, device=now.device, dtype=torch.float32)[:, None].expand(height, width)
        across, down = _slopes(now)
        self._now, self._columns, self._rows, across, down = self.of(torch.stack([now, columns, rows, across, down]))
        self._across, self._down = across - across.mean(0), down - down.mean(0)
        least = _TEXTURE * _PATCH**2
        a, b, c = (self._across**2).sum(0) + least, (self._across * self._down).sum(0), (self._down**2).sum(0) + least
        determinant = a * c - b * b
        self._inverse = torch.stack([c, -b, a]) / determinant

    def of(self, images: Tensor) -> Tensor:
        """The patches of (n, h, w): (n, patch's pixels, patches); beyond the image its border goes on."""
        more = (0, self._whole[1] - images.shape[-1], 0, self._whole[0] - images.shape[-2])
        wide = functional.pad(images[None], more, mode="replicate")[0]
        return functional.unfold(wide[:, None], _PATCH, stride=_APART)

    def apart(self, flow: Tensor) -> Tensor:
        """By how much ``before`` differs where the patches are moved by ``flow`` (2, patches)."""
        return sampled(self._before, self._columns + flow[0], self._rows + flow[1]) - self._now

    def step(self, apart: Tensor) -> Tensor:
        """By how much (2, patches) the patches have to move less."""
        first, second = (self._across * apart).sum(0), (self._down * apart).sum(0)
        p, q, r = self._inverse
        return torch.stack([p * first + q * second, q * first + r * second])

    def averaged(self, flow: Tensor) -> Tensor:
        """What the patches say of each pixel: (2, h, w)."""
        counts = 1 / self.apart(flow).abs().clamp(min=1)
        both = torch.cat([counts[None], flow[:, None] * counts])
        total = functional.fold(both, self._whole, _PATCH, stride=_APART)[:, 0]
        height, width = self._before.shape
        return (total[1:] / total[0])[:, :height, :width]


def _searched(now: Tensor, before: Tensor, flow: Tensor) -> Tensor:
    patches = _Patches(now, before)
    start = patches.of(flow)[:, (_PATCH + 1) * _PATCH // 2]
    best, least = start, None
    tried, pace = start, torch.ones_like(start[0])
    for _ in range(_SEARCHES):
        apart = patches.apart(tried)
        error = (apart - apart.mean(0)).square().sum(0)
        if least is None:
            better = torch.ones_like(error, dtype=torch.bool)
            least, step = error, patches.step(apart)
        else:
            better = error < least
            least = torch.where(better, error, least)
            step = torch.where(better, patches.step(apart), step)
        best = torch.where(better, tried, best)
        pace = torch.where(better, 1.0, pace / 2)
        tried = best - step * pace
    # What ran away from where it began is not found.
    far = (best - start).square().sum(0) > _PATCH**2
    return patches.averaged(torch.where(far, start, best))


def _slopes(image: Tensor) -> tuple[Tensor, Tensor]:
    """Central differences, across and down."""
    wide = functional.pad(image[None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
    return (wide[1:-1, 2:] - wide[1:-1, :-2]) / 2, (wide[2:, 1:-1] - wide[:-2, 1:-1]) / 2
