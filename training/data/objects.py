"""Things that move before the background: thin, fast, perforated or large, each with a path and soft edges."""

import cv2
import numpy as np

from .camera import CameraPath, transform
from .layers import random_mask

SHAPES = ("patch", "bar", "limb", "ball", "fence", "foliage", "caption")


def shape_mask(rng: np.random.Generator, shape: str, size: tuple[int, int]) -> np.ndarray:
    """Soft-edged mask of a shape, float32 [H, W] in [0, 1], empty at the border; ``size`` is the box that it fills."""
    height, width = size
    if shape == "patch":
        return random_mask(rng, size)
    mask = np.zeros(size, np.float32)
    inside = lambda: (float(rng.uniform(0.08, 0.92) * width), float(rng.uniform(0.08, 0.92) * height))
    point = lambda p: (round(8 * p[0]), round(8 * p[1]))  # three fractional bits
    if shape == "bar":  # a pole, a cable, a bat
        angle, half = rng.uniform(0, np.pi), 0.46 * min(height, width)
        step = np.array([np.cos(angle), np.sin(angle)]) * half
        centre = np.array([width / 2, height / 2])
        cv2.line(mask, point(centre - step), point(centre + step), 1.0, int(rng.integers(2, 15)), cv2.LINE_AA, 3)
    elif shape == "limb":
        joints = [inside() for _ in range(int(rng.integers(3, 5)))]
        thickness = int(rng.integers(8, 34))
        for a, b in zip(joints, joints[1:]):
            cv2.line(mask, point(a), point(b), 1.0, thickness, cv2.LINE_AA, 3)
    elif shape == "ball":
        cv2.circle(mask, point((width / 2, height / 2)), round(8 * 0.44 * min(height, width)), 1.0, -1, cv2.LINE_AA, 3)
    elif shape == "fence":
        gap, thickness = rng.uniform(10, 44), int(rng.integers(1, 5))
        angle = rng.choice([0, np.pi / 4, rng.uniform(0, np.pi)])
        reach = np.hypot(height, width)
        for turn in (angle, angle + np.pi / 2)[: int(rng.integers(1, 3))]:
            along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            for k in np.arange(-reach / 2, reach / 2, gap):
                middle = np.array([width / 2, height / 2]) + k * across
                cv2.line(mask, point(middle - reach * along), point(middle + reach * along), 1.0, thickness, cv2.LINE_AA, 3)
    elif shape == "foliage":
        cells = max(4, int(max(size) / rng.uniform(5, 14)))
        noise = cv2.resize(rng.random((cells, cells), dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        mask = (noise * np.clip(1.7 - 1.7 * np.hypot(x, y), 0, 1) > rng.uniform(0.3, 0.55)).astype(np.float32)
    elif shape == "caption":
        scale = float(rng.uniform(0.5, 1.6))
        word = "".join(chr(97 + int(rng.integers(26))) for _ in range(max(2, int(width / (20 * scale)))))
        letters = np.zeros(size, np.uint8)  # OpenCV 5 writes into bytes only
        cv2.putText(letters, word, (6, height // 2), cv2.FONT_HERSHEY_DUPLEX, scale, 255, int(rng.integers(1, 4)), cv2.LINE_AA)
        mask = letters.astype(np.float32) / 255
    mask[:4], mask[-4:], mask[:, :4], mask[:, -4:] = 0, 0, 0, 0
    # A caption is drawn into the picture; everything else has an edge that the lens softens.
    return mask if shape == "caption" else np.minimum(cv2.GaussianBlur(mask, (0, 0), float(np.exp(rng.uniform(np.log(0.4), np.log(2.5))))), 1)


class MovingObject:
    """A textured shape with its own path; ``light`` is premultiplied RGBA in linear light.

    ``world``: the camera's path when the object stands in the scene and shares its motion, None when it is fixed to the
    camera but for its own.
    """

    def __init__(self, rng: np.random.Generator, light: np.ndarray, mask: np.ndarray, frame_size: tuple[int, int],
                 frames: int, speed: float, world: CameraPath | None = None) -> None:
        self.light = np.ascontiguousarray(np.concatenate([light * mask[..., None], mask[..., None]], axis=2))
        self.path = CameraPath(rng, frame_size, mask.shape, frames, speed, drift=float(rng.uniform(0.2, 1)),
                               tremor=float(rng.uniform(0.15, 0.45)))
        self.world, self.middle_time = world, (frames - 1) / 2
        offset = rng.uniform(-0.45, 0.45, 2) * np.array([frame_size[1], frame_size[0]])
        self.offset = np.array([[1, 0, offset[0]], [0, 1, offset[1]], [0, 0, 1]])
        x, y, width, height = cv2.boundingRect((mask > 1e-3).astype(np.uint8))
        self.box = np.array([[x + a * width, y + b * height] for a in (-0.01, 1.01) for b in (-0.01, 1.01)])

    def homography(self, t: float) -> np.ndarray:
        """Frame pixel to object pixel at time ``t``."""
        own = self.offset @ self.path.homography(t)
        return own if self.world is None else own @ self.world.motion(t, self.middle_time)

    def motion(self, start: float, end: float) -> np.ndarray:
        """3×3: where a pixel of the object, seen at time ``start``, is at time ``end``."""
        return np.linalg.inv(self.homography(end)) @ self.homography(start)

    def displacement(self, start: float, end: float) -> np.ndarray:
        """Pixels that the corners of its box move between two times."""
        corners = lambda t: transform(np.linalg.inv(self.homography(t)), self.box)
        return np.linalg.norm(corners(end) - corners(start), axis=1)

    def seen(self, size: tuple[int, int], t: float) -> tuple[tuple[slice, slice], np.ndarray] | None:
        """Slices of the frame (rows, columns) that the object may cover at time ``t``, and RGBA there; None when it is outside."""
        homography = self.homography(t)
        corners = transform(np.linalg.inv(homography), self.box)
        left, top = np.maximum(np.floor(corners.min(0)), 0).astype(int)
        right, bottom = np.minimum(np.ceil(corners.max(0)) + 1, size[::-1]).astype(int)
        if left >= right or top >= bottom:
            return None
        shift = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]])
        # Cubic like the background: what stands still must not come out softer than what it is learnt from.
        rgba = cv2.warpPerspective(self.light, homography @ shift, (int(right - left), int(bottom - top)),
                                   flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderValue=0)
        np.clip(rgba[..., 3], 0, 1, out=rgba[..., 3])
        return (slice(top, bottom), slice(left, right)), rgba

    def paint(self, picture: np.ndarray, t: float) -> np.ndarray:
        """``picture`` (linear light [H, W, 3], changed in place) with the object in front at time ``t``."""
        seen = self.seen(picture.shape[:2], t)
        if seen is not None:
            area, rgba = seen
            picture[area] *= 1 - rgba[..., 3:]
            picture[area] += np.maximum(rgba[..., :3], 0)
        return picture

    def coverage(self, size: tuple[int, int], t: float) -> np.ndarray:
        """Where the object hides what is behind it, bool [H, W]."""
        hidden, seen = np.zeros(size, bool), self.seen(size, t)
        if seen is not None:
            hidden[seen[0]] = seen[1][..., 3] > 0.5
        return hidden
