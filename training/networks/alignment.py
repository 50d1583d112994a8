"""Alignment, the paper's second step: both neighbours are brought onto the middle frame by the flow that leads to them."""

import torch

from .warp import warp


def align(previous: torch.Tensor, middle: torch.Tensor, next_frame: torch.Tensor, flows: tuple[torch.Tensor, torch.Tensor],
          has_previous: bool | torch.Tensor = True, has_next: bool | torch.Tensor = True,
          ) -> tuple[list[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Frames [N, 3, H, W] and the flows from the middle one to its neighbours, [N, 2, H, W] each → (the three frames as seen from
    the middle one, the flows that led there).

    ``has_previous``, ``has_next``: bool, or [N] of them. Where a clip begins or ends, the middle frame stands in
    for the missing neighbour, and the motion is taken to go on as on the other side: its flow with the sign turned.
    """
    to_previous, to_next = flows
    exists = [torch.as_tensor(e, device=middle.device).view(-1, 1, 1, 1) for e in (has_previous, has_next)]
    flows = (torch.where(exists[0], to_previous, -to_next * exists[1]), torch.where(exists[1], to_next, -to_previous * exists[0]))
    aligned = [torch.where(exists[0], warp(previous, flows[0]), middle), middle,
               torch.where(exists[1], warp(next_frame, flows[1]), middle)]
    return aligned, flows
