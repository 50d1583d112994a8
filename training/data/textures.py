"""Surfaces that photographs seldom show and real clips often do: fine regular texture, lettering, bare walls.

Each function draws uint8 RGB [H, W, 3]; ``rng`` decides everything. Patterns are drawn at twice the size and shrunk
by area, so that they reach the sampling limit without aliasing.
"""

import cv2
import numpy as np

FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:-"))


def colour(rng: np.random.Generator) -> np.ndarray:
    """RGB in [0, 1]: most things are rather grey."""
    return np.clip(rng.uniform(0.05, 0.95) + rng.normal(0, rng.choice([0.015, 0.05, 0.15]), 3), 0, 1).astype(np.float32)


def smooth_field(rng: np.random.Generator, size: tuple[int, int], cells: int) -> np.ndarray:
    """Smooth random float32 [H, W] of about unit range, mean 0."""
    return cv2.resize(rng.standard_normal((cells, cells), dtype=np.float32), size[::-1], interpolation=cv2.INTER_CUBIC)


def coordinates(rng: np.random.Generator, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Turned and slightly bent pixel coordinates (across, along), float32 [H, W]: cloth and fences are never quite straight."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    bend = rng.choice([0, 1.5, 6])
    x, y = x + bend * smooth_field(rng, size, 4), y + bend * smooth_field(rng, size, 4)
    angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return c * x + s * y, c * y - s * x


def two_tone(rng: np.random.Generator, pattern: np.ndarray) -> np.ndarray:
    """``pattern`` [H, W] in [0, 1] between two colours, with uneven light over it."""
    first = colour(rng)
    # Much regular texture is faint: a shirt, plaster, asphalt.
    second = np.clip(first + (colour(rng) - first) * rng.uniform(0.1, 1), 0, 1)
    shade = 1 + rng.uniform(0, 0.25) * smooth_field(rng, pattern.shape, 3)
    return (first + (second - first) * pattern[..., None]) * shade[..., None]


def grating(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Stripes, from sine to sharp bars."""
    u, _ = coordinates(rng, size)
    wave = np.sin(u * np.float32(2 * np.pi / rng.uniform(5, 32)))
    return two_tone(rng, 0.5 + 0.5 * np.clip(wave * rng.choice([1, 2, 8]), -1, 1))


def weave(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Threads that pass over and under each other."""
    u, v = coordinates(rng, size)
    period = rng.uniform(5, 20)
    a, b = np.sin(u * np.float32(2 * np.pi / period)), np.sin(v * np.float32(2 * np.pi / (period * rng.uniform(0.7, 1.4))))
    return two_tone(rng, 0.5 + 0.5 * np.where(a * b > 0, np.abs(a), -np.abs(b)))


def knit(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Columns of V-shaped stitches, each with a light of its own."""
    u, v = coordinates(rng, size)
    width = rng.uniform(8, 28)
    across = u / np.float32(width)
    fold = np.abs(across - np.floor(across) - 0.5) * 2  # 1 at the column's edges, 0 in its middle
    stitch = v / np.float32(width * rng.uniform(0.5, 0.9)) + 0.5 * fold
    ribs = 0.5 + 0.5 * np.cos(2 * np.pi * stitch)
    own = rng.random((64, 64), dtype=np.float32)[np.floor(across).astype(int) % 64, np.floor(stitch).astype(int) % 64]
    return two_tone(rng, np.clip(ribs * (1 - 0.6 * fold**3) * (0.75 + 0.25 * own), 0, 1))


def bricks(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Bricks, tiles or boards with joints, each of a shade of its own."""
    u, v = coordinates(rng, size)
    height = rng.uniform(12, 60)
    width, joint = height * rng.uniform(1, 4), rng.uniform(0.04, 0.15)
    row = v / np.float32(height)
    along = u / np.float32(width) + 0.5 * (np.floor(row) % 2) * rng.integers(2)
    shades = rng.random((64, 64), dtype=np.float32)[np.floor(row).astype(int) % 64, np.floor(along).astype(int) % 64]
    inside = (row - np.floor(row) > joint) & (along - np.floor(along) > joint * height / width)
    return two_tone(rng, np.where(inside, 0.4 + 0.6 * shades, 0))


def dots(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Dots in a grid: perforation, halftone, mesh."""
    u, v = coordinates(rng, size)
    period = rng.uniform(6, 30)
    u, v = (x / np.float32(period) - np.round(x / np.float32(period)) for x in (u, v))
    return two_tone(rng, np.clip((rng.uniform(0.2, 0.4) - np.hypot(u, v)) * period / 2 + 0.5, 0, 1))


def lettering(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Lines of letters, as on signs, spines and screens."""
    page = np.zeros(size, np.uint8)
    font, scale = FONTS[int(rng.integers(len(FONTS)))], float(rng.uniform(0.5, 2.5))
    thickness = int(rng.integers(1, 2 + round(1.5 * scale)))
    y, step = int(22 * scale), int(rng.uniform(28, 42) * scale)
    while y < size[0] + step:
        line = "".join(" " if rng.random() < 0.15 else c for c in rng.choice(LETTERS, 1 + size[1] // int(12 * scale)))
        cv2.putText(page, line, (-int(rng.integers(20)), y), font, scale, 255, thickness, cv2.LINE_AA)
        y += step
    return two_tone(rng, page.astype(np.float32) / 255)


def wall(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Flat or evenly shaded planes that meet in straight edges, with at most a trace of grain."""
    y, x = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j].astype(np.float32)
    first = colour(rng)
    picture = np.broadcast_to(first, (*size, 3)).copy()
    for _ in range(int(rng.integers(2, 7))):  # corners, doors, shelves: each plane covers one side of a line
        angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, 0.03)
        side = np.clip((x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.8, 0.8)) * size[1] / 2 / rng.choice([1, 2, 8]), 0, 1)
        picture += (side * rng.choice([1, 0.15]))[..., None] * (colour(rng) - picture)
    slope = rng.normal(0, 0.15, 2)
    picture *= (1 + slope[0] * x + slope[1] * y + 0.06 * smooth_field(rng, size, 3))[..., None]
    if rng.random() < 0.5:
        picture += rng.uniform(0, 0.03) * smooth_field(rng, size, int(rng.integers(20, max(21, size[0] // 2))))[..., None]
    return picture


REGULAR = (grating, weave, knit, bricks, dots, lettering)


def draw(rng: np.random.Generator, size: tuple[int, int], kind: str) -> np.ndarray:
    """``kind``: "regular" (any of ``REGULAR``) or "wall"."""
    make = REGULAR[int(rng.integers(len(REGULAR)))] if kind == "regular" else wall
    picture = make(rng, (2 * size[0], 2 * size[1]))
    return (np.clip(cv2.resize(picture, size[::-1], interpolation=cv2.INTER_AREA), 0, 1) * 255 + 0.5).astype(np.uint8)


def blend(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """uint8 pictures, ``mask`` float [H, W]: ``above`` where it is 1."""
    return (below + mask[..., None] * (above.astype(np.float32) - below) + 0.5).astype(np.uint8)
