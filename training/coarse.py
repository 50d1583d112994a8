"""A teacher for the depth: small heads that say from the coarse decoders' outputs alone how the frame, shrunk to their size, changes.

The full size learns first, and what it leaves for the depth to explain is little; with a gradient of their own, the deeper parts
learn to see the blur too. Heads exist in training only (deep supervision: Lee et al. 2015; for deblurring by several sizes:
Cho et al., MIMO-UNet, 2021).
"""

import torch
from torch import nn
import torch.nn.functional as F

from .networks.blocks import convolution
from .networks.restoration import RestorationNetwork


class CoarseHeads(nn.Module):
    """Watches the outputs of all decoders but the last of a restoration network."""

    def __init__(self, restoration: RestorationNetwork) -> None:
        super().__init__()
        decoders = list(restoration.decoder)[:-1]
        self.heads = nn.ModuleList(convolution(decoder.upsample.weight.shape[1], 3, gain=0) for decoder in decoders)
        self.seen: dict[int, torch.Tensor] = {}
        for n, decoder in enumerate(decoders):
            decoder.register_forward_hook(lambda module, inputs, output, n=n: self.seen.__setitem__(n, output))

    def loss(self, change: torch.Tensor) -> torch.Tensor:
        """Mean absolute error of what the heads say of ``change`` [N, 3, H, W], the sharp middle frame less the blurred one; after the
        restoration's forward pass."""
        total = 0
        for n, head in enumerate(self.heads):
            said = head(self.seen.pop(n))
            total = total + (said - F.avg_pool2d(change, change.shape[-1] // said.shape[-1])).abs().mean()
        return total
