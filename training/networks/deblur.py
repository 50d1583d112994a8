"""The whole system: flow, alignment, restoration."""

import torch
from torch import nn

from .blocks import pad_to_multiple
from .flow import FlowNetwork
from .restoration import RestorationNetwork
from .warp import warp


def motion_gate(flows, pixels):
    """[N, 1, H, W]: 0 where nothing moved by more than ``pixels`` a frame, 1 from one and a half times that on.

    What rests has no motion blur; what the network would change there is noise, differently in each frame.
    """
    squares = torch.maximum(*(flow.square().sum(1, keepdim=True) for flow in flows))
    return ((squares / pixels**2 - 1) / 1.25).clamp(0, 1)


class DeblurNetwork(nn.Module):
    """Three consecutive blurred frames → the sharp middle one."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.flow = FlowNetwork(config.flow, config.slope) if config.flow else None
        self.restoration = RestorationNetwork(config.restoration, config.frames, config.slope)

    def flow_levels(self, previous, middle, following):
        """Flow from the middle frame to each neighbour at every level, coarsest first: [2N, 2, h, w], to ``previous`` first.

        Both directions run as one batch on pyramids computed once a frame.
        """
        count = len(middle)
        pyramid = self.flow.features(torch.cat([previous, middle, following]) - 0.5)
        centre = [torch.cat([level[count : 2 * count]] * 2) for level in pyramid]
        neighbours = [torch.cat([level[:count], level[2 * count :]]) for level in pyramid]
        return self.flow.levels(centre, neighbours)

    def flows(self, previous, middle, following):
        """Flow from the middle frame to the previous and to the next one, in pixels of the frame: [N, 2, H, W] each."""
        return self.flow.full_size(self.flow_levels(previous, middle, following)[-1]).chunk(2)

    def restore(self, previous, middle, following, flows, has_previous=True, has_following=True):
        """Alignment and restoration with given flows.

        ``has_previous``, ``has_following``: bool, or [N] of them. Where a clip begins or ends, the middle frame stands in
        for the missing neighbour, and the motion is taken to go on as on the other side: its flow with the sign turned.
        """
        backward, forward = flows
        exists = [torch.as_tensor(e, device=middle.device).view(-1, 1, 1, 1) for e in (has_previous, has_following)]
        flows = (torch.where(exists[0], backward, -forward * exists[1]), torch.where(exists[1], forward, -backward * exists[0]))
        aligned = [torch.where(exists[0], warp(previous, flows[0]), middle), middle,
                   torch.where(exists[1], warp(following, flows[1]), middle)]
        restored = self.restoration(torch.cat(aligned, dim=1), flows)
        gate = self.config.restoration.motion_gate
        return middle + motion_gate(flows, gate) * (restored - middle) if gate else restored

    def forward(self, previous, middle, following):
        """Frames [N, 3, H, W] in [0, 1], any size → restored middle frame, not clamped. A neighbour may be None."""
        height, width = middle.shape[-2:]
        has_previous, has_following = previous is not None, following is not None
        previous, following = (middle if f is None else f for f in (previous, following))
        previous, middle, following = (pad_to_multiple(f, self.config.stride) for f in (previous, middle, following))
        if self.flow is None:
            restored = self.restoration(middle)
        else:
            flows = self.flows(previous, middle, following)
            restored = self.restore(previous, middle, following, flows, has_previous, has_following)
        return restored[..., :height, :width]
