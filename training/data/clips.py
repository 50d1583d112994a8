"""Sharp clips as a source: consecutive frames averaged, only where the motion between them is small.

    python -m training.data.clips --clips VIDEOS --out CACHE --first 100000 --count 200

Averaging frames that lie far apart gives ghosts, not blur. So only runs whose motion is under two pixels a frame
(after shrinking) are taken. The exact flow between the sharp frames is unknown: the sequences carry
OpenCV's DIS flow of the *sharp* frames, good enough to align, not to be trained on as truth.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import asdict
import json
from pathlib import Path

import av
import cv2
import numpy as np

from .photometry import Response, quantise, sensor_noise
from .render import Scene, Sequence

SUFFIXES = {".mp4", ".mkv", ".mov", ".webm", ".avi", ".m4v"}
LARGEST_STEP = 2.0  # pixels between averaged frames


def decode(path: Path, largest_side: int = 960) -> Iterator[np.ndarray]:
    """Frames of a video, shrunk, uint8 RGB."""
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            image = frame.to_ndarray(format="rgb24")
            shrink = max(1.5, max(image.shape[:2]) / largest_side)
            yield cv2.resize(image, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)


def dense_motion(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """DIS flow [H, W, 2] from ``first`` to ``second``."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return dis.calc(cv2.cvtColor(first, cv2.COLOR_RGB2GRAY), cv2.cvtColor(second, cv2.COLOR_RGB2GRAY), None)


def sequences_of(frames: Iterable[np.ndarray], rng: np.random.Generator, frames_out: int = 5) -> Iterator[Sequence]:
    """Yield a Sequence for every run of frames that is long enough, slow enough and not at rest."""
    frames, run = iter(frames), []
    averaged = int(rng.integers(2, 6)) * 2 + 1
    period = averaged + int(rng.integers(0, averaged))
    for frame in frames:
        if run:
            step = np.percentile(np.linalg.norm(dense_motion(run[-1], frame), axis=2), 98)
            if not 0.2 < step <= LARGEST_STEP:
                run = []
        run.append(frame)
        if len(run) == period * (frames_out - 1) + averaged:
            yield average(np.stack(run), rng, frames_out, averaged, period)
            run = []


def average(run: np.ndarray, rng: np.random.Generator, frames_out: int, averaged: int, period: int) -> Sequence:
    """Blurred, sharp and flow of one run: every ``period`` frames an exposure of ``averaged`` frames."""
    response = Response(float(rng.uniform(1.8, 2.5)))
    shot, read = float(10 ** rng.uniform(-5, -3.5)), float(10 ** rng.uniform(-3.5, -2.5))
    blurred, sharp = [], []
    for k in range(frames_out):
        opened = run[k * period : k * period + averaged]
        light = np.mean([response.linear(frame) for frame in opened], axis=0, dtype=np.float32)
        blurred.append(quantise(response.coded(sensor_noise(light, rng, shot, read))))
        sharp.append(opened[averaged // 2])
    flow = np.stack([[dense_motion(sharp[k], sharp[k + side]) for side in (-1, 1)] for k in range(1, frames_out - 1)])
    return Sequence(np.stack(blurred), np.stack(sharp), flow.astype(np.float16))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", nargs="+", required=True, help="folders of sharp videos, best at 120 frames a second or more")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=100000, help="number of the first sequence")
    parser.add_argument("--count", type=int, default=200, help="at most so many sequences")
    arguments = parser.parse_args()
    videos = sorted(p for f in arguments.clips for p in Path(f).rglob("*") if p.suffix.lower() in SUFFIXES)
    if not videos:
        raise SystemExit(f"no videos ({', '.join(sorted(SUFFIXES))}) below {', '.join(arguments.clips)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    number, last = arguments.first, arguments.first + arguments.count
    for video in videos:
        rng = np.random.default_rng([31, number])
        for sequence in sequences_of(decode(video), rng):
            if number == last:
                return
            write(arguments.out, number, sequence)
            number += 1
        print(f"{video.name}: {number - arguments.first} sequences so far", flush=True)


def write(folder: Path, number: int, sequence: Sequence) -> None:
    """The files of ``cache.py``, the record last."""
    for name in ("blurred", "sharp", "flow"):
        np.save(folder / f"{number:05d}.{name}.npy", getattr(sequence, name))
    size = sequence.blurred.shape[1:3]
    record = {"psnr": sequence.input_psnr(), "flow": "estimated",
              "scene": asdict(Scene(size=size, frames=len(sequence.blurred)))}
    (folder / f"{number:05d}.json").write_text(json.dumps(record))


if __name__ == "__main__":
    main()
