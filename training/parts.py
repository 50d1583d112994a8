"""What each part of trained networks is worth: every part put to rest in turn, and the gain that is lost.

    python -m training.parts --weights FILE.safetensors --validation FOLDER [--frames 5] [--out docs/table.md]

A part at rest gives what carries no information: an encoder or decoder's output becomes its mean over the picture, channel by
channel; residual blocks of a decoder add nothing; pooled regions are zero; attention weighs all channels, or all places, alike; flow,
motion path and flow as an input are zero; a decoder of the flow adds nothing to what comes from the coarser one. The
motion gate keeps the network's own flow throughout, or nothing would be left to measure.
The deepest stage as a whole is everything between the middle encoder's output and the first skip connection.
A loss near zero means that the part does nothing; docs/weights.md shows the table of the shipped weights.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from . import evaluate, metrics, native
from .data.layouts import Clip, Pictures
from .networks import DeblurNetwork
from .networks.blocks import pad_to_multiple
from .weights import load_network

KINDS = {"moving": "raw", "h264": "through H.264"}

Inputs = tuple[Any, ...]  # of a module, as hooks see them
Rest = Callable[[nn.Module], RemovableHandle]  # puts a module to rest until the handle is removed


def over_places(x: torch.Tensor) -> torch.Tensor:
    """Each channel's mean over the picture, everywhere: [N, C, H, W]."""
    return x.mean((2, 3), keepdim=True).expand_as(x)


def output(change: Callable[[torch.Tensor], torch.Tensor]) -> Rest:
    """A way to rest: the module's output becomes ``change(output)``."""
    return lambda module: module.register_forward_hook(lambda _, inputs, result: change(result))


def skipped(module: nn.Module) -> RemovableHandle:
    """A way to rest: the module passes on what it gets."""
    return module.register_forward_hook(lambda _, inputs, result: inputs[0])


def zero_inputs(first: int, count: int) -> Rest:
    """A way to rest: ``count`` channels of the module's input from ``first`` on are zero."""
    def zeroed(_: nn.Module, inputs: Inputs) -> Inputs:
        x = inputs[0].clone()
        x[:, first : first + count] = 0
        return (x, *inputs[1:])
    return lambda module: module.register_forward_pre_hook(zeroed)


def without_flow(frames: Sequence[torch.Tensor]) -> Rest:
    """A way for the restoration network to rest its flow: ``frames`` (three of them) not aligned, and flow zero."""
    def still(_: nn.Module, inputs: Inputs) -> Inputs:
        return (torch.cat(frames, dim=1), tuple(torch.zeros_like(f) for f in inputs[1]), *inputs[2:])
    return lambda module: module.register_forward_pre_hook(still)


def parts(network: DeblurNetwork, frames: Sequence[torch.Tensor] = ()) -> Iterator[tuple[str, nn.Module, Rest]]:
    """(name, module, way to rest) of every part that the network has; ``frames``: previous, middle, next as the network sees them."""
    r, c = network.restoration, network.config.restoration
    for n, encoder in enumerate(r.encoder):
        yield f"encoder {n}", encoder, output(over_places)
    if r.ppm is not None:
        pooled = lambda x: torch.cat([x[:, : x.shape[1] // 2], torch.zeros_like(x[:, x.shape[1] // 2 :])], dim=1)
        yield "pyramid pooling", r.ppm, output(pooled)
    if r.cbam is not None:
        yield "channel attention", r.cbam.expand, output(lambda logits: logits.mean(-1, keepdim=True).expand_as(logits))
        yield "spatial attention", r.cbam.spatial, output(over_places)
    if r.project is not None:
        yield "projection", r.project, output(over_places)
    for n, decoder in enumerate(r.decoder):
        yield f"decoder {n}", decoder.blocks, skipped
    yield "deepest stage as a whole", r.decoder[0], output(over_places)
    if network.flow is not None:
        area = c.unshuffle**2
        images, path, bend = 3 * network.config.frames * area, 2 * c.path_samples * area, 2 * c.bend_samples * area
        yield "flow", r, without_flow(frames)
        for n in sorted(network.flow.decoder, reverse=True):
            yield f"flow: decoder {n}", network.flow.decoder[n].predict, output(torch.zeros_like)
        yield "flow: context network", network.flow.context, lambda module: module.register_forward_hook(lambda _, inputs, result: inputs[1])
        if c.path_samples:
            yield "motion path", r.encoder[0], zero_inputs(images, path)
        if c.bend_samples:
            yield "bend of the path", r.encoder[0], zero_inputs(images + path, bend)
        if c.flow_input:
            yield "flow as an input", r.encoder[0], zero_inputs(images + path + bend, 4)


@contextmanager
def at_rest(module: nn.Module, rest: Rest) -> Iterator[None]:
    handle = rest(module)
    try:
        yield
    finally:
        handle.remove()


@torch.no_grad()
def gains(network: DeblurNetwork, blurred: Pictures, sharp: Pictures, which: Iterable[int]) -> dict[str, list[float]]:
    """Part → gains in dB of some frames of a clip (uint8 [N, H, W, 3]) with that part at rest; "none": nothing is."""
    table: dict[str, list[float]] = {}
    for i in which:
        for part, gain in gains_of_frame(network, blurred, sharp, i):
            table.setdefault(part, []).append(gain)
    return table


def gains_of_frame(network: DeblurNetwork, blurred: Pictures, sharp: Pictures, i: int) -> Iterator[tuple[str, float]]:
    """(part, gain in dB of frame i with that part at rest) for every part, "none" first."""
    height, width = blurred[i].shape[:2]
    exists = [0 <= k < len(blurred) for k in (i - 1, i + 1)]
    frames = [pad_to_multiple(evaluate.to_tensor(blurred[k if 0 <= k < len(blurred) else i]), network.config.stride)
              for k in (i - 1, i, i + 1)]
    before = metrics.psnr(blurred[i], sharp[i])

    def gain(flows: tuple[torch.Tensor, torch.Tensor] | None) -> float:
        restored = network.restore(*frames, flows, *exists) if network.flow is not None else network.restoration(frames[1])
        return metrics.psnr(evaluate.to_frame(restored[..., :height, :width]), sharp[i]) - before

    flows = network.flows(*frames) if network.flow is not None else None
    yield "none", gain(flows)
    for name, module, rest in parts(network, frames):
        with at_rest(module, rest):
            # Only what lies in the flow network changes the flow: it is found once for all others.
            changed = network.flows(*frames) if name.startswith("flow:") else flows
            yield name, gain(changed)


def measured(network: DeblurNetwork, clips: Iterable[Clip], every: int) -> dict[str, dict[str, float]]:
    """Kind → part → mean gain in dB over the clips of that kind, by every n-th frame."""
    rows: dict[str, dict[str, list[float]]] = {}
    for name, kind, blurred, sharp, _ in clips:
        if kind in KINDS:
            for part, values in gains(network, blurred, sharp, range(every // 2, len(blurred), every)).items():
                rows.setdefault(kind, {}).setdefault(part, []).append(np.mean(values))
            print(f"{name}: {rows[kind]['none'][-1]:+.2f} dB", flush=True)
    return {kind: {part: float(np.mean(values)) for part, values in table.items()} for kind, table in rows.items()}


def markdown(table: dict[str, dict[str, float]]) -> str:
    """The gains lost, as a Markdown table."""
    kinds = list(table)
    lines = ["| part at rest | " + " | ".join(f"gain lost {KINDS[kind]}, dB" for kind in kinds) + " |", "|---" * (1 + len(kinds)) + "|"]
    for part in table[kinds[0]]:
        if part != "none":
            lines.append(f"| {part} | " + " | ".join(f"{table[kind]['none'] - table[kind][part]:.3f}" for kind in kinds) + " |")
    lines.append("| (none: the gain) | " + " | ".join(f"{table[kind]['none']:.3f}" for kind in kinds) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--validation", type=Path, required=True, help="folder written by training.data.validation or second_renderer")
    parser.add_argument("--frames", type=int, default=5, help="measure on every Nth frame")
    parser.add_argument("--out", type=Path, help="write the table here too")
    arguments = parser.parse_args()
    native.enable()
    table = measured(load_network(arguments.weights), evaluate.validation_clips(arguments.validation), arguments.frames)
    if not table:
        raise SystemExit(f"{arguments.validation}: no clips of the kinds {', '.join(KINDS)}; run python -m training.data.validation first")
    print(markdown(table), end="")
    if arguments.out:
        arguments.out.write_text(markdown(table))


if __name__ == "__main__":
    main()
