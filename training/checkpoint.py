"""Everything a killed run needs to go on as if nothing had happened."""

import os

import torch


class Average:
    """Exponential moving average of a network's weights; short at the start, so that it never lags the beginning."""

    def __init__(self, network, decay):
        self.decay, self.updates = decay, 0
        self.values = {name: p.detach().clone() for name, p in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, p in network.state_dict().items():
            self.values[name].lerp_(p, 1 - decay)

    def state_dict(self):
        return {"updates": self.updates, "values": self.values}

    def load_state_dict(self, state):
        self.updates = state["updates"]
        for name, value in state["values"].items():
            self.values[name].copy_(value)


def save(path, state):
    """Write beside and rename: a kill leaves the old checkpoint or the new one, never half of one."""
    partial = path.with_name(path.name + ".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path, device="cpu"):
    return torch.load(path, map_location=device, weights_only=True)
