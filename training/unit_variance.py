"""Where the layers of a flow network begin: each answers with outputs of one size to what it really sees.

A correlation of features is as small as their square. Where the pyramid begins faint, a decoder sees next to nothing in its cost
volume, its answers are noise, and the quickest way to less error is to shrink everything: features fall to a hundredth within 50
steps, the flow stays zero. So each convolution is scaled, in the order of the data, until its output has unit variance on real
frames (layer-sequential unit-variance initialisation, Mishkin and Matas, ICLR 2016), and predictions until they hardly move anything.
"""

from collections.abc import Callable

import torch
from torch import nn

PREDICTION = 0.01  # root mean square of the flow that a level adds at the beginning, in its pixels


@torch.no_grad()
def begin(network: nn.Module, look: Callable[[], object], is_new: Callable[[str], bool]) -> list[str]:
    """Scale the weights of those convolutions of ``network`` whose names are new; ``look`` passes real frames through it.

    Returns the names of what was scaled, in the order of the data. Layers that begin with zero weights stay as they are.
    """
    convolutions = {layer: name for name, layer in network.named_modules() if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d))}
    sizes: dict[str, float] = {}

    def measure(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        sizes.setdefault(convolutions[layer], float(output.square().mean().sqrt()))

    hooks = [layer.register_forward_hook(measure) for layer in convolutions]
    scaled = []
    try:
        look()
        for name in list(sizes):  # in the order in which they were called
            if not is_new(name):
                continue
            layer = network.get_submodule(name)
            layer.bias.zero_()
            sizes.clear()
            look()
            wanted = PREDICTION if name.endswith("predict") else 1.0
            if sizes[name] > 0:
                layer.weight.mul_(wanted / sizes[name])
                scaled.append(name)
    finally:
        for hook in hooks:
            hook.remove()
    return scaled
