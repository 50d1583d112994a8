"""Convolutional block attention module (the paper, section on the CBAM; Woo et al. 2018)."""

import torch
from torch import nn
import torch.nn.functional as F

from .blocks import convolution

OPEN = 2.0  # logit of an attention gate at the start: σ(2) = 0.88, nearly open and still with slope


class BlockAttention(nn.Module):
    """F [N, D, H, W] → F_s, the same size: weighted by channel (M_c), then by place (M_s).

    Both gates begin open and alike everywhere. With gates that begin anywhere, training shut them before the features behind
    them had learnt a thing, for good: σ has no slope there (docs/networks.md, "Attention gates that stay alive").
    """

    def __init__(self, width: int, ratio: int) -> None:
        super().__init__()
        self.reduce = nn.Linear(width, width // ratio)
        self.expand = nn.Linear(width // ratio, width)
        self.spatial = convolution(2, 1, 7)
        self.logits = None  # of the last forward pass: channels [N, D], places [N, 1, H, W]
        with torch.no_grad():
            for last, bias in ((self.expand, OPEN / 2), (self.spatial, OPEN)):  # the MLP is added up twice
                last.weight.zero_()
                last.bias.fill_(bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mlp = lambda v: self.expand(F.relu(self.reduce(v)))
        channels = mlp(x.mean((2, 3))) + mlp(x.amax((2, 3)))
        x = x * torch.sigmoid(channels)[:, :, None, None]
        places = self.spatial(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1))
        self.logits = (channels, places)
        return x * torch.sigmoid(places)
