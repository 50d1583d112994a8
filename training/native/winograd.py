"""Convolutions as the engine's Winograd kernels compute them, and their gradients.

A convolution of stride 2 is one of stride 1 over the four phases of its input; a transposed one of stride 2 is one whose
output are four phases; the gradient to the input of either is the other (docs/engine.md, convolutions).
"""

import ctypes

import torch
from torch.autograd.function import BackwardCFunction, FunctionCtx
import torch.nn.functional as F

from . import library

# kernel, padding, dilation, input_step, output_step, staggered of ``library.Geometry``
Shape = tuple[int, int, int, int, int, int]


class Algorithm:
    """One kind of layer. Taps: the kernel as Winograd sees it, [k, k, depth of all inputs, channels of all outputs]."""

    input_step = output_step = backward_input_step = backward_output_step = dilation = 1
    staggered = 0
    kernel: int
    padding: int
    backward_padding: int

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        return height, width

    def forward(self, x: torch.Tensor, taps: torch.Tensor, bias: torch.Tensor | None, slope: float,
                residual: torch.Tensor | None) -> torch.Tensor:
        """[N, depth, H, W] → lrelu(x ∗ taps + bias) + residual."""
        kernel, steps = taps.shape[0], (self.input_step, self.output_step)
        return run(x, taps, bias, slope, residual, self.output_size(*x.shape[2:]), (kernel, self.padding, self.dilation, *steps, self.staggered))

    def backward(self, gradient: torch.Tensor, taps: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
        """dL/dx, of ``size``."""
        steps = self.backward_input_step, self.backward_output_step
        return run(gradient, taps, None, 1, None, size, (taps.shape[0], self.backward_padding, self.dilation, *steps, 0))

    def weight_gradient(self, x: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
        """dL/d taps."""
        depth, channels = x.shape[1] * self.input_step**2, gradient.shape[1] * self.output_step**2
        taps = torch.empty(self.kernel, self.kernel, depth, channels)
        geometry = describe((self.kernel, self.padding, self.dilation, self.input_step, self.output_step, self.staggered), x, gradient)
        add_up = library.for_channels("weight_gradient", x.shape[1], gradient.shape[1])
        add_up(geometry, x.data_ptr(), gradient.data_ptr(), taps.data_ptr(), torch.get_num_threads())
        return taps


class Plain(Algorithm):
    """k×k, stride 1, any dilation; weight [O, I, k, k]."""

    channels, depth = 0, 1  # axes of the weight

    def __init__(self, kernel: int, dilation: int = 1) -> None:
        self.kernel, self.dilation, self.padding = kernel, dilation, kernel // 2
        self.backward_padding = self.padding

    def taps(self, weight: torch.Tensor) -> torch.Tensor:
        return weight.permute(2, 3, 1, 0)

    def backward_taps(self, weight: torch.Tensor) -> torch.Tensor:
        return weight.flip(2, 3).permute(2, 3, 0, 1)

    def weight(self, taps: torch.Tensor) -> torch.Tensor:
        """``taps`` undone."""
        return taps.permute(3, 2, 0, 1)


class Strided(Algorithm):
    """k×k, stride 2. Tap s = −k/2 … k/2 of output y reads input 2y + s: row y + ⌊s/2⌋ of the phase s mod 2."""

    channels, depth = 0, 1
    input_step = backward_output_step = 2
    padding = 1

    def __init__(self, kernel: int) -> None:
        self.original, self.kernel = kernel, (kernel + 1) // 2
        self.backward_padding = self.kernel - 2
        self.before = 2 - kernel // 2  # from s = −2 on, by pairs

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        return (height + 1) // 2, (width + 1) // 2

    def phases(self, weight: torch.Tensor) -> torch.Tensor:
        """[O, I, tap, phase, tap, phase]."""
        after = 2 * self.kernel - self.original - self.before
        outputs, inputs = weight.shape[:2]
        return F.pad(weight, (self.before, after) * 2).view(outputs, inputs, self.kernel, 2, self.kernel, 2)

    def taps(self, weight: torch.Tensor) -> torch.Tensor:
        return self.phases(weight).permute(2, 4, 3, 5, 1, 0).flatten(2, 4)

    def backward_taps(self, weight: torch.Tensor) -> torch.Tensor:
        return self.phases(weight).flip(2, 4).permute(2, 4, 0, 3, 5, 1).flatten(3)

    def weight(self, taps: torch.Tensor) -> torch.Tensor:
        k, end = self.kernel, self.before + self.original
        inputs, outputs = taps.shape[2] // 4, taps.shape[3]
        whole = taps.view(k, k, 2, 2, inputs, outputs).permute(5, 4, 0, 2, 1, 3).reshape(outputs, inputs, 2 * k, 2 * k)
        return whole[..., self.before : end, self.before : end]


class Transposed(Algorithm):
    """4×4, stride 2, padding 1; weight [I, O, 4, 4]. Row 2j + p of the output sums rows j − 1 + p and j + p of the input."""

    channels, depth = 1, 0
    kernel, padding, backward_padding = 2, 1, 1
    output_step = backward_input_step = 2
    staggered = 1

    def output_size(self, height: int, width: int) -> tuple[int, int]:
        return 2 * height, 2 * width

    def taps(self, weight: torch.Tensor) -> torch.Tensor:
        inputs, outputs = weight.shape[:2]
        return weight.flip(2, 3).view(inputs, outputs, 2, 2, 2, 2).permute(2, 4, 0, 3, 5, 1).flatten(3)

    def backward_taps(self, weight: torch.Tensor) -> torch.Tensor:
        """Of a convolution 4×4 with stride 2, whose taps begin at s = −1."""
        inputs, outputs = weight.shape[:2]
        return F.pad(weight, (1, 1, 1, 1)).view(inputs, outputs, 3, 2, 3, 2).permute(2, 4, 3, 5, 1, 0).flatten(2, 4)

    def weight(self, taps: torch.Tensor) -> torch.Tensor:
        inputs, outputs = taps.shape[2], taps.shape[3] // 4
        return taps.view(2, 2, inputs, 2, 2, outputs).permute(2, 5, 0, 3, 1, 4).reshape(inputs, outputs, 4, 4).flip(2, 3)


Kind = Plain | Strided | Transposed


def describe(shape: Shape, x: torch.Tensor, y: torch.Tensor) -> "ctypes._CArgObject":
    return ctypes.byref(library.Geometry(*shape, x.shape[0], *x.shape[2:], *y.shape[2:], x.shape[1], y.shape[1]))


def run(x: torch.Tensor, taps: torch.Tensor, bias: torch.Tensor | None, slope: float, residual: torch.Tensor | None,
        size: tuple[int, int], shape: Shape) -> torch.Tensor:
    taps, phases = taps.contiguous(), shape[4] ** 2
    bias = torch.zeros(taps.shape[3]) if bias is None else bias.repeat(phases)
    y = torch.empty((x.shape[0], taps.shape[3] // phases, *size), memory_format=torch.channels_last)
    kernel = library.for_channels("convolve", x.shape[1], y.shape[1])
    kernel(describe(shape, x, y), x.data_ptr(), taps.data_ptr(), bias.data_ptr(), 0 if residual is None else residual.data_ptr(), slope,
           y.data_ptr(), torch.get_num_threads())
    return y


def whole_vectors(tensor: torch.Tensor, axis: int) -> torch.Tensor:
    """Zeros behind the channels, up to a multiple of the kernels' lanes."""
    missing = -tensor.shape[axis] % library.loaded.lanes()
    return F.pad(tensor, (0, 0) * (tensor.ndim - 1 - axis) + (0, missing)) if missing else tensor


class WinogradConvolution(torch.autograd.Function):
    """lrelu(x ∗ weight + bias) + residual."""

    @staticmethod
    def forward(ctx: FunctionCtx, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, slope: float,
                residual: torch.Tensor | None, algorithm: Kind) -> torch.Tensor:
        if slope != 1 and residual is not None:
            raise ValueError("an activation below a residual has no gradient here: its sign is not kept")
        x = whole_vectors(x, 1).contiguous(memory_format=torch.channels_last)
        if residual is not None:
            residual = residual.contiguous(memory_format=torch.channels_last)
        y = algorithm.forward(x, algorithm.taps(whole_vectors(weight, algorithm.depth)), bias, slope, residual)
        ctx.slope, ctx.added, ctx.algorithm = slope, residual is not None, algorithm
        ctx.save_for_backward(x, weight, y if slope != 1 else None)
        return y

    @staticmethod
    def backward(ctx: BackwardCFunction, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight, y = ctx.saved_tensors
        algorithm = ctx.algorithm
        arriving = gradient
        if y is not None:  # the sign of the activation is that of its argument
            gradient = torch.ops.aten.leaky_relu_backward(gradient, y, ctx.slope, True)
        to_x = to_weight = to_bias = None
        if ctx.needs_input_grad[2]:
            to_bias = gradient.sum((0, 2, 3))
        gradient = whole_vectors(gradient, 1).contiguous(memory_format=torch.channels_last)
        if ctx.needs_input_grad[0]:
            to_x = algorithm.backward(gradient, algorithm.backward_taps(whole_vectors(weight, algorithm.channels)), x.shape[2:])
        if ctx.needs_input_grad[1]:
            to_weight = algorithm.weight(algorithm.weight_gradient(x, gradient))
            to_weight = to_weight[: weight.shape[0], : weight.shape[1]]
        return to_x, to_weight, to_bias, None, arriving if ctx.added else None, None


def convolve(algorithm: Kind, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, slope: float,
             residual: torch.Tensor | None) -> torch.Tensor:
    return WinogradConvolution.apply(x, weight, bias, slope, residual, algorithm)
