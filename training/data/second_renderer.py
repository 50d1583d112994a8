"""Validation clips by a second, deliberately different renderer: does a gain hold where the rules of training do not?

    python -m training.data.second_renderer --stills PICTURES --out FOLDER

Nothing is shared with ``render`` but reading pictures, PSNR and H.264: affine camera on a bicubic spline through random points,
sRGB's own curve, the shutter as an even average of 48 instants, Gaussian noise on every second clip. 640×384, 14 frames, 6–30 pixels
a frame, input 21–32 dB, of held-out stills; folders as ``validation`` writes them.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from .compression import h264
from .photometry import psnr
from .stills import find_stills, held_out, read

WIDTH, HEIGHT, FRAMES, CLIPS, INSTANTS = 640, 384, 14, 12, 48


def linear(code: np.ndarray) -> np.ndarray:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4).astype(np.float32)


def encoded(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.clip(light, 0, 1) ** (1 / 2.4) - 0.055)


class SplineCamera:
    """Catmull–Rom splines through random points: position in pixels, roll in radians, logarithm of zoom."""

    def __init__(self, rng: np.random.Generator, speed: float) -> None:
        direction = rng.uniform(0, 2 * np.pi)
        steps = speed * (np.array([np.cos(direction), np.sin(direction)]) * 0.3 + rng.normal(0, 0.6, (FRAMES + 4, 2)))
        turns = rng.normal(0, 0.004, (FRAMES + 4, 1))
        zooms = rng.normal(0, 0.003, (FRAMES + 4, 1))
        self.points = np.cumsum(np.concatenate([steps, turns, zooms], 1), axis=0)
        middle = self.points[2:-2, :2]
        self.points[:, :2] -= (middle.min(0) + middle.max(0)) / 2
        # The wished speed is the mean over the clip.
        self.points[:, :2] *= speed / np.linalg.norm(np.diff(middle, axis=0), axis=1).mean()

    def at(self, time: float) -> np.ndarray:
        """(x, y, roll, log zoom) at ``time`` in frames."""
        k = int(np.floor(time)) + 2
        t = time - np.floor(time)
        a, b, c, d = self.points[k - 1 : k + 3]
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    def matrix(self, time: float) -> np.ndarray:
        """From pixels of the frame to pixels of the scene, the scene's middle being the origin: [2, 3]."""
        x, y, roll, zoom = self.at(time)
        c, s = np.cos(roll) * np.exp(zoom), np.sin(roll) * np.exp(zoom)
        return np.array([[c, -s, x - c * WIDTH / 2 + s * HEIGHT / 2], [s, c, y - s * WIDTH / 2 - c * HEIGHT / 2]])

    def shot(self, scene: np.ndarray, time: float) -> np.ndarray:
        """What stands before the lens at one instant, linear light."""
        matrix = self.matrix(time) + [[0, 0, scene.shape[1] / 2], [0, 0, scene.shape[0] / 2]]
        return cv2.warpAffine(scene, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REFLECT)

    def flow(self, start: float, end: float) -> np.ndarray:
        """Exact flow between two instants, float16 [H, W, 2] in pixels."""
        ys, xs = np.mgrid[:HEIGHT, :WIDTH]
        scene = self.matrix(start) @ np.stack([xs, ys, np.ones_like(xs)]).reshape(3, -1)
        there = cv2.invertAffineTransform(self.matrix(end)) @ np.vstack([scene, np.ones((1, scene.shape[1]))])
        return (there.T.reshape(HEIGHT, WIDTH, 2) - np.stack([xs, ys], -1)).astype(np.float16)


def render_clip(number: int, stills: list[Path]) -> tuple[dict[str, np.ndarray], dict[str, str | float]]:
    """input, sharp, h264 (uint8 [N, H, W, 3]), flow (from frames 1 … N−2 to both neighbours) and what they were made of."""
    for attempt in range(300):
        rng = np.random.default_rng([501, number, attempt])
        path = stills[int(rng.integers(len(stills)))]
        picture = read(path).astype(np.float32) / 255
        shrink = rng.uniform(1.2, 2.0)
        scene = linear(cv2.resize(picture, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA))
        speed = 6 + 24 * (number + 0.5) / CLIPS
        exposure = min(rng.uniform(0.25, 1.0), 20 / speed)
        camera = SplineCamera(rng, speed)
        across, down = np.ptp(camera.points[1:-1, :2], axis=0) + 60
        if scene.shape[0] < HEIGHT + down or scene.shape[1] < WIDTH + across:  # the camera would look past the picture's border
            continue
        sharp = np.stack([camera.shot(scene, f) for f in range(FRAMES)])
        blurred = np.stack([sum(camera.shot(scene, f + exposure * ((i + 0.5) / INSTANTS - 0.5)) for i in range(INSTANTS)) / INSTANTS
                            for f in range(FRAMES)])
        noise = rng.normal(0, 0.004, blurred.shape) if number % 2 else 0
        quantised = lambda light, noise=0: (np.clip(encoded(np.clip(light, 0, 1)) + noise, 0, 1) * 255 + 0.5).astype(np.uint8)
        blurred, sharp = quantised(blurred, noise), quantised(sharp)
        mean = float(np.mean([psnr(a, b) for a, b in zip(blurred, sharp)]))
        if 21 <= mean <= 32:
            facts = {"kind": "moving", "psnr": mean, "speed": speed, "exposure": exposure, "picture": path.name}
            flow = np.stack([[camera.flow(f, f - 1), camera.flow(f, f + 1)] for f in range(1, FRAMES - 1)])
            return {"input": blurred, "sharp": sharp, "h264": h264(blurred, (20, 23, 26)[number % 3], "medium"), "flow": flow}, facts
    raise SystemExit(f"clip {number}: no held-out picture is large and detailed enough; add pictures of {WIDTH * 2}×{HEIGHT * 2} or more")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stills", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    stills = [p for p in find_stills(arguments.stills) if held_out(p) and min(read(p).shape[:2]) >= HEIGHT + 200]
    if not stills:
        raise SystemExit(f"none of the held-out pictures (one in ten) has {HEIGHT + 200} pixels on its shorter side; add pictures")
    for number in range(CLIPS):
        folder = arguments.out / f"second-{number:02d}"
        if (folder / "clip.json").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        arrays, facts = render_clip(number, stills)
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        (folder / "clip.json").write_text(json.dumps(facts))
        print(f"{folder.name}: speed {facts['speed']:.1f}, exposure {facts['exposure']:.2f}, input {facts['psnr']:.2f} dB", flush=True)


if __name__ == "__main__":
    main()
