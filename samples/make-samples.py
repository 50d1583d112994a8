#!/usr/bin/env python3
"""Renders the sample clips of this folder: NAME.mp4 (blurred) and NAME-sharp.mp4 (its sharp original).

    apt-get install ffmpeg python3-numpy python3-opencv
    python3 samples/make-samples.py [harbour] [truck]

The photographs come from two Debian packages, which are downloaded and unpacked into a temporary folder, not
installed; samples/README.md credits their authors. A blurred frame is what a shutter would have seen: the scene
is rendered at many moments while the shutter is open, the renderings are averaged in linear light, and the noise of
the sensor comes on top. The sharp frame is the rendering of the middle of the exposure. Both clips have the same
frame times and the same sound. The random numbers are seeded: the frames before encoding are always the same.
"""

from collections.abc import Iterator
import math
from pathlib import Path
import subprocess
import sys
import tempfile
import wave

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT, RATE, FRAMES = 640, 360, 30, 90
OVERSAMPLING = 2  # frames are rendered at twice their size and averaged down, against aliasing

BOATS = ("plasma-workspace-wallpapers", "usr/share/wallpapers/EveningGlow/contents/images/2560x1600.jpg")
FOREST = ("plasma-workspace-wallpapers", "usr/share/wallpapers/Path/contents/images/2560x1600.jpg")
TRUCK = ("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps/vehicles/emergency/firetruck.png")


def unpack(package: str, folder: Path) -> Path:
    """Downloads a Debian package and unpacks it; returns the folder of its files."""
    root = folder / package
    if not root.exists():
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, root], check=True)
    return root


def read_linear(source: tuple[str, str], folder: Path) -> np.ndarray:
    """Reads a picture as linear light, [H, W, 3 or 4] BGR(A) float32 in [0, 1]."""
    package, path = source
    image = cv2.imread(str(unpack(package, folder) / path), cv2.IMREAD_UNCHANGED).astype(np.float32) / 255
    colour = image[..., :3]
    image[..., :3] = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return image


def to_srgb(linear: np.ndarray) -> np.ndarray:
    """Linear light to 8-bit sRGB."""
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255).astype(np.uint8)


def warp(image: np.ndarray, x: float, y: float, scale: float = 1, angle: float = 0) -> np.ndarray:
    """What a camera sees whose centre looks at (x, y) of `image`; rendered pixels are `scale` picture pixels wide."""
    width, height = WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    cx, cy = (width - 1) / 2, (height - 1) / 2
    to_picture = np.array([[c, -s, x - c * cx + s * cy], [s, c, y - s * cx - c * cy]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, to_picture, (width, height), flags=flags, borderMode=cv2.BORDER_CONSTANT)


def sway(t: float, parts: list[tuple[float, float, float]]) -> float:
    """A sum of sines (amplitude, cycles a second, phase): the tremble of a hand."""
    return sum(a * math.sin(2 * math.pi * f * t + phase) for a, f, phase in parts)


class Harbour:
    """A hand-held camera pans along boats on a lake shore and back: everything in the picture is blurred."""

    exposure = 0.7  # part of the time between two frames for which the shutter is open

    def __init__(self, folder: Path) -> None:
        self.photo = read_linear(BOATS, folder)

    def render(self, t: float) -> np.ndarray:
        """The scene at `t` seconds, [H, W, 3] linear light."""
        x = 1250 - 500 * math.cos(2 * math.pi * t / 3.4) + sway(t, [(14, 1.9, 0.3), (5, 4.3, 1.0)])
        y = 1010 + 40 * math.sin(2 * math.pi * t / 2.3) + sway(t, [(16, 1.6, 2.0), (7, 3.7, 0.5)])
        angle = math.radians(sway(t, [(1.2, 0.7, 0.0), (0.35, 3.1, 1.4)]))
        return warp(self.photo, x, y, 1.0 + 0.05 * math.sin(t), angle)


class Truck:
    """A fire engine drives past a camera on a tripod: the forest behind it is sharp and must stay so."""

    exposure = 0.8

    def __init__(self, folder: Path) -> None:
        # Brighter than the photograph: at its own exposure the trunks would drown in black.
        self.background = np.clip(warp(read_linear(FOREST, folder), 1330, 1150) * 2.2, 0, 1)
        truck = read_linear(TRUCK, folder)
        truck[..., :3] *= truck[..., 3:]  # premultiplied: edges blend without a halo
        shadow = np.zeros((truck.shape[0] + 40, truck.shape[1], 4), np.float32)
        cv2.ellipse(shadow, (400, 290), (360, 26), -3, 0, 360, (0, 0, 0, 0.85), cv2.FILLED)
        shadow = cv2.GaussianBlur(shadow, (0, 0), 12)
        shadow[: truck.shape[0]] = truck + shadow[: truck.shape[0]] * (1 - truck[..., 3:])
        self.truck = shadow

    def render(self, t: float) -> np.ndarray:
        """The scene at `t` seconds, [H, W, 3] linear light."""
        left = WIDTH * OVERSAMPLING - 130 - 440 * t - 70 * t * t  # of the truck, in rendered pixels
        top = 270 + sway(t, [(1.5, 2.2, 0.0), (0.8, 5.1, 0.9)])
        layer = warp(self.truck, WIDTH * OVERSAMPLING / 2 - left, HEIGHT * OVERSAMPLING / 2 - top)
        return layer[..., :3] + self.background * (1 - layer[..., 3:])


def shrink(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


def frames(scene: Harbour | Truck) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields (blurred, sharp) frames, 8-bit BGR."""
    noise = np.random.default_rng(1)
    for index in range(FRAMES):
        middle = (index + 0.5) / RATE
        sharp = scene.render(middle)
        # An odd number of moments, the middle one in the middle; dense enough that no step shows.
        moments = 33
        total = np.zeros_like(sharp)
        for k in range(moments):
            total += scene.render(middle + ((k + 0.5) / moments - 0.5) * scene.exposure / RATE)
        blurred = shrink(total / moments)
        # Shot noise grows with the light, read noise is always there.
        variance = 1.2e-4 * np.clip(blurred, 0, 1) + 1e-6
        blurred = blurred + noise.standard_normal(blurred.shape, np.float32) * np.sqrt(variance)
        yield to_srgb(blurred), to_srgb(shrink(sharp))


def write_sound(path: Path, pitch: float) -> None:
    """A soft swelling chord with a click every half second, 16-bit stereo at 48 kHz."""
    rate = 48_000
    t = np.arange(int(rate * FRAMES / RATE)) / rate
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * t / t[-1])
    chord = sum(np.sin(2 * np.pi * pitch * r * t) for r in (1, 1.25, 1.5)) / 3
    click = np.exp(-(t % 0.5) * 220) * np.sin(2 * np.pi * 1800 * t)
    stereo = np.stack([0.18 * swell * chord + 0.12 * click, 0.18 * swell * np.roll(chord, 40) + 0.12 * click], axis=1)
    with wave.open(str(path), "wb") as sound:
        sound.setparams((2, 2, rate, 0, "NONE", ""))
        sound.writeframes((stereo * 32767).astype("<i2").tobytes())


def encoder(path: Path, sound: Path, crf: int) -> subprocess.Popen:
    """An ffmpeg process that takes raw BGR frames on its standard input."""
    colours = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    command = [
        *["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}"],
        *["-r", str(RATE), "-i", "-", "-i", str(sound), "-vf", "scale=out_color_matrix=bt709:out_range=tv"],
        *["-c:v", "libx264", "-preset", "slow", "-crf", str(crf), "-pix_fmt", "yuv420p", *colours],
        *["-c:a", "aac", "-b:a", "80k", "-fflags", "+bitexact", "-movflags", "+faststart", str(path)],
    ]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def make(name: str, scene: Harbour | Truck, pitch: float, folder: Path) -> None:
    sound = folder / f"{name}.wav"
    write_sound(sound, pitch)
    outputs = [encoder(HERE / f"{name}.mp4", sound, 19), encoder(HERE / f"{name}-sharp.mp4", sound, 19)]
    for pair in frames(scene):
        for output, frame in zip(outputs, pair):
            output.stdin.write(frame.tobytes())
    for output in outputs:
        output.stdin.close()
        if output.wait() != 0:
            sys.exit(f"ffmpeg could not write {name}: see its message above")


def main() -> None:
    scenes = {"harbour": (Harbour, 220), "truck": (Truck, 165)}
    names = sys.argv[1:] or list(scenes)
    for name in names:
        if name not in scenes:
            sys.exit(f"no sample is called {name}; known: {', '.join(scenes)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            scene, pitch = scenes[name]
            make(name, scene(Path(folder)), pitch, Path(folder))
            print(f"{HERE / name}.mp4 and {name}-sharp.mp4")


if __name__ == "__main__":
    main()
