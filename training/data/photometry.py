"""Light and sensor: response curve, highlights, noise."""

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


def quantise(coded: np.ndarray) -> np.ndarray:
    """[0, 1] to uint8."""
    return (np.clip(coded, 0, 1) * 255 + 0.5).astype(np.uint8)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """PSNR in dB of two uint8 images; 99 when equal."""
    error = np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2)
    return 99.0 if error == 0 else float(min(99.0, 10 * np.log10(255.0**2 / error)))
