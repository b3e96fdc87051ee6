# SPDX-License-Identifier: GPL-3.0-or-later
"""Small moving images with exact truth: a far landscape, a near layer with parallax, and a sky of choice."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

SKIES = ("clouds", "overcast", "gradient")


def texture(height: int, width: int, seed: int, coarse: int = 64) -> np.ndarray:
    """Random image with detail at every size, float32, 0..1."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    size, fraction = coarse, 1.0
    while size >= 2:
        small = rng.random((height // size + 2, width // size + 2), np.float32)
        total += fraction * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        size, fraction = size // 2, fraction * 0.7
    return (total - total.min()) / (total.max() - total.min())


@dataclass(frozen=True)
class Move:
    """One frame's camera: rotation, focal length in pixels, sideways offset of the near layer, of the clouds."""

    rotation: np.ndarray
    focal: float
    near: float = 0.0
    clouds: float = 0.0


class Scene:
    """A panorama plane per layer, seen through a rotating camera of ``width`` x ``height`` pixels."""

    def __init__(self, width: int, height: int, sky: str, *, near: bool = True, seed: int = 1, span: float = 3.2):
        self.width, self.height, self.sky_kind, self.near = width, height, sky, near
        self.pad = span
        w, h = int(width * span), int(height * span)
        rng = np.random.default_rng(seed)
        land = texture(h, w, seed + 1, 48)
        self.land = np.stack([40 + 150 * land, 50 + 130 * land, 30 + 110 * land], axis=2).astype(np.float32)
        skyline = h / 2 + height * (
            0.06 - 0.12 * cv2.resize(rng.random((1, 24), np.float32), (w, 1), interpolation=cv2.INTER_CUBIC)[0]
        )
        rows = np.arange(h, dtype=np.float32)[:, None]
        self.matte = np.clip(skyline[None] - rows + 0.5, 0, 1).astype(np.float32)
        lift = (rows / h)[..., None]
        self.sky = np.broadcast_to(np.array([120, 160, 220], np.float32) + 60 * lift, (h, w, 3)).copy()
        if sky == "clouds":
            self.sky += 70 * (texture(h, w, seed + 2, 96)[..., None] - 0.5)
        elif sky == "overcast":
            self.sky[:] = 205
            self.sky += 6 * (cv2.GaussianBlur(texture(h, w, seed + 2, 128), (0, 0), 12)[..., None] - 0.5)
        near_land = texture(h, w, seed + 3, 40)[..., None] * 160 + 20
        self.near_land = np.broadcast_to(near_land, (h, w, 3)).astype(np.float32).copy()
        self.near_edge = h / 2 + height * 0.25
        self.focal = 28 / 36 * max(width, height)

    def _warp(self, layer: np.ndarray, move: Move, shift: float, *, border: int = cv2.BORDER_REFLECT) -> np.ndarray:
        h, w = layer.shape[:2]
        to = np.array([[self.focal, 0, (w - 1) / 2 + shift], [0, self.focal, (h - 1) / 2], [0, 0, 1]])
        camera = np.array([[move.focal, 0, (self.width - 1) / 2], [0, move.focal, (self.height - 1) / 2], [0, 0, 1]])
        inverse = to @ move.rotation.T @ np.linalg.inv(camera)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(layer, inverse, (self.width, self.height), flags=flags, borderMode=border)

    def frame(self, move: Move, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Image (uint8 RGB) and true matte (uint16)."""
        matte = self._warp(self.matte, move, 0.0)[..., None]
        image = self._warp(self.sky, move, move.clouds) * matte + self._warp(self.land, move, 0.0) * (1 - matte)
        if self.near:
            edge = (np.arange(self.matte.shape[0]) > self.near_edge).astype(np.float32)[:, None]
            cover = self._warp(np.repeat(edge, self.matte.shape[1], 1), move, move.near)[..., None]
            image = image * (1 - cover) + self._warp(self.near_land, move, move.near) * cover
        if noise > 0:
            image = image + np.random.default_rng(seed).normal(0, noise, image.shape)
        return np.clip(np.round(image), 0, 255).astype(np.uint8), np.round(matte[..., 0] * 65535).astype(np.uint16)

    def truth(self, first: Move, move: Move) -> np.ndarray:
        """Homography of points at infinity from the frame of ``first`` to that of ``move``, in pixels."""

        def camera(focal: float) -> np.ndarray:
            return np.array([[focal, 0, (self.width - 1) / 2], [0, focal, (self.height - 1) / 2], [0, 0, 1]])

        rotation = move.rotation @ first.rotation.T
        return camera(move.focal) @ rotation @ np.linalg.inv(camera(first.focal))


def turn(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """Rotation matrix of angles in degrees."""
    vector = np.deg2rad(np.array([pitch, yaw, roll], np.float64))
    return np.asarray(cv2.Rodrigues(vector)[0])


def corner_error(found: np.ndarray, truth: np.ndarray, width: int, height: int) -> float:
    """Mean distance in pixels between the corners of the frame taken back to the reference and out again."""
    box = np.array([[[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]], np.float64)
    source = cv2.perspectiveTransform(box, np.linalg.inv(truth))
    return float(np.linalg.norm(cv2.perspectiveTransform(source, found)[0] - box[0], axis=1).mean())
