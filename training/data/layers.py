"""Independently moving objects with soft edges in front of the background."""

import cv2
import numpy as np

from .camera import CameraPath


def random_mask(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Soft-edged random shape, float32 [H, W] in [0, 1], empty at the border."""
    height, width = size
    if rng.random() < 0.5:  # ragged blob: smooth noise above a threshold
        cells = int(rng.integers(4, 8))
        noise = cv2.resize(rng.random((cells, cells), dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        mask = (noise * np.clip(1.6 - 1.7 * np.hypot(x, y), 0, 1) > 0.3).astype(np.float32)
    else:  # convex polygon: straight edges, like most made things
        mask = np.zeros(size, np.float32)
        angle = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 9))))
        radius = rng.uniform(0.5, 0.9) * np.array([width, height]) / 2
        points = np.stack([np.cos(angle), np.sin(angle)], 1) * radius + np.array([width, height]) / 2
        cv2.fillConvexPoly(mask, points.astype(np.int32), 1.0, cv2.LINE_AA)
    mask[:4], mask[-4:], mask[:, :4], mask[:, -4:] = 0, 0, 0, 0
    return cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(0.6, 1.6)))


class MovingLayer:
    """A textured shape with its own path; ``light`` is premultiplied RGBA in linear light."""

    def __init__(self, rng: np.random.Generator, light: np.ndarray, frame_size: tuple[int, int], frames: int,
                 speed: float) -> None:
        mask = random_mask(rng, light.shape[:2])[..., None]
        self.light = np.concatenate([light * mask, mask], axis=2)
        self.path = CameraPath(rng, frame_size, light.shape[:2], frames, speed)
        offset = rng.uniform(-0.35, 0.35, 2) * np.array([frame_size[1], frame_size[0]])
        self.offset = np.array([[1, 0, offset[0]], [0, 1, offset[1]], [0, 0, 1]])

    def homography(self, t: float) -> np.ndarray:
        """Frame pixel to layer pixel at time ``t``."""
        return self.offset @ self.path.homography(t)

    def paint(self, picture: np.ndarray, t: float) -> np.ndarray:
        """``picture`` (linear light [H, W, 3]) with the layer in front at time ``t``."""
        size = (picture.shape[1], picture.shape[0])
        layer = cv2.warpPerspective(self.light, self.homography(t), size,
                                    flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0)
        return picture * (1 - layer[..., 3:]) + layer[..., :3]

    def coverage(self, size: tuple[int, int], t: float) -> np.ndarray:
        """Where the layer hides what is behind it, bool [H, W]."""
        alpha = cv2.warpPerspective(np.ascontiguousarray(self.light[..., 3]), self.homography(t), size[::-1],
                                    flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0)
        return alpha > 0.5
