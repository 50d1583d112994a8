"""What training minimises."""

from collections.abc import Iterable, Sequence

import torch
import torch.nn.functional as F

from .networks.warp import warp


def flow_loss(flows: Sequence[torch.Tensor], truth: torch.Tensor, exponent: float = 0.7, decay: float = 0.8) -> torch.Tensor:
    """Multi-scale end-point error (PWC-Net section 4): (error + 0.05)^``exponent``, in pixels of the frame; robust below 1.

    flows: coarsest first, each [N, 2, h, w] in pixels of its level; truth [N, 2, H, W] in pixels of the frame.
    The weight falls by ``decay`` from each level to the next coarser one.
    """
    total, weight = 0, 1.0
    for flow in reversed(flows):
        factor = truth.shape[-1] // flow.shape[-1]
        error = end_point_error(flow * factor, F.avg_pool2d(truth, factor))
        total = total + weight * (error + 0.05).pow(exponent).mean()
        weight *= decay
    return total


def end_point_error(flow: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Length of the difference, [N, H, W]."""
    return ((flow - truth).square().sum(1) + 1e-8).sqrt()


def alignment_loss(flow: torch.Tensor, middle: torch.Tensor, neighbour: torch.Tensor) -> torch.Tensor:
    """Mean difference (Charbonnier) of the sharp middle frame and its sharp neighbour, warped onto it by a flow that was found
    on the blurred frames; pixels that the flow takes out of the picture do not count. [N, 3, H, W], flow [N, 2, H, W]."""
    height, width = flow.shape[-2:]
    x = torch.arange(width, device=flow.device) + flow[:, 0].detach()
    y = torch.arange(height, device=flow.device)[:, None] + flow[:, 1].detach()
    inside = ((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1))[:, None]
    error = ((warp(neighbour, flow) - middle).square() + 1e-4).sqrt()
    return (error * inside).sum() / (3 * inside.sum()).clamp(min=1)


def l1(restored: torch.Tensor, target: torch.Tensor, middle: torch.Tensor, floor: float) -> torch.Tensor:
    """The paper's loss."""
    return (restored - target).abs().mean()


def relative_l1(restored: torch.Tensor, target: torch.Tensor, middle: torch.Tensor, floor: float) -> torch.Tensor:
    """L1 of each sample over that of its input: gains in dB count alike for strong and mild blur.

    ``floor`` keeps a sharp sample, whose input has no error, at a finite weight. A low floor protects sharp
    input; from the start it would punish every change before the network can tell sharp from blurred.
    """
    before = (middle - target).abs().mean((1, 2, 3))
    after = (restored - target).abs().mean((1, 2, 3))
    return (after / (before + floor)).mean()


def log_mse(restored: torch.Tensor, target: torch.Tensor, middle: torch.Tensor, floor: float) -> torch.Tensor:
    """What PSNR measures: the mean of 10·log10 of each sample's squared error, in dB. ``floor``² as in ``relative_l1``."""
    return 10 * ((restored - target).square().mean((1, 2, 3)) + floor**2).log10().mean()


HARMLESS = 4 / 255  # growth of a patch's error, root of its mean square, that ``metrics.harm`` does not count either


def harm(restored: torch.Tensor, target: torch.Tensor, middle: torch.Tensor, size: int = 16) -> torch.Tensor:
    """How far places become worse than they were: growth of the squared error over patches of ``size`` (overlapping by half), as a
    share of the picture's own mean error and ``HARMLESS``². The other losses trade a place that loses against one that gains; this does not.
    """
    patches = lambda frame: F.avg_pool2d((frame - target).square().mean(1, keepdim=True), size, size // 2)
    growth = (patches(restored) - patches(middle)).clamp(min=0)
    mean = (middle - target).square().mean((1, 2, 3), keepdim=True)
    return (growth / (mean + HARMLESS**2)).mean()


def local_log_mse(restored: torch.Tensor, target: torch.Tensor, size: int = 16, floor: float = 2 / 255) -> torch.Tensor:
    """``log_mse`` of patches of ``size`` (overlapping by half), in dB: a plain wall counts like the edge beside it. Over a whole
    picture a trail's error is a hundred times that of ripples of a few grey levels, which are what one sees on a wall.
    """
    patches = F.avg_pool2d((restored - target).square().mean(1, keepdim=True), size, size // 2)
    return 10 * (patches + floor**2).log10().mean()


def attention_bound(logits: Iterable[torch.Tensor], bound: float = 3.0) -> torch.Tensor:
    """What keeps the slope of attention's gates: the mean square by which logits exceed ±``bound``, over all gates.

    σ(±3) is 0.05 and 0.95: a gate may all but close. Beyond, σ flattens, and this pulls with a force that grows where
    the loss has none left.
    """
    return sum((z.abs() - bound).clamp(min=0).square().mean() for z in logits)


RESTORATION = {"l1": l1, "relative_l1": relative_l1, "log_mse": log_mse}
