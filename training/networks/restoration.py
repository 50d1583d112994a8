"""The restoration network (the paper, after SRN-DeblurNet, Tao et al., CVPR 2018, without ConvLSTM)."""

from collections.abc import Sequence

import torch
from torch import nn
import torch.nn.functional as F

from ..native import sampling
from .attention import BlockAttention
from .blocks import ResidualBlock, convolution, upsampling
from .config import RestorationConfig
from .motion_path import SCALE, motion_path
from .pyramid_pooling import PyramidPooling

FLOW_SCALE = 16  # pixels of motion that count as 1 at the network's input


def residual_blocks(config: RestorationConfig, width: int, slope: float) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width, config.kernel, slope) for _ in range(config.blocks)))


class EncoderBlock(nn.Module):
    """Feature extraction: a convolution, halving the size from the second block on, and residual blocks."""

    def __init__(self, config: RestorationConfig, inputs: int, outputs: int, stride: int, slope: float) -> None:
        super().__init__()
        self.slope = slope
        self.convolution = convolution(inputs, outputs, config.kernel, stride, slope=slope)
        self.blocks = residual_blocks(config, outputs, slope)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.blocks(self.convolution(x, self.slope))


class DecoderBlock(nn.Module):
    """Reconstruction: residual blocks and, but in the last block, a transposed convolution to twice the size."""

    def __init__(self, config: RestorationConfig, inputs: int, outputs: int | None, slope: float, gain: float = 1.0) -> None:
        super().__init__()
        self.slope = slope
        self.blocks = residual_blocks(config, inputs, slope)
        if outputs:
            self.upsample = upsampling(inputs, outputs, slope, gain)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.blocks(x)
        return self.upsample(x, self.slope) if hasattr(self, "upsample") else x


class RestorationNetwork(nn.Module):
    """Aligned frames [N, 3·frames, H, W] in [0, 1] (and flows [N, 2, H, W]) → restored middle frame [N, 3, H, W]."""

    def __init__(self, config: RestorationConfig, frames: int, slope: float) -> None:
        super().__init__()
        self.config, self.frames = config, frames
        u, (narrow, middle, wide) = config.unshuffle, config.widths
        inputs = (3 * frames + config.points) * u * u + (4 if config.flow_input else 0)
        self.encoder = nn.ModuleList([EncoderBlock(config, inputs, narrow, 1, slope),
                                      EncoderBlock(config, narrow, middle, 2, slope),
                                      EncoderBlock(config, middle, wide, 2, slope)])
        self.ppm = PyramidPooling(wide, slope) if config.ppm else None
        self.cbam = BlockAttention(2 * wide if config.ppm else wide, config.cbam_ratio) if config.cbam else None
        self.project = convolution(2 * wide, wide, 1, slope=1) if config.ppm else None
        # The deepest stage begins silent and is let in as it learns: its noise is what attention learned to shut out.
        self.decoder = nn.ModuleList([DecoderBlock(config, wide, middle, slope, gain=0),
                                      DecoderBlock(config, middle, narrow, slope),
                                      DecoderBlock(config, narrow, None, slope)])
        self.output = convolution(narrow, 3 * u * u, config.kernel, gain=0)

    def input(self, frames: torch.Tensor, flows: Sequence[torch.Tensor]) -> torch.Tensor:
        """All that the first encoder sees [N, inputs, H / unshuffle, W / unshuffle], channels last."""
        c, u = self.config, self.config.unshuffle
        if sampling.usable(frames, *flows):
            return sampling.restoration_input(frames, flows, u, c.path_samples, c.bend_samples, c.flow_input, SCALE, 1 / FLOW_SCALE)
        x = F.pixel_unshuffle(frames - 0.5, u)
        if c.points:
            path = motion_path(frames[:, 3:6], flows, c.path_samples, c.bend_samples)
            x = torch.cat([x, F.pixel_unshuffle(path, u)], dim=1)
        if c.flow_input:
            x = torch.cat([x] + [F.avg_pool2d(flow, u) / FLOW_SCALE for flow in flows], dim=1)
        return x.contiguous(memory_format=torch.channels_last)

    def forward(self, frames: torch.Tensor, flows: Sequence[torch.Tensor] = ()) -> torch.Tensor:
        x = self.input(frames, flows)
        skips = []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
        for part in (self.ppm, self.cbam, self.project):
            if part is not None:
                x = part(x)
        x = self.decoder[0](x) + skips[1]
        x = self.decoder[1](x) + skips[0]
        change = self.output(self.decoder[2](x))
        middle = frames[:, 3:6] if self.frames == 3 else frames
        return middle + F.pixel_shuffle(change.float(), self.config.unshuffle)
