"""Everything a killed run needs to go on as if nothing had happened."""

import os
from pathlib import Path
from typing import Any, TypedDict

import torch
from torch import nn


class AverageState(TypedDict):
    updates: int
    values: dict[str, torch.Tensor]


class RunState(TypedDict):
    """What ``state.pt`` holds."""

    config: str  # ``ModelConfig.to_json``
    schedule: dict[str, Any]
    sequences: int
    whitening: torch.Tensor | None
    coarse: dict[str, torch.Tensor] | None
    stage: int
    step: int  # within the stage
    total_steps: int
    seconds: float
    network: dict[str, torch.Tensor]
    average: AverageState
    optimisers: dict[str, list[dict[str, Any]]]  # by the network that they train


class Average:
    """Exponential moving average of a network's weights; short at the start, so that it never lags the beginning."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay, self.updates = decay, 0
        self.values = {name: p.detach().clone() for name, p in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, p in network.state_dict().items():
            self.values[name].lerp_(p, 1 - decay)

    def restart(self, network: nn.Module, prefix: str) -> None:
        """Begin anew from the weights whose names begin so: something else than a step has changed them."""
        for name, p in network.state_dict().items():
            if name.startswith(prefix):
                self.values[name].copy_(p)

    def state_dict(self) -> AverageState:
        return {"updates": self.updates, "values": self.values}

    def load_state_dict(self, state: AverageState) -> None:
        self.updates = state["updates"]
        for name, value in state["values"].items():
            self.values[name].copy_(value)


def save(path: Path, state: RunState) -> None:
    """Write beside and rename: a kill leaves the old checkpoint or the new one, never half of one."""
    partial = path.with_name(path.name + ".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path, device: str = "cpu") -> RunState:
    return torch.load(path, map_location=device, weights_only=True)
