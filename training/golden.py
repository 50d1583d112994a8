"""Golden tensors: what PyTorch computes, for the Swift tests to compare with.

    python -m training.golden --out Tests/DeblurTests/Fixtures/golden [--weights Sources/Deblur/Resources/fast.safetensors]

One safetensors file per layer type and per ablation, float32, channels first without the batch dimension:
``input`` (``input.0`` … when several), ``weight.*``, ``output`` (``output.*``); parameters in the metadata.
Network files hold a tiny network's weights under their own keys behind ``weight.`` and its configuration in the
metadata. ``fast-61x83`` and ``fast-95x50`` hold frames and results on the shipped weights, which they name.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
import json
from pathlib import Path
from typing import TypeVar

from safetensors import safe_open
from safetensors.torch import save_file
import torch
from torch import nn
import torch.nn.functional as F

from .networks import DeblurNetwork, ModelConfig
from .networks.attention import BlockAttention
from .networks.blocks import ResidualBlock, pad_to_multiple
from .networks.config import FlowConfig, RestorationConfig
from .networks.cost_volume import cost_volume
from .networks.motion_path import motion_path
from .networks.pyramid_pooling import PyramidPooling
from .networks.warp import warp
from .weights import load_network

SLOPE = 0.1

Module = TypeVar("Module", bound=nn.Module)


def write(folder: Path, name: str, tensors: dict[str, torch.Tensor], **parameters: str | float) -> None:
    """Drop the batch dimension of images and save."""
    metadata = {key: value if isinstance(value, str) else json.dumps(value) for key, value in parameters.items()}
    metadata["command"] = "python -m training.golden"
    tensors = {key: (t[0] if t.ndim == 4 and not key.startswith("weight.") else t).detach().float().contiguous()
               for key, t in tensors.items()}
    path = folder / f"{name}.safetensors"
    if not holds(path, tensors, metadata):  # the header's order is arbitrary: unchanged files stay byte for byte
        save_file(tensors, path, metadata)


def holds(path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> bool:
    """Whether the file already says exactly this."""
    if not path.exists():
        return False
    with safe_open(path, "pt") as file:
        return (file.metadata() == metadata and set(file.keys()) == tensors.keys()
                and all(file.get_tensor(key).equal(value) for key, value in tensors.items()))


def parameters_of(module: nn.Module) -> dict[str, torch.Tensor]:
    return {f"weight.{key}": value for key, value in module.state_dict().items()}


def randomised(module: Module) -> Module:
    """Every parameter drawn anew, biases and zero-initialised ones too: a zero would hide a wrong key."""
    with torch.no_grad():
        for p in module.parameters():
            fan = p[0].numel() if p.ndim > 1 else 100
            p.normal_(std=(1.5 / fan) ** 0.5)
    return module.eval()


def convolutions(folder: Path) -> None:
    for kernel in (1, 3, 5, 7):
        for stride in (1, 2):
            for dilation in (1, 2, 4):
                if (kernel != 3 and dilation > 1) or (stride > 1 and dilation > 1) or (kernel in (1, 7) and stride > 1):
                    continue
                layer = randomised(nn.Conv2d(5, 7, kernel, stride, dilation * (kernel - 1) // 2, dilation))
                x = torch.randn(1, 5, 13, 18)
                write(folder, f"convolution-k{kernel}-s{stride}-d{dilation}",
                      {"input": x, "output": layer(x), **parameters_of(layer)},
                      kernel=kernel, stride=stride, dilation=dilation)
    layer = randomised(nn.ConvTranspose2d(6, 5, 4, 2, 1))
    x = torch.randn(1, 6, 7, 9)
    write(folder, "transposed-convolution", {"input": x, "output": layer(x), **parameters_of(layer)}, kernel=4, stride=2)


def functions(folder: Path) -> None:
    x, flow = torch.rand(1, 3, 14, 17), 6 * torch.randn(1, 2, 14, 17)
    write(folder, "warp", {"input.image": x, "input.flow": flow, "output": warp(x, flow)})
    first, second = torch.randn(1, 6, 9, 11), torch.randn(1, 6, 9, 11)
    for radius in (3, 4):
        write(folder, f"cost-volume-r{radius}", {"input.first": first, "input.second": second,
                                                 "output": cost_volume(first, second, radius)}, radius=radius)
    x = torch.randn(1, 2, 5, 7)
    for factor in (2, 4):
        y = F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)
        write(folder, f"resize-x{factor}", {"input": x, "output": y}, factor=factor)
    x = torch.randn(1, 3, 11, 17)
    for size in (1, 2, 3, 6):
        write(folder, f"adaptive-average-pool-{size}", {"input": x, "output": F.adaptive_avg_pool2d(x, size)}, size=size)
    write(folder, "average-pool-2", {"input": x[..., :10, :16].contiguous(), "output": F.avg_pool2d(x[..., :10, :16], 2)})
    x = torch.randn(1, 3, 8, 12)
    write(folder, "pixel-unshuffle", {"input": x, "output": F.pixel_unshuffle(x, 2)}, factor=2)
    x = torch.randn(1, 12, 4, 6)
    write(folder, "pixel-shuffle", {"input": x, "output": F.pixel_shuffle(x, 2)}, factor=2)
    for height, width, multiple in ((61, 83, 32), (1, 7, 32), (5, 3, 16)):
        x = torch.rand(1, 3, height, width)
        write(folder, f"pad-{height}x{width}", {"input": x, "output": pad_to_multiple(x, multiple)}, multiple=multiple)


def blocks(folder: Path) -> None:
    x = torch.randn(1, 16, 13, 19)
    for name, module in (("pyramid-pooling", PyramidPooling(16, SLOPE)), ("block-attention", BlockAttention(16, 4)),
                         ("residual-block", ResidualBlock(16, 3, SLOPE))):
        module = randomised(module)
        write(folder, name, {"input": x, "output": module(x), **parameters_of(module)}, slope=SLOPE, cbam_ratio=4)


def tiny_configurations() -> Iterator[ModelConfig]:
    """Every code path of the presets and of the ablations, in a few thousand weights each."""
    flow = FlowConfig(unshuffle=2, pyramid=[6, 8, 10], convolutions=2, finest=1, radius=2, decoder=[8, 6],
                      dense=False, context=[[8, 1], [6, 2]])
    restoration = RestorationConfig(unshuffle=2, widths=[6, 8, 16], kernel=3, blocks=1, ppm=True, cbam=True,
                                    cbam_ratio=4, flow_input=True, path_samples=2, motion_gate=0.1)
    base = ModelConfig("tiny", 3, SLOPE, flow, restoration)
    yield base
    for ppm, cbam in ((True, False), (False, True), (False, False)):
        name = "tiny" + ("-ppm" if ppm else "") + ("-cbam" if cbam else "") + ("-none" if not ppm and not cbam else "")
        yield replace(base, name=name, restoration=replace(restoration, ppm=ppm, cbam=cbam, flow_input=False, path_samples=0, motion_gate=0))
    yield replace(base, name="tiny-single-frame", frames=1, flow=None, restoration=replace(restoration, flow_input=False, path_samples=0, motion_gate=0))
    yield replace(base, name="tiny-paper",
                  flow=replace(flow, unshuffle=1, pyramid=[4, 6, 8, 10], convolutions=3, finest=2, dense=True),
                  restoration=replace(restoration, unshuffle=1, kernel=5, blocks=2, flow_input=False, path_samples=0, motion_gate=0))
    yield replace(base, name="tiny-full-size", restoration=replace(restoration, unshuffle=1, kernel=5, blocks=2, path_samples=3, bend_samples=2))


def run(network: DeblurNetwork, frames: list[torch.Tensor]) -> dict[str, torch.Tensor]:
    """Flows at the cropped size and the restored frame, as the program would see them."""
    height, width = frames[0].shape[-2:]
    tensors = {f"frame{i}": frame for i, frame in enumerate(frames)}
    if network.flow is not None:
        flows = network.flows(*(pad_to_multiple(f, network.config.stride) for f in frames))
        for name, flow in zip(("flow_prev", "flow_next"), flows):
            tensors[name] = flow[..., :height, :width]
    tensors["restored"] = network(*frames)
    if network.flow is not None:
        previous, middle, next_frame = frames
        tensors["restored_first"] = network(None, middle, next_frame)
        tensors["restored_last"] = network(previous, middle, None)
        tensors["restored_lone"] = network(None, middle, None)
    return tensors


def moving_frames(height: int, width: int) -> list[torch.Tensor]:
    """Three frames of smooth texture that moves, so that the flow is not noise."""
    texture = F.interpolate(torch.rand(1, 3, height // 4 + 8, width // 4 + 8), scale_factor=4, mode="bicubic").clamp(0, 1)
    return [texture[..., 4 + 3 * t : 4 + 3 * t + height, 4 + 2 * t : 4 + 2 * t + width].contiguous() for t in range(3)]


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="also the whole network on these weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    convolutions(arguments.out)
    functions(arguments.out)
    blocks(arguments.out)
    for config in tiny_configurations():
        network = randomised(DeblurNetwork(config))
        write(arguments.out, config.name, {**run(network, moving_frames(45, 37)), **parameters_of(network)},
              config=config.to_json())
    torch.manual_seed(11)
    x, flows = torch.rand(1, 3, 14, 17), [4 * torch.randn(1, 2, 14, 17) for _ in range(2)]
    write(arguments.out, "motion-path", {"input.image": x, "input.flow_prev": flows[0], "input.flow_next": flows[1],
                                         "output": motion_path(x, flows, 2)}, count=2)
    if arguments.weights:
        network = load_network(arguments.weights)
        for height, width in ((61, 83), (95, 50)):
            torch.manual_seed(height)
            write(arguments.out, f"{network.config.name}-{height}x{width}", run(network, moving_frames(height, width)),
                  config=network.config.to_json(), weights=arguments.weights.name)


if __name__ == "__main__":
    main()
