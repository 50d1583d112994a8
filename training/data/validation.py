"""Validation clips of held-out stills, shot by other rules than the training sequences.

    python -m training.data.validation --stills PICTURES --out FOLDER

A folder per clip: ``input.npy``, ``sharp.npy`` (uint8 [N, H, W, 3]), ``h264.npy`` (the input through
H.264), ``flow.npy`` (float16, as in ``render.Sequence``), ``clip.json``. Kinds: ``moving`` (a hand-held
camera, 6–30 pixels a frame), ``still`` (nothing moves, only noise) and ``sharp`` (moves, fast shutter, no noise).
"""

import argparse
from dataclasses import asdict
import json
from pathlib import Path

import cv2
import numpy as np

from .compression import h264
from .photometry import psnr
from .render import Scene, render
from .stills import find_stills, held_out, read

SIZE = (384, 640)
FRAMES = 14
SHORTEST_SIDE = 700  # of a still, in pixels: shrunk, it must still fill the frame
MOVING, STILL, SHARP = 12, 2, 4


def moving_scene(rng: np.random.Generator, number: int) -> Scene:
    """Speeds spread evenly over 6–30 pixels a frame; the shutter set so that trails are 4–16 pixels."""
    speed = 6 + 24 * (number + rng.random()) / MOVING
    return Scene(size=SIZE, frames=FRAMES, speed=speed, exposure=float(np.clip(rng.uniform(4, 16) / speed, 0.15, 0.9)),
                 layers=int(rng.random() < 0.4), drift=0.15, gamma=2.2, highlights=bool(rng.random() < 0.25),
                 shot=1e-4, read=1e-3, max_samples=61)


def held_out_canvas(rng: np.random.Generator, stills: list[Path], size: tuple[int, int]) -> np.ndarray:
    """A detailed part of a large held-out still, at half its resolution or less."""
    while True:
        image = read(stills[int(rng.integers(len(stills)))])
        shrink = min(image.shape[0] / size[0], image.shape[1] / size[1])
        shrink = rng.uniform(min(shrink, 1.4), min(shrink, 3.0))
        h, w = (min(round(s * shrink), side) for s, side in zip(size, image.shape))
        y, x = rng.integers(image.shape[0] - h + 1), rng.integers(image.shape[1] - w + 1)
        canvas = cv2.resize(image[y : y + h, x : x + w], None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        if cv2.Laplacian(canvas, cv2.CV_32F).std() > 12:  # a sky alone has no blur to measure
            return canvas


def render_clip(kind: str, number: int, stills: list[Path]) -> tuple[dict[str, np.ndarray], Scene]:
    """One clip as a dictionary of arrays, and its scene."""
    kinds = {"moving": 0, "still": 1, "sharp": 2}
    rng = np.random.default_rng([77, kinds[kind], number])
    while True:
        scene = moving_scene(rng, number)
        if kind == "still":
            scene = Scene(size=SIZE, frames=FRAMES, speed=1e-3, exposure=0.5, shot=2e-4, read=1.5e-3)
        elif kind == "sharp":
            scene = Scene(size=SIZE, frames=FRAMES, speed=float(rng.uniform(2, 12)), exposure=0.0, drift=0.15)
        canvas = held_out_canvas(rng, stills, (SIZE[0] + 160, SIZE[1] + 200))
        textures = [held_out_canvas(rng, stills, (160, 200))]
        sequence = render(rng, scene, canvas, textures)
        mean = np.mean([psnr(a, b) for a, b in zip(sequence.blurred, sequence.sharp)])
        if kind != "moving" or 21 <= mean <= 32:
            break
    compressed = h264(sequence.blurred, crf=(20, 23, 26)[number % 3], preset="medium")
    return {"input": sequence.blurred, "sharp": sequence.sharp, "h264": compressed, "flow": sequence.flow}, scene


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stills", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    stills = [p for p in find_stills(arguments.stills) if held_out(p) and min(read(p).shape[:2]) >= SHORTEST_SIDE]
    if not stills:
        raise SystemExit(f"none of the held-out pictures (one in ten) has {SHORTEST_SIDE} pixels on its shorter side; add pictures")
    for kind, count in (("moving", MOVING), ("still", STILL), ("sharp", SHARP)):
        for number in range(count):
            folder = arguments.out / f"{kind}-{number:02d}"
            if (folder / "clip.json").exists():
                continue
            folder.mkdir(parents=True, exist_ok=True)
            arrays, scene = render_clip(kind, number, stills)
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array)
            mean = float(np.mean([psnr(a, b) for a, b in zip(arrays["input"], arrays["sharp"])]))
            (folder / "clip.json").write_text(json.dumps({"kind": kind, "psnr": mean, "scene": asdict(scene)}))
            print(f"{folder.name}: speed {scene.speed:.1f}, exposure {scene.exposure:.2f}, input {mean:.2f} dB", flush=True)


if __name__ == "__main__":
    main()
