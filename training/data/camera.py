"""The camera's continuous path over a clip, as homographies."""

import numpy as np

# Rough displacement in pixels that one unit of each component should cause, so
# that the random mix below weighs rotation, translation and zoom alike.
COMPONENTS = ("yaw", "pitch", "roll", "right", "down", "zoom")


class CameraPath:
    """A smooth path: constant drift plus hand shake, in six components.

    ``homography(t)`` maps frame pixels to canvas pixels at time ``t``, in frames.
    The path is scaled so that picture points move ``speed`` pixels a frame on average.
    """

    def __init__(self, rng: np.random.Generator, size: tuple[int, int], canvas_size: tuple[int, int], frames: int,
                 speed: float, density: float = 1.0, drift: float = 0.6, tremor: float = 0.3) -> None:
        """``size``, ``canvas_size``: (height, width); ``density``: canvas pixels a frame pixel;
        ``drift``: share of steady motion, the rest is shake of up to ``tremor`` cycles a frame."""
        height, width = size
        self.size = size
        self.density = density
        self.focal = rng.uniform(0.9, 2.2) * max(width, 384)
        # A training crop is a part of a larger frame: its optical axis lies anywhere near it.
        self.axis = np.array([rng.normal(width / 2, width / 4), rng.normal(height / 2, height / 4)])
        self.centre = np.array([canvas_size[1], canvas_size[0]]) / 2
        self.middle_time = (frames - 1) / 2

        weights = np.abs(rng.normal(size=6)) * np.array([1, 1, 0.5, 0.6, 0.6, 0.3])
        lever = max(height, width) / 3
        pixels_to_unit = np.array([1 / self.focal, 1 / self.focal, 1 / lever, 1, 1, 1 / lever])
        signs = rng.choice([-1.0, 1.0], size=6)
        self.amplitude = weights * pixels_to_unit
        self.drift = signs * drift * rng.uniform(0.5, 1, size=6)
        self.shake_frequency = rng.uniform(0.04, tremor, size=(6, 3))  # cycles a frame
        self.shake_phase = rng.uniform(0, 2 * np.pi, size=(6, 3))
        # Hand tremor falls with frequency; dividing by it gives every sine the same speed.
        self.shake = (1 - drift) * rng.normal(size=(6, 3)) / (2 * np.pi * self.shake_frequency)
        self.scale = 1.0
        for _ in range(3):  # the speed is almost linear in the scale
            measured = self.mean_speed(frames)
            self.scale *= speed / max(measured, 1e-6)

    def components(self, t: float) -> np.ndarray:
        t = t - self.middle_time
        angle = 2 * np.pi * self.shake_frequency * t + self.shake_phase
        shake = (self.shake * (np.sin(angle) - np.sin(self.shake_phase))).sum(axis=1)
        return self.scale * self.amplitude * (self.drift * t + shake)

    def homography(self, t: float) -> np.ndarray:
        """3×3: frame pixel (x, y, 1) to canvas pixel at time ``t``."""
        yaw, pitch, roll, right, down, zoom = self.components(t)
        intrinsic = np.array([[self.focal, 0, self.axis[0]], [0, self.focal, self.axis[1]], [0, 0, 1]])
        rotation = rotation_matrix(yaw, pitch, roll)
        turned = intrinsic @ rotation @ np.linalg.inv(intrinsic)
        s = self.density * np.exp(zoom)
        half = np.array([self.size[1], self.size[0]]) / 2
        shift = self.centre - s * half + self.density * np.array([right, down])
        place = np.array([[s, 0, shift[0]], [0, s, shift[1]], [0, 0, 1]])
        return place @ turned

    def motion(self, start: float, end: float) -> np.ndarray:
        """3×3: where a pixel of the frame at time ``start`` is at time ``end``."""
        return np.linalg.inv(self.homography(end)) @ self.homography(start)

    def mean_speed(self, frames: int) -> float:
        """Pixels a frame, averaged over a grid of points and all frame intervals."""
        return np.mean([self.displacement(t, t + 1).mean() for t in range(frames - 1)])

    def displacement(self, start: float, end: float) -> np.ndarray:
        """Distance in pixels that nine points of the picture move between two times."""
        x, y = np.meshgrid(np.linspace(0, self.size[1], 3), np.linspace(0, self.size[0], 3))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        return np.linalg.norm(transform(self.motion(start, end), points) - points, axis=1)


def rotation_matrix(yaw: float, pitch: float, roll: float) -> np.ndarray:
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


def transform(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Apply a 3×3 homography to points [N, 2]."""
    mapped = points @ homography[:, :2].T + homography[:, 2]
    return mapped[:, :2] / mapped[:, 2:]


def flow_field(homography: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """[H, W, 2] float32: displacement (right, down) of each pixel under a homography."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    h = homography.astype(np.float32)
    w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    return np.stack([(h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w - x,
                     (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w - y], axis=-1)
