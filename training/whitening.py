"""Where the restoration's first convolution begins and learns: its input with all channels of one size and without likeness.

Aligned frames, colours and neighbouring pixels are nearly the same, so the input's channels hold one large common part (the brightness:
root mean square 1.6) and many small differences (half of all directions: under 0.05), and the differences are what tells a
blurred place from a sharp one. A convolution that begins anywhere answers to brightness, and a step that is equally long in every
direction hardly moves what it makes of the differences. In whitened coordinates both are even.
"""

from collections.abc import Iterable

import torch
from torch import nn

from .data.samples import Batch
from .networks import DeblurNetwork

FLOOR = 0.02  # root mean square below which a direction is left small: there lie noise and codecs
BATCHES = 24
LAYER = "restoration.encoder.0.convolution"


def layer(network: DeblurNetwork) -> nn.Conv2d:
    """The convolution that this is about."""
    return network.restoration.encoder[0].convolution


@torch.no_grad()
def whitening(network: DeblurNetwork, batches: Iterable[Batch]) -> torch.Tensor:
    """[I, I] symmetric: makes the first convolution's I input channels white, as seen over ``batches``, and keeps their power."""
    total, count, seen = 0, 0, []
    hook = layer(network).register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    try:
        for batch in batches:
            previous, middle, next_frame = batch["previous"], batch["middle"], batch["next"]
            if network.flow is None:
                network.restoration(middle)
            else:
                network.restore(previous, middle, next_frame, network.flows(previous, middle, next_frame),
                                batch["has_previous"], batch["has_next"])
            x = seen.pop().movedim(1, -1).flatten(0, 2).double()
            total, count = total + x.T @ x, count + len(x)
    finally:
        hook.remove()
    values, vectors = torch.linalg.eigh(total / count)
    scale = values.mean().sqrt() * (values.clamp(min=0) + FLOOR**2).rsqrt()
    return (vectors * scale @ vectors.T).float()


def apply(weights: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    """Convolution weights [O, I, k, k] by input channel: W·matrix at every tap."""
    return torch.einsum("ijkl,jm->imkl", weights, matrix)
