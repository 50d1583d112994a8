"""Backward warping by a flow field."""

import torch
import torch.nn.functional as F

from ..native import sampling


def warp(image: torch.Tensor, flow: torch.Tensor) -> torch.Tensor:
    """image [N, C, H, W] sampled bilinearly at (x+u, y+v), clamped to the border; flow [N, 2, H, W] in pixels."""
    if sampling.usable(image, flow):
        return sampling.warp(image, flow)
    height, width = image.shape[-2:]
    x = torch.arange(width, device=flow.device, dtype=torch.float32)
    y = torch.arange(height, device=flow.device, dtype=torch.float32)[:, None]
    flow = flow.float()
    # align_corners: −1 … 1 runs over the pixel centres.
    grid = torch.stack([(x + flow[:, 0]) * (2 / max(width - 1, 1)) - 1,
                        (y + flow[:, 1]) * (2 / max(height - 1, 1)) - 1], dim=-1)
    return F.grid_sample(image.float(), grid, mode="bilinear", padding_mode="border", align_corners=True)
