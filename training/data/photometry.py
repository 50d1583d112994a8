"""Light and sensor: response curve, highlights, noise."""

import cv2
import numpy as np


class Response:
    """A camera response curve: coded value in [0, 1] to linear light and back.

    Blur happens in linear light; averaging coded values would darken every highlight's trail.
    """

    def __init__(self, gamma: float) -> None:
        self.gamma = gamma
        self.table = np.linspace(0, 1, 256, dtype=np.float32) ** gamma

    def linear(self, image: np.ndarray) -> np.ndarray:
        """uint8 to linear light, float32."""
        return self.table[image]

    def coded(self, light: np.ndarray) -> np.ndarray:
        """Linear light, clipped at the sensor's full well, to coded [0, 1]."""
        return np.clip(light, 0, 1) ** np.float32(1 / self.gamma)


def boost_highlights(light: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give bright parts the light that an 8-bit photograph clipped away.

    Saturated trails are what deconvolution cannot invert, so training must see them.
    """
    threshold = rng.uniform(0.55, 0.9)
    gain = np.exp(rng.uniform(np.log(1.5), np.log(8)))
    brightness = light.mean(axis=2, keepdims=True)
    excess = np.clip((brightness - threshold) / (1 - threshold), 0, 1)
    return light * (1 + (gain - 1) * excess * excess)


def sensor_noise(light: np.ndarray, rng: np.random.Generator, shot: float, read: float) -> np.ndarray:
    """Photon and read-out noise in linear light; variance = shot·light + read²."""
    deviation = np.sqrt(shot * np.clip(light, 0, 1) + read * read)
    return light + deviation * rng.standard_normal(light.shape, dtype=np.float32)


def grain(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [N, H, W, 3] with what remains of a sensor's noise when a camera has demosaiced, smoothed, scaled and coded it:
    blotches of a few pixels in luma and larger ones in colour, stronger in the dark, other ones in each frame.

    In a dim room filmed by a phone, values correlate by 0.55 with their neighbours, by 0.2 over two pixels and by 0.1 over
    four; white noise that ``real.noise_filter`` and a codec went over by 0.3 and by nothing. What is not known as noise is
    taken for scenery, and ripples across the motion are made of it.
    """
    strength = np.exp(rng.uniform(np.log(0.8), np.log(6)))  # grey levels
    scales, shares = (0, rng.uniform(0.5, 0.9), rng.uniform(1.4, 3)), rng.dirichlet((1, 3, 1.5))
    colour, colour_scale, daylight = rng.uniform(0.2, 0.8), rng.uniform(1.5, 4), rng.uniform(0.1, 1)
    out = []
    for frame in frames:
        size = frame.shape[:2]
        luma = sum(np.sqrt(share) * blotches(size, scale, rng) for share, scale in zip(shares, scales))
        tint = np.stack([blotches(size, colour_scale, rng) for _ in range(3)], axis=-1)
        darkness = 1 - (1 - daylight) * frame.mean(axis=2, keepdims=True) / 255
        noise = strength * darkness * (luma[..., None] + colour * (tint - tint.mean(axis=2, keepdims=True)))
        out.append(np.clip(frame + noise + 0.5, 0, 255).astype(np.uint8))
    return np.stack(out)


def blotches(size: tuple[int, int], scale: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of variance one, smoothed by ``scale`` pixels."""
    noise = rng.standard_normal(size, dtype=np.float32)
    if scale:
        noise = cv2.GaussianBlur(noise, (0, 0), scale)
    return noise / noise.std()


def quantise(coded: np.ndarray) -> np.ndarray:
    """[0, 1] to uint8."""
    return (np.clip(coded, 0, 1) * 255 + 0.5).astype(np.uint8)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """PSNR in dB of two uint8 images; 99 when equal."""
    error = np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2)
    return 99.0 if error == 0 else float(min(99.0, 10 * np.log10(255.0**2 / error)))
