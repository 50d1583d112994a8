"""Convolutions of the CPU engine under PyTorch's automatic differentiation.

PyTorch's own 3×3 convolutions reach about half of a core's direct multiply-add rate in float32; Winograd's need a
fifth of the multiplications, forward and backward. Training asks for them by ``enable``, which builds the library
from ``convolution.c`` and the engine's sources with clang; everything else, and other shapes and devices, stay with PyTorch.
"""

import ctypes
from functools import cache
from pathlib import Path
import shutil
import subprocess
import tempfile

import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parents[1] / "Sources" / "CKernels"

POINTS = [0, 1, -1, 2, -2, 0.5, -0.5]


def generator():
    """G of F(6×6, 3×3) [8, 3]: powers of each interpolation point over the product of its distances to the others."""
    factors = [1, -2 / 9, -2 / 9, 1 / 90, 1 / 90, 32 / 45, 32 / 45]
    rows = [[factor * point**k for k in range(3)] for point, factor in zip(POINTS, factors)]
    return torch.tensor(rows + [[0, 0, 1]], dtype=torch.float64)


KRONECKER = torch.kron(generator(), generator()).float()  # [64, 9]: all of G g Gᵀ as one matrix


library = None  # the compiled kernels, once enabled


def enable():
    """Run 3×3 convolutions on the engine's kernels from now on. False where clang is not installed."""
    global library
    clang = shutil.which("clang")
    if clang and library is None:
        library = build(clang)
    return library is not None


@cache
def build(clang):
    """The library, compiled once a process."""
    target = Path(tempfile.mkdtemp()) / "convolution.so"
    subprocess.run([clang, "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", f"-I{ENGINE}", f"-I{ENGINE / 'include'}",
                    str(HERE / "convolution.c"), *map(str, sorted(ENGINE.glob("*.c"))), "-o", str(target)], check=True)
    loaded = ctypes.CDLL(str(target))
    shutil.rmtree(target.parent)
    pointer, number = ctypes.c_void_p, ctypes.c_int
    for name in ("convolve_scratch", "weight_gradient_scratch"):
        getattr(loaded, name).restype, getattr(loaded, name).argtypes = ctypes.c_size_t, [number] * 2
    loaded.convolve.argtypes = [pointer] * 4 + [ctypes.c_float, pointer] + [number] * 5 + [pointer]
    loaded.weight_gradient.argtypes = [pointer] * 3 + [number] * 5 + [pointer]
    loaded.convolve.restype = loaded.weight_gradient.restype = None
    return loaded


def usable(x, layer):
    """Whether the kernels compute this layer: 3×3, stride 1, float32 on the CPU, whole vectors of channels."""
    return (library is not None and x.device.type == "cpu" and layer.kernel_size == (3, 3) and layer.stride == (1, 1) and layer.dilation == (1, 1)
            and x.dtype == torch.float32 and not torch.is_autocast_enabled("cpu")
            and layer.in_channels % library.lanes() == 0 and layer.out_channels % library.lanes() == 0)


def convolve(x, u, bias, slope=1.0, residual=None):
    n, depth, height, width = x.shape
    channels = u.shape[2]
    y = torch.empty((n, channels, height, width), memory_format=torch.channels_last)
    scratch = torch.empty(library.convolve_scratch(depth, channels))
    library.convolve(x.data_ptr(), u.data_ptr(), bias.data_ptr(), 0 if residual is None else residual.data_ptr(), slope,
                       y.data_ptr(), n, height, width, depth, channels, scratch.data_ptr())
    return y


class WinogradConvolution(torch.autograd.Function):
    """lrelu(x ∗ weight + bias) + residual; x [N, I, H, W], weight [O, I, 3, 3]."""

    @staticmethod
    def forward(ctx, x, weight, bias, slope, residual):
        x = x.contiguous(memory_format=torch.channels_last)
        if residual is not None:
            residual = residual.contiguous(memory_format=torch.channels_last)
        outputs, inputs = weight.shape[:2]
        u = (KRONECKER @ weight.permute(2, 3, 1, 0).reshape(9, -1)).view(64, inputs, outputs)
        y = convolve(x, u, bias, slope, residual)
        ctx.slope, ctx.added = slope, residual is not None
        ctx.save_for_backward(x, weight, y if slope != 1 else None)
        return y

    @staticmethod
    def backward(ctx, gradient):
        x, weight, y = ctx.saved_tensors
        outputs, inputs = weight.shape[:2]
        arriving = gradient
        if y is not None:  # the sign of the activation is that of its argument
            gradient = torch.ops.aten.leaky_relu_backward(gradient, y, ctx.slope, True)
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        to_x = to_weight = to_bias = None
        if ctx.needs_input_grad[0]:
            turned = weight.flip(2, 3).permute(2, 3, 0, 1).reshape(9, -1)
            to_x = convolve(gradient, (KRONECKER @ turned).view(64, outputs, inputs), torch.zeros(inputs))
        if ctx.needs_input_grad[1]:
            u = torch.empty(64, inputs, outputs)
            scratch = torch.empty(library.weight_gradient_scratch(inputs, outputs))
            n, _, height, width = x.shape
            library.weight_gradient(x.data_ptr(), gradient.data_ptr(), u.data_ptr(), n, height, width, inputs, outputs,
                                      scratch.data_ptr())
            to_weight = (KRONECKER.T @ u.view(64, -1)).view(3, 3, inputs, outputs).permute(3, 2, 0, 1)
        if ctx.needs_input_grad[2]:
            to_bias = gradient.sum((0, 2, 3))
        return to_x, to_weight, to_bias, None, arriving if ctx.added else None


class Convolution(torch.nn.Conv2d):
    """A convolution with what follows it in these networks: LeakyReLU, or the addition of a residual."""

    def forward(self, x, slope=1.0, residual=None):
        if usable(x, self):
            return WinogradConvolution.apply(x, self.weight, self.bias, slope, residual)
        y = super().forward(x)
        if slope != 1:
            y = F.leaky_relu(y, slope)
        return y if residual is None else residual + y
