"""Pyramid pooling module (the paper, section on the PPM; PSPNet, Zhao et al. 2017)."""

import torch
from torch import nn
import torch.nn.functional as F

from .blocks import convolution

SIZES = (1, 2, 3, 6)


class PyramidPooling(nn.Module):
    """F [N, C, H, W] → F_P [N, 2C, H, W]: F beside its averages over 1×1, 2×2, 3×3 and 6×6 regions."""

    def __init__(self, width: int, slope: float) -> None:
        super().__init__()
        self.slope = slope
        self.branches = nn.ModuleList(convolution(width, width // 4, 1, slope=slope) for _ in SIZES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pooled = [branch(F.adaptive_avg_pool2d(x, size), self.slope)
                  for size, branch in zip(SIZES, self.branches)]
        return torch.cat([x] + [F.interpolate(p, size=x.shape[-2:], mode="bilinear", align_corners=False)
                                for p in pooled], dim=1)
