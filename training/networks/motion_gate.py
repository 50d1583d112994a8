"""How much of the correction counts at each pixel: nothing where nothing moved."""

from collections.abc import Sequence

import torch


def motion_gate(flows: Sequence[torch.Tensor], pixels: float) -> torch.Tensor:
    """[N, 1, H, W]: 0 where nothing moved by more than ``pixels`` a frame, 1 from one and a half times that on.

    What rests has no motion blur; what the network would change there is noise, differently in each frame.
    """
    squares = torch.maximum(*(flow.square().sum(1, keepdim=True) for flow in flows))
    return ((squares / pixels**2 - 1) / 1.25).clamp(0, 1)
