"""Everything that a GPU machine needs beside this repository, in one small folder.

    python -m training.gpu.pack --stills PICTURES --start training/runs/fast/state.safetensors --out PACK [--wheel av-….whl]

PACK gets ``pictures/`` (the training pictures as JPEG, as large and fine as the limit allows; held-out ones stay at home),
``start.safetensors`` (weights to begin with, of a run's state.pt, a compact state or a weights file) and ``av.tar.xz``, the contents
of PyAV's wheel, without which the machine cannot send clips through codecs.
"""

import argparse
from collections.abc import Iterable
import io
from pathlib import Path
import tarfile
import zipfile

import cv2
import numpy as np
from safetensors import safe_open
import torch

from .. import checkpoint, compact
from ..data.stills import find_stills, held_out, read
from ..networks import ModelConfig
from ..weights import load_weights, save_weights

# Longest side in pixels and JPEG quality, the first that fits is taken. A scene uses less than 1,000 pixels a side, and what
# is shrunk to that is sharp to the pixel.
TRIES = ((1024, 93), (1024, 90), (1024, 86), (960, 84), (896, 82), (832, 80), (768, 78), (640, 76), (512, 74))


def shrunk(image: np.ndarray, side: int) -> np.ndarray:
    """The picture with its longest side at most ``side`` pixels, by area."""
    factor = side / max(image.shape[:2])
    return image if factor >= 1 else cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def encoded(images: Iterable[np.ndarray], side: int, quality: int) -> list[bytes]:
    return [cv2.imencode(".jpg", shrunk(image, side)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes() for image in images]


def starting_point(path: Path) -> tuple[ModelConfig, dict[str, torch.Tensor]]:
    """(configuration, weights by name) of a run's state.pt, a compact state or a weights file; of a run the averaged weights."""
    if path.suffix != ".safetensors":
        state = checkpoint.load(path)
    else:
        with safe_open(path, "pt") as file:
            if "state" not in (file.metadata() or {}):
                return load_weights(path)[:2]
        state = compact.unpack(path)
    return ModelConfig.from_json(state["config"]), state["average"]["values"]


def repacked(wheel: Path, target: Path) -> None:
    """A wheel as .tar.xz: a quarter smaller, in favour of the pictures."""
    with zipfile.ZipFile(wheel) as source, tarfile.open(target, "w:xz") as archive:
        for name in source.namelist():
            content = source.read(name)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def pack(stills: Iterable[str | Path], out: Path, limit: float, start: Path | None = None,
         wheel: Path | None = None) -> tuple[int, int, int]:
    """Fill ``out``; ``limit`` in bytes. Returns (pictures, longest side, quality)."""
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    if start:
        config, values = starting_point(start)
        save_weights(out / "start.safetensors", config, values)
        limit -= (out / "start.safetensors").stat().st_size
    if wheel:
        repacked(wheel, out / "av.tar.xz")
        limit -= (out / "av.tar.xz").stat().st_size
    chosen = [path for path in find_stills(stills) if not held_out(path)]
    images = [shrunk(read(path), TRIES[0][0]) for path in chosen]
    for side, quality in TRIES:
        files = encoded(images, side, quality)
        if sum(map(len, files)) <= limit:
            for n, (path, content) in enumerate(zip(chosen, files)):
                (out / "pictures" / f"{n:04d}-{path.stem}.jpg").write_bytes(content)
            return len(files), side, quality
    raise SystemExit(f"{out}: {len(chosen)} pictures do not fit into {limit / 2**20:.0f} MiB even at {side} pixels; give fewer or a larger --limit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stills", nargs="+", required=True, help="folders of sharp pictures")
    parser.add_argument("--start", type=Path, help="state.pt, compact state or weights file to begin with")
    parser.add_argument("--wheel", type=Path, help="PyAV for the GPU machine: pip download --no-deps av")
    parser.add_argument("--limit", type=float, default=62, help="MiB")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()):
        raise SystemExit(f"{arguments.out}: not empty; give a new folder")
    count, side, quality = pack(arguments.stills, arguments.out, arguments.limit * 2**20, arguments.start, arguments.wheel)
    total = sum(f.stat().st_size for f in arguments.out.rglob("*") if f.is_file())
    print(f"{arguments.out}: {count} pictures of at most {side} pixels at quality {quality}, {total / 2**20:.1f} MiB in all")


if __name__ == "__main__":
    main()
