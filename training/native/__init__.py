"""Convolutions of the CPU engine under PyTorch's automatic differentiation.

PyTorch's own convolutions reach about half of a core's direct multiply-add rate in float32; Winograd's need a fifth of
the multiplications or less, forward and backward. Training asks for them by ``enable``, which builds the library from
this folder and the engine's sources with clang; everything else, and other shapes and devices, stay with PyTorch.
"""

import torch
import torch.nn.functional as F

from . import library, sampling
from .library import enable
from .winograd import Kind, Plain, Strided, Transposed, convolve


def algorithm(x: torch.Tensor, layer: torch.nn.Conv2d | torch.nn.ConvTranspose2d) -> Kind | None:
    """How the kernels compute this layer, or None where PyTorch does: float32 on the CPU, kernels 3×3 and 5×5 or, transposed, 4×4."""
    if library.loaded is None or x.device.type != "cpu" or x.dtype != torch.float32 or torch.is_autocast_enabled("cpu"):
        return None
    shape = (layer.kernel_size[0], layer.stride[0], layer.dilation[0])
    if isinstance(layer, torch.nn.ConvTranspose2d):
        return Transposed() if shape == (4, 2, 1) and layer.padding == (1, 1) else None
    if shape[0] not in (3, 5) or shape[1] > 2 or (shape[1] == 2 and shape[2] > 1) or layer.padding[0] != shape[2] * (shape[0] // 2):
        return None
    return Plain(shape[0], shape[2]) if shape[1] == 1 else Strided(shape[0])


class Convolution(torch.nn.Conv2d):
    """A convolution with what follows it in these networks: LeakyReLU, or the addition of a residual."""

    def forward(self, x: torch.Tensor, slope: float = 1.0, residual: torch.Tensor | None = None) -> torch.Tensor:
        chosen = algorithm(x, self)
        if chosen:
            return convolve(chosen, x, self.weight, self.bias, slope, residual)
        return activated(super().forward(x), slope, residual)


class TransposedConvolution(torch.nn.ConvTranspose2d):
    """The same, transposed."""

    def forward(self, x: torch.Tensor, slope: float = 1.0, residual: torch.Tensor | None = None) -> torch.Tensor:
        chosen = algorithm(x, self)
        if chosen:
            return convolve(chosen, x, self.weight, self.bias, slope, residual)
        return activated(super().forward(x), slope, residual)


def activated(y: torch.Tensor, slope: float, residual: torch.Tensor | None) -> torch.Tensor:
    if slope != 1:
        y = F.leaky_relu(y, slope)
    return y if residual is None else residual + y
