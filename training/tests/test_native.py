"""The engine's kernels under automatic differentiation against PyTorch's own in double."""

import pytest
import torch
import torch.nn.functional as F

from training import native
from training.native import library
from training.networks.config import RestorationConfig
from training.networks.restoration import RestorationNetwork
from training.networks.warp import warp


@pytest.fixture
def kernels(monkeypatch):
    monkeypatch.setattr(library, "loaded", library.loaded)
    if not native.enable():
        pytest.skip("clang is not installed: PyTorch computes all convolutions")


@pytest.fixture(params=[1, 2, 3])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def plain(kernel, inputs, outputs, dilation=1):
    return native.Convolution(inputs, outputs, kernel, 1, dilation * (kernel // 2), dilation)


LAYERS = {
    "3×3": lambda i, o: native.Convolution(i, o, 3, 1, 1),
    "5×5": lambda i, o: native.Convolution(i, o, 5, 1, 2),
    "3×3 by 2": lambda i, o: native.Convolution(i, o, 3, 2, 1),
    "5×5 by 2": lambda i, o: native.Convolution(i, o, 5, 2, 2),
    "3×3 dilated": lambda i, o: native.Convolution(i, o, 3, 1, 3, 3),
    "5×5 dilated": lambda i, o: native.Convolution(i, o, 5, 1, 4, 2),
    "4×4 transposed": lambda i, o: native.TransposedConvolution(i, o, 4, 2, 1),
}
SHAPES = [(1, 8, 8, 1, 1), (2, 24, 24, 13, 17), (1, 16, 40, 7, 9), (3, 24, 48, 12, 12), (1, 72, 24, 20, 5), (2, 9, 8, 8, 6), (1, 32, 3, 15, 14),
          (1, 5, 130, 6, 7), (1, 32, 48, 14, 9)]


def check(layer, shape, slope, added):
    n, inputs, _, height, width = shape
    torch.manual_seed(sum(shape))
    x = torch.randn(n, inputs, height, width).requires_grad_()
    assert native.algorithm(x, layer)
    double = [t.detach().double().requires_grad_() for t in (x, layer.weight, layer.bias)]
    if isinstance(layer, torch.nn.ConvTranspose2d):
        truth = F.conv_transpose2d(*double, layer.stride, layer.padding)
    else:
        truth = F.conv2d(*double, layer.stride, layer.padding, layer.dilation)
    # Where an argument is almost zero, rounding decides which side of the kink its gradient takes.
    gradient = torch.randn(truth.shape) * (truth.abs() > 1e-3)
    truth = F.leaky_relu(truth, slope)
    residual = None
    if added:
        residual = torch.randn(truth.shape).requires_grad_()
        double.append(residual.detach().double().requires_grad_())
        truth = truth + double[3]
    y = layer(x, slope, residual)
    y.backward(gradient)
    truth.backward(gradient.double())
    assert y.shape == truth.shape
    assert relative(y, truth) < 1e-4
    for mine, exact in zip([x, layer.weight, layer.bias, residual], double):
        assert mine.grad.shape == exact.grad.shape
        assert relative(mine.grad, exact.grad) < 1e-4


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("slope, added", [(1.0, False), (1.0, True), (0.1, False)])
def test_value_and_gradients(kind, shape, slope, added):
    check(LAYERS[kind](*shape[1:3]), shape, slope, added)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", LAYERS)
def test_threads_share_the_tiles(kind, threads):
    check(LAYERS[kind](24, 16), (2, 24, 16, 50, 43), 0.1, False)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("kind", LAYERS)
def test_equal_bit_for_bit_with_as_many_threads(kind, threads):
    torch.manual_seed(1)
    layer, x = LAYERS[kind](24, 16), torch.randn(2, 24, 50, 43)
    results = []
    for _ in range(4):
        layer.zero_grad()
        y = layer(x, 0.1)
        y.square().sum().backward()
        results.append((y.detach(), layer.weight.grad.clone()))
    for y, gradient in results[1:]:
        assert y.equal(results[0][0]) and gradient.equal(results[0][1])


def relative(value, truth):
    return float((value.detach().double() - truth.detach()).abs().max() / truth.detach().abs().max())


def test_only_training_asks_for_them():
    assert not native.algorithm(torch.randn(1, 24, 10, 10), native.Convolution(24, 24, 3, 1, 1))


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("layer", [native.Convolution(24, 24, 1), native.Convolution(2, 1, 7, 1, 3), native.Convolution(8, 8, 3, 2, 2, 2),
                                   native.Convolution(8, 8, 3), native.Convolution(8, 8, 3, 3, 1)])
def test_other_shapes_are_left_to_pytorch(layer):
    x = torch.randn(1, layer.in_channels, 10, 10)
    assert not native.algorithm(x, layer)
    assert layer(x, 0.1).equal(F.leaky_relu(torch.nn.Conv2d.forward(layer, x), 0.1))


@pytest.mark.usefixtures("kernels")
def test_other_numbers_are_left_to_pytorch():
    layer = native.Convolution(8, 8, 3, 1, 1)
    assert not native.algorithm(torch.randn(1, 8, 9, 9).double(), layer)
    with torch.autocast("cpu", torch.bfloat16):
        assert not native.algorithm(torch.randn(1, 8, 9, 9), layer)


@pytest.mark.usefixtures("kernels")
def test_an_activation_below_a_residual_is_refused():
    layer, x = native.Convolution(8, 8, 3, 1, 1), torch.randn(1, 8, 9, 9)
    with pytest.raises(ValueError, match="residual"):
        layer(x, 0.1, x)


def flow_of(n, height, width):
    """Flows that lead nowhere, between pixels, far and out of the picture."""
    flow = 6 * torch.randn(n, 2, height, width)
    flow[:, :, 0, :3] = torch.tensor([0.0, 1e4, -1e4])
    return flow


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("shape", [(2, 3, 9, 13), (1, 16, 8, 40), (3, 1, 2, 3), (1, 5, 33, 5)])
def test_warp(shape, threads):
    torch.manual_seed(sum(shape))
    image, flow = torch.randn(shape), flow_of(shape[0], *shape[2:])
    for form in (torch.contiguous_format, torch.channels_last):
        image = image.contiguous(memory_format=form)
        assert native.sampling.usable(image, flow)
        assert relative(warp(image, flow), warp(image.requires_grad_(), flow)) < 1e-4
        image = image.detach()


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("factor, samples, bend, flow_input", [(2, 4, 0, True), (2, 4, 1, True), (2, 2, 0, False), (1, 0, 0, True),
                                                              (1, 0, 2, True), (1, 0, 0, False), (1, 3, 1, False)])
def test_restoration_input(factor, samples, bend, flow_input, threads):
    config = RestorationConfig(factor, [8, 8, 16], 3, 1, False, False, 4, flow_input, samples, bend)
    network = RestorationNetwork(config, 3, 0.1)
    torch.manual_seed(4)
    frames, flows = torch.rand(2, 9, 12, 28), [flow_of(2, 12, 28) for _ in range(2)]
    value = network.input(frames, flows)
    truth = network.input(frames.requires_grad_(), flows)
    assert value.shape == truth.shape and value.is_contiguous(memory_format=torch.channels_last)
    assert relative(value, truth) < 1e-4


@pytest.mark.usefixtures("kernels")
def test_the_single_frame_as_it_is():
    network = RestorationNetwork(RestorationConfig(2, [8, 8, 16], 3, 1, False, False, 4, False), 1, 0.1)
    frame = torch.rand(2, 3, 12, 28)
    assert network.input(frame, ()).equal(F.pixel_unshuffle(frame - 0.5, 2))


@pytest.mark.usefixtures("kernels")
def test_what_needs_a_gradient_is_left_to_pytorch():
    image, flow = torch.randn(1, 3, 8, 8), torch.randn(1, 2, 8, 8).requires_grad_()
    assert not native.sampling.usable(image, flow)
    with torch.no_grad():
        assert native.sampling.usable(image, flow)
    assert not native.sampling.usable(image[..., :1], flow[..., :1])


def computed_by_two_threads(queue, layer, x):
    torch.set_num_threads(2)
    with torch.no_grad():
        queue.put(layer(x).numpy())


@pytest.mark.usefixtures("kernels")
def test_a_forked_process_hires_its_own_threads(threads):
    layer, x = native.Convolution(8, 8, 3, 1, 1), torch.randn(1, 8, 12, 12)
    with torch.no_grad():
        y = layer(x)
    context = torch.multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=computed_by_two_threads, args=(queue, layer, x), daemon=True)
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert torch.from_numpy(queue.get()).equal(y)
