"""Before/after crops for the model card: blurred, restored, sharp side by side.

    python -m training.pictures --weights FILE --still PHOTO --out docs/pictures/fast

Give a photograph that was held out of training, sharp at its full size.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from . import metrics
from .data.render import Scene, render
from .data.stills import read
from .evaluate import deblur
from .weights import load_network

SCENE = Scene(size=(360, 480), frames=5, drift=0.15, shot=1e-4, read=1e-3, max_samples=61)
SHOTS = ((14.0, 0.7), (20.0, 0.35))  # pixels a frame, share of the frame time that the shutter is open
FRAME = 2
CROP = (200, 240)


def busiest(image: np.ndarray, size: tuple[int, int]) -> tuple[slice, slice]:
    """Slices of the crop with the strongest edges."""
    energy = cv2.boxFilter(cv2.Laplacian(image, cv2.CV_32F).__abs__().mean(axis=2), -1, size[::-1], normalize=True)
    half = [s // 2 for s in size]
    inner = energy[half[0] : -half[0], half[1] : -half[1]]
    y, x = np.unravel_index(inner.argmax(), inner.shape)
    return slice(y, y + size[0]), slice(x, x + size[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--still", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="start of the pictures' names")
    arguments = parser.parse_args()
    network = load_network(arguments.weights)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    photograph = read(arguments.still)
    for number, (speed, exposure) in enumerate(SHOTS, 1):
        clip = render(np.random.default_rng(number + 4), replace(SCENE, speed=speed, exposure=exposure), photograph, [])
        restored = deblur(network, clip.blurred, [FRAME])[0]
        blurred, sharp = clip.blurred[FRAME], clip.sharp[FRAME]
        area = busiest(sharp, CROP)
        picture = np.concatenate([blurred[area], restored[area], sharp[area]], axis=1)
        path = f"{arguments.out}-{number}.jpg"
        cv2.imwrite(path, picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        print(f"{path}: {speed:.0f} pixels a frame, shutter open {exposure:.2f} of it, frame "
              f"{metrics.psnr(blurred, sharp):.2f} → {metrics.psnr(restored, sharp):.2f} dB")


if __name__ == "__main__":
    main()
