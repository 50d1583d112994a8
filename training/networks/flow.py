"""Optical flow: PWC-Net (Sun et al., CVPR 2018)."""

import torch
from torch import nn
import torch.nn.functional as F

from ..native import TransposedConvolution
from .blocks import convolution
from .config import FlowConfig
from .cost_volume import cost_volume
from .warp import warp


class FlowDecoder(nn.Module):
    """One pyramid level: warping, cost volume, estimator (PWC-Net section 3)."""

    def __init__(self, config: FlowConfig, level: int, slope: float) -> None:
        super().__init__()
        self.config, self.slope = config, slope
        coarsest, finest = level == len(config.pyramid), level == config.finest
        width = (2 * config.radius + 1) ** 2 + config.pyramid[level - 1] + (0 if coarsest else 4)
        self.convolutions = nn.ModuleList()
        for outputs in config.decoder:
            self.convolutions.append(convolution(width, outputs, slope=slope))
            width = width + outputs if config.dense else outputs
        self.predict = convolution(width, 2, slope=slope, gain=0.1)
        self.upfeat = None if finest else TransposedConvolution(width, 2, 4, 2, 1)
        self.width = width

    def forward(self, first: torch.Tensor, second: torch.Tensor, flow: torch.Tensor | None,
                features: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """Features of both frames [N, C, H, W]; flow and features of the coarser level or None → (flow, x)."""
        if flow is None:
            aligned, extra = second, []
        else:
            flow = 2 * F.interpolate(flow, scale_factor=2, mode="bilinear", align_corners=False)
            aligned, extra = warp(second, flow).to(second.dtype), [flow.to(first.dtype), features]
        volume = F.leaky_relu(cost_volume(first, aligned, self.config.radius), self.slope)
        x = torch.cat([volume.to(first.dtype), first, *extra], dim=1)
        for layer in self.convolutions:
            y = layer(x, self.slope)
            x = torch.cat([y, x], dim=1) if self.config.dense else y
        change = self.predict(x).float()
        return (change if flow is None else flow + change), x


class ContextNetwork(nn.Module):
    """Dilated convolutions that refine the finest flow (PWC-Net section 3, context network)."""

    def __init__(self, inputs: int, layers: list[list[int]], slope: float) -> None:
        super().__init__()
        self.slope = slope
        self.convolutions = nn.ModuleList()
        for outputs, dilation in layers:
            self.convolutions.append(convolution(inputs, outputs, dilation=dilation, slope=slope))
            inputs = outputs
        self.predict = convolution(inputs, 2, gain=0)

    def forward(self, x: torch.Tensor, flow: torch.Tensor) -> torch.Tensor:
        y = torch.cat([x, flow.to(x.dtype)], dim=1)
        for layer in self.convolutions:
            y = layer(y, self.slope)
        return flow + self.predict(y).float()


class FlowNetwork(nn.Module):
    """Flow from one frame to another. Frames: [N, 3, H, W] minus 0.5, sides multiples of the stride."""

    def __init__(self, config: FlowConfig, slope: float) -> None:
        super().__init__()
        self.config, self.slope = config, slope
        self.pyramid = nn.ModuleList()
        width = 3 * config.unshuffle**2
        for outputs in config.pyramid:
            level = nn.ModuleList([convolution(width, outputs, stride=2, slope=slope)])
            level.extend(convolution(outputs, outputs, slope=slope) for _ in range(config.convolutions - 1))
            self.pyramid.append(level)
            width = outputs
        see_contrast(self.pyramid[0][0])
        # Levels finer than `finest` have no decoder; their places stay empty so that keys carry the level.
        self.decoder = nn.ModuleDict({str(level - 1): FlowDecoder(config, level, slope)
                                      for level in range(config.finest, len(config.pyramid) + 1)})
        finest = self.decoder[str(config.finest - 1)]
        self.context = ContextNetwork(finest.width + 2, config.context, slope)

    def features(self, frame: torch.Tensor) -> list[torch.Tensor]:
        """The feature pyramid, finest level first; computed once per frame."""
        x = F.pixel_unshuffle(frame, self.config.unshuffle)
        levels = []
        for level in self.pyramid:
            for layer in level:
                x = layer(x, self.slope)
            levels.append(x)
        return levels

    def levels(self, first: list[torch.Tensor], second: list[torch.Tensor]) -> list[torch.Tensor]:
        """Flow at every level [N, 2, h, w] in pixels of that level, coarsest first; pyramids as from ``features``."""
        flow = features = None
        flows = []
        for level in range(len(self.config.pyramid), self.config.finest - 1, -1):
            decoder = self.decoder[str(level - 1)]
            flow, x = decoder(first[level - 1], second[level - 1], flow, features)
            if decoder.upfeat is not None:
                features = decoder.upfeat(x)
            else:
                flow = self.context(x, flow)
            flows.append(flow)
        return flows

    def full_size(self, flow: torch.Tensor) -> torch.Tensor:
        """The finest flow as pixels of the frame [N, 2, H, W]."""
        k = self.config.upscale
        return k * F.interpolate(flow, scale_factor=k, mode="bilinear", align_corners=False)

    def forward(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return self.full_size(self.levels(self.features(first), self.features(second))[-1])


@torch.no_grad()
def see_contrast(layer: nn.Conv2d, gain: float = 6.0) -> None:
    """Begin with filters of zero mean, amplified to the scale of natural contrast.

    Correlation of features that carry brightness is high everywhere; of edges, only where they match.
    """
    layer.weight.sub_(layer.weight.mean((1, 2, 3), keepdim=True)).mul_(gain)
