"""PSNR, SSIM and harm of 8-bit RGB frames."""

import cv2
import numpy as np


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """dB of two uint8 images [H, W, 3]; infinite when equal."""
    error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255.0**2 / error))


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Wang et al. 2004: 11×11 Gaussian σ 1.5, K 0.01 and 0.03, per channel mean, only full windows."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    kernel = cv2.getGaussianKernel(11, 1.5)
    smooth = lambda x: cv2.sepFilter2D(x, cv2.CV_64F, kernel, kernel)[5:-5, 5:-5]
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_a, mean_b = smooth(a), smooth(b)
    var_a, var_b = smooth(a * a) - mean_a**2, smooth(b * b) - mean_b**2
    covariance = smooth(a * b) - mean_a * mean_b
    score = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    return float(score.mean())


PATCH = 32  # pixels, of harm


def patch_errors(a: np.ndarray, b: np.ndarray, side: int = PATCH) -> np.ndarray:
    """Mean squared difference in grey levels² over each whole ``side``×``side`` patch and its channels, from the top left: [rows, columns]."""
    rows, columns = a.shape[0] // side, a.shape[1] // side
    squares = (a[: rows * side, : columns * side].astype(np.float64) - b[: rows * side, : columns * side]) ** 2
    return squares.reshape(rows, side, columns, side, a.shape[2]).mean((1, 3, 4))


def harm(before: np.ndarray, after: np.ndarray, sharp: np.ndarray) -> tuple[int, int, float]:
    """(patches harmed, patches, largest growth) of a frame that became ``after``; uint8 [H, W, 3].

    A 32×32 patch is harmed when its mean squared error grows by more than half and by more than 16 grey levels². The growth of a patch
    is √(error after − error before), in grey levels: what was added to it, 4 at that threshold; 0 where nothing grew.
    """
    was, becomes = patch_errors(before, sharp), patch_errors(after, sharp)
    harmed = (becomes > 1.5 * was) & (becomes - was > 16)
    return int(harmed.sum()), harmed.size, float(np.sqrt(max(0.0, (becomes - was).max(initial=0))))
