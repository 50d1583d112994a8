"""Samples of the middle frame along its own motion, the path that the shutter smeared it over, and along that path's bend."""

from collections.abc import Sequence

import torch

from .warp import warp

SCALE = 4  # differences between neighbours on the path are small beside the frames themselves


BEND = 16  # the farthest sample along the bend lies at a 16th of it: about where a shutter open all the time moves the centroid


def motion_path(middle: torch.Tensor, flows: Sequence[torch.Tensor], count: int, bend: int = 0) -> torch.Tensor:
    """Brightness at ``count`` points each way along the motion and ``bend`` each way along its bend, minus the brightness here:
    [N, 2·count + 2·bend, H, W].

    ``flows`` lead to the previous and the next frame; half their difference is the motion m from one frame to the
    next. The points lie at ±k/(2·count) m, k = 1 … count, backward ones first, farthest first: they span what an
    always open shutter smears, so that blur of any length and direction becomes one and the same filter along them.

    The bend is the sum of both flows, what the path curves by within a frame's time. Where it is not zero, the blurred middle frame's centroid lies off the
    place of the middle of the exposure, along the bend; the points at ±k/(16·bend) of it, in the same order, let a convolution shift it back.
    """
    motion, curve = (flows[1] - flows[0]) / 2, flows[0] + flows[1]
    brightness = middle.float().mean(1, keepdim=True)
    moves = [k / (2 * count) * motion for k in range(-count, count + 1) if k]
    moves += [k / (BEND * bend) * curve for k in range(-bend, bend + 1) if k]
    return SCALE * torch.cat([warp(brightness, move) - brightness for move in moves], dim=1)
