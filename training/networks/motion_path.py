"""Samples of the middle frame along its own motion: the path that the shutter smeared it over."""

from collections.abc import Sequence

import torch

from .warp import warp

SCALE = 4  # differences between neighbours on the path are small beside the frames themselves


def motion_path(middle: torch.Tensor, flows: Sequence[torch.Tensor], count: int) -> torch.Tensor:
    """Brightness at ``count`` points each way along the motion, minus the brightness here: [N, 2·count, H, W].

    ``flows`` lead to the previous and the next frame; half their difference is the motion m from one frame to the
    next. The points lie at ±k/(2·count) m, k = 1 … count, backward ones first, farthest first: they span what an
    always open shutter smears, so that blur of any length and direction becomes one and the same filter along them.
    """
    motion = (flows[1] - flows[0]) / 2
    brightness = middle.float().mean(1, keepdim=True)
    steps = [k / (2 * count) for k in range(-count, count + 1) if k]
    return SCALE * torch.cat([warp(brightness, step * motion) - brightness for step in steps], dim=1)
