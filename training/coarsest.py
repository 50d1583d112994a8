"""A flow network's coarsest level, begun as the next finer one at twice the scale.

From random weights the coarsest level learns nothing here: where pictures move by half a cell of its grid, no answer at all is
better than any answer it could give, and its features shrink before they match anything (error 1.00 times that of no flow after
12,000 steps, and again after 200 with fresh weights of unit variance). But what it has to do is what the next finer level does as
long as nothing comes from above: find motion by correlation. Blur and motion know no scale, so that level's weights serve, on its
features at half the size.
"""

import torch

from .networks.flow import FlowNetwork

GAIN = 1.3  # of the level's later convolutions: what smoothing takes from contrast
FAINT = 0.1  # of the initial weights, where the finer level has nothing to copy
EXTRAS = 4  # last inputs of a finer decoder: flow and features from above


@torch.no_grad()
def begin(flow: FlowNetwork) -> None:
    """Let the coarsest level of ``flow`` see its neighbour's features at half the size and decode as that does without help.

    The neighbour's weights for what comes from above begin at zero: they have never heard anything.
    """
    if flow.config.finest == len(flow.config.pyramid):
        raise ValueError("the coarsest level is the only one that is decoded: there is none to begin as")
    inputs, channels = flow.config.pyramid[-2:]
    if channels < inputs:
        raise ValueError(f"the coarsest level has {channels} channels, fewer than the {inputs} of the next")
    binomial = torch.tensor([1.0, 2.0, 1.0]) / 4
    smooth, centre = binomial[:, None] * binomial, torch.zeros(3, 3)
    centre[1, 1] = 1
    for n, layer in enumerate(flow.pyramid[-1]):
        layer.weight.mul_(FAINT)
        layer.bias.zero_()
        layer.weight[:inputs] = 0
        layer.weight[range(inputs), range(inputs)] = GAIN * centre if n else smooth
    coarsest = flow.decoder[str(len(flow.config.pyramid) - 1)]
    finer = flow.decoder[str(len(flow.config.pyramid) - 2)]
    for n, (mine, others) in enumerate(zip([*coarsest.convolutions, coarsest.predict], [*finer.convolutions, finer.predict])):
        shared = others.weight.shape[1]
        if n == 0 or flow.config.dense:
            shared -= EXTRAS
            others.weight[:, shared:] = 0
        mine.weight.mul_(FAINT)
        mine.weight[:, :shared] = others.weight[:, :shared]
        mine.bias.copy_(others.bias)
    coarsest.upfeat.weight.mul_(FAINT * FAINT)
    coarsest.upfeat.bias.zero_()
