"""Sharp pictures: which are held out for validation, and canvases cut from them."""

from collections.abc import Iterable
from pathlib import Path
import zlib

import cv2
import numpy as np

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}


def find_stills(folders: Iterable[str | Path]) -> list[Path]:
    """All pictures below the folders, sorted, so that a seed always means the same picture."""
    found = sorted(p for f in folders for p in Path(f).rglob("*") if p.suffix.lower() in SUFFIXES)
    if not found:
        raise SystemExit(f"no pictures ({', '.join(sorted(SUFFIXES))}) below {', '.join(map(str, folders))}")
    return found


def held_out(path: str | Path) -> bool:
    """About one still in ten, by its name alone: never trained on, source of the validation scenes."""
    return zlib.crc32(Path(path).name.encode()) % 10 == 0


def read(path: str | Path) -> np.ndarray:
    """uint8 RGB [H, W, 3]."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{path}: not a readable picture")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def random_canvas(rng: np.random.Generator, image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A canvas of about ``size`` (height, width) from a still, downscaled by area.

    Full-size photographs are soft at the pixel level (demosaicking, lens, JPEG): only
    shrinking gives detail up to the sampling limit, the sharpness that restoration should reach.
    """
    height, width = image.shape[:2]
    largest = min(height / size[0], width / size[1])
    least = min(largest, 1.5 if max(height, width) > 1024 else 1.0)
    shrink = rng.uniform(least, max(least, min(largest, 4.0)))
    h, w = min(height, round(size[0] * shrink)), min(width, round(size[1] * shrink))
    y, x = rng.integers(height - h + 1), rng.integers(width - w + 1)
    crop = image[y : y + h, x : x + w]
    if shrink > 1.02:
        crop = cv2.resize(crop, (round(w / shrink), round(h / shrink)), interpolation=cv2.INTER_AREA)
    return crop
