"""The whole system: flow, alignment, restoration."""

import torch
from torch import nn

from .alignment import align
from .blocks import pad_to_multiple
from .config import ModelConfig
from .flow import FlowNetwork
from .motion_gate import motion_gate
from .restoration import RestorationNetwork


class DeblurNetwork(nn.Module):
    """Three consecutive blurred frames → the sharp middle one."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.flow = FlowNetwork(config.flow, config.slope) if config.flow else None
        self.restoration = RestorationNetwork(config.restoration, config.frames, config.slope)

    def flow_levels(self, previous: torch.Tensor, middle: torch.Tensor, next_frame: torch.Tensor) -> list[torch.Tensor]:
        """Flow from the middle frame to each neighbour at every level, coarsest first: [2N, 2, h, w], to ``previous`` first.

        Both directions run as one batch on pyramids computed once a frame.
        """
        count = len(middle)
        pyramid = self.flow.features(torch.cat([previous, middle, next_frame]) - 0.5)
        centre = [torch.cat([level[count : 2 * count]] * 2) for level in pyramid]
        neighbours = [torch.cat([level[:count], level[2 * count :]]) for level in pyramid]
        return self.flow.levels(centre, neighbours)

    def flows(self, previous: torch.Tensor, middle: torch.Tensor, next_frame: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Flow from the middle frame to the previous and to the next one, in pixels of the frame: [N, 2, H, W] each."""
        return self.flow.full_size(self.flow_levels(previous, middle, next_frame)[-1]).chunk(2)

    def restore(self, previous: torch.Tensor, middle: torch.Tensor, next_frame: torch.Tensor,
                flows: tuple[torch.Tensor, torch.Tensor], has_previous: bool | torch.Tensor = True,
                has_next: bool | torch.Tensor = True) -> torch.Tensor:
        """Alignment and restoration with given flows; ``has_previous`` and ``has_next`` as in ``align``."""
        aligned, flows = align(previous, middle, next_frame, flows, has_previous, has_next)
        restored = self.restoration(torch.cat(aligned, dim=1), flows)
        pixels = self.config.restoration.motion_gate
        return middle + motion_gate(flows, pixels) * (restored - middle) if pixels else restored

    def forward(self, previous: torch.Tensor | None, middle: torch.Tensor, next_frame: torch.Tensor | None) -> torch.Tensor:
        """Frames [N, 3, H, W] in [0, 1], any size → restored middle frame, not clamped. A neighbour may be None."""
        height, width = middle.shape[-2:]
        grey = (middle.amax(1) - middle.amin(1)).amax((1, 2)) < 1 / 1024
        has_previous, has_next = previous is not None, next_frame is not None
        previous, next_frame = (middle if f is None else f for f in (previous, next_frame))
        previous, middle, next_frame = (pad_to_multiple(f, self.config.stride) for f in (previous, middle, next_frame))
        if self.flow is None:
            restored = self.restoration(middle)
        else:
            flows = self.flows(previous, middle, next_frame)
            restored = self.restore(previous, middle, next_frame, flows, has_previous, has_next)
        if grey.any():  # what is added to a frame without colour has none either
            change = (restored - middle).mean(1, keepdim=True)
            restored = torch.where(grey.view(-1, 1, 1, 1), middle + change, restored)
        return restored[..., :height, :width]
