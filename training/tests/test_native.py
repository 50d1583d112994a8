"""The engine's kernels under automatic differentiation against PyTorch's own in double."""

import pytest
import torch
import torch.nn.functional as F

from training import native

@pytest.fixture
def kernels(monkeypatch):
    monkeypatch.setattr(native, "library", native.library)
    if not native.enable():
        pytest.skip("clang is not installed: PyTorch computes all convolutions")


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("shape", [(1, 8, 8, 1, 1), (2, 24, 24, 13, 17), (1, 16, 40, 7, 9), (3, 24, 48, 12, 12), (1, 72, 24, 20, 5)])
@pytest.mark.parametrize("slope, added", [(1.0, False), (1.0, True), (0.1, False)])
def test_value_and_gradients(shape, slope, added):
    n, inputs, outputs, height, width = shape
    torch.manual_seed(sum(shape))
    layer = native.Convolution(inputs, outputs, 3, 1, 1)
    x = torch.randn(n, inputs, height, width).requires_grad_()
    residual = torch.randn(n, outputs, height, width).requires_grad_() if added else None
    assert native.usable(x, layer)
    y = layer(x, slope, residual)
    double = [t.detach().double().requires_grad_() for t in (x, layer.weight, layer.bias, *([residual] if added else []))]
    truth = F.conv2d(*double[:3], padding=1)
    # Where an argument is almost zero, rounding decides which side of the kink its gradient takes.
    gradient = torch.randn_like(y) * (truth.abs() > 1e-3)
    truth = F.leaky_relu(truth, slope)
    if added:
        truth = truth + double[3]
    y.backward(gradient)
    truth.backward(gradient.double())
    assert relative(y, truth) < 1e-4
    for mine, exact in zip([x, layer.weight, layer.bias, residual], double):
        assert relative(mine.grad, exact.grad) < 1e-4


def relative(value, truth):
    return float((value.detach().double() - truth.detach()).abs().max() / truth.detach().abs().max())


def test_only_training_asks_for_them():
    assert not native.usable(torch.randn(1, 24, 10, 10), native.Convolution(24, 24, 3, 1, 1))


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("layer", [native.Convolution(24, 12, 3, 1, 1), native.Convolution(24, 24, 3, 2, 1),
                                   native.Convolution(24, 24, 3, 1, 2, 2), native.Convolution(24, 24, 1), native.Convolution(9, 8, 3, 1, 1)])
def test_other_shapes_are_left_to_pytorch(layer):
    x = torch.randn(1, layer.in_channels, 10, 10)
    assert not native.usable(x, layer)
    assert layer(x, 0.1).equal(F.leaky_relu(torch.nn.Conv2d.forward(layer, x), 0.1))
