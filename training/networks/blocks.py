"""What every network here is made of."""

import torch
from torch import nn

from ..native import Convolution, TransposedConvolution


def convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1, slope: float = 0.1,
                gain: float = 1.0) -> Convolution:
    """Zero-padded convolution with bias; Kaiming initialisation for LeakyReLU, times ``gain``.

    PyTorch's default initialisation kept training on a plateau for a thousand steps.
    """
    layer = Convolution(inputs, outputs, kernel, stride, dilation * (kernel - 1) // 2, dilation)
    nn.init.kaiming_normal_(layer.weight, a=slope, nonlinearity="leaky_relu")
    with torch.no_grad():
        layer.weight.mul_(gain)
        layer.bias.zero_()
    return layer


def upsampling(inputs: int, outputs: int, slope: float = 0.1, gain: float = 1.0) -> TransposedConvolution:
    """Transposed convolution 4×4, stride 2: twice the size; initialised like ``convolution``."""
    layer = TransposedConvolution(inputs, outputs, 4, 2, 1)
    # Each output pixel sees 2×2 of the 4×4 taps, so the fan is inputs·4.
    nn.init.normal_(layer.weight, std=gain * (2 / ((1 + slope**2) * inputs * 4)) ** 0.5)
    nn.init.zeros_(layer.bias)
    return layer


class ResidualBlock(nn.Module):
    """x + convolution2(lrelu(convolution1(x))); SRN-DeblurNet (Tao et al. 2018): no normalisation."""

    def __init__(self, width: int, kernel: int, slope: float) -> None:
        super().__init__()
        self.slope = slope
        self.convolution1 = convolution(width, width, kernel, slope=slope)
        # A quiet branch at the start lets a deep stack begin close to the identity.
        self.convolution2 = convolution(width, width, kernel, slope=slope, gain=0.3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # [N, C, H, W]
        return self.convolution2(self.convolution1(x, self.slope), residual=x)


def pad_to_multiple(frames: torch.Tensor, multiple: int) -> torch.Tensor:
    """Reflect-pad [..., H, W] on the right and bottom; reflection repeats when the pad exceeds the side."""
    height, width = frames.shape[-2:]
    rows = reflected_indices(height, -height % multiple).to(frames.device)
    columns = reflected_indices(width, -width % multiple).to(frames.device)
    if len(rows) == height and len(columns) == width:
        return frames
    return frames.index_select(-2, rows).index_select(-1, columns)


def reflected_indices(length: int, pad: int) -> torch.Tensor:
    """0 … length−1, then the triangle wave; the edge is not repeated."""
    index = torch.arange(length + pad)
    if length == 1:
        return torch.zeros_like(index)
    index = index % (2 * length - 2)
    return torch.where(index < length, index, 2 * length - 2 - index)
