"""Convolutional block attention module (the paper, section on the CBAM; Woo et al. 2018)."""

import torch
from torch import nn
import torch.nn.functional as F

from .blocks import convolution


class BlockAttention(nn.Module):
    """F [N, D, H, W] → F_s, the same size: weighted by channel (M_c), then by place (M_s)."""

    def __init__(self, width, ratio):
        super().__init__()
        self.reduce = nn.Linear(width, width // ratio)
        self.expand = nn.Linear(width // ratio, width)
        self.spatial = convolution(2, 1, 7)

    def forward(self, x):
        mlp = lambda v: self.expand(F.relu(self.reduce(v)))
        channel = torch.sigmoid(mlp(x.mean((2, 3))) + mlp(x.amax((2, 3))))
        x = x * channel[:, :, None, None]
        place = torch.sigmoid(self.spatial(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1)))
        return x * place
