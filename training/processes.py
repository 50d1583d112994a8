"""One run in several processes, each with its share of every batch: for machines with several cores.

    python -m torch.distributed.run --nproc-per-node 2 -m -- training.train …

(``--``: without it the launcher takes ``--start`` for an abbreviation of an option of its own.)

A step's tensors are passed over many times and by few at once, so two threads in one process hardly beat one; two processes do.
Gradients are averaged between them before a step, so all of them take the same one, the one that a single process takes.
"""

from collections.abc import Iterable
from datetime import timedelta
import os

import torch
from torch import distributed, nn

PATIENCE = timedelta(hours=2)  # the first process validates while the others wait


class Processes:
    """Those that train together; without ``torch.distributed.run`` that is one, and nothing here does anything."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("WORLD_SIZE", 1))
        self.rank = int(os.environ.get("RANK", 0))
        if self.count > 1 and not distributed.is_initialized():
            distributed.init_process_group("gloo", timeout=PATIENCE)

    @property
    def leads(self) -> bool:
        """Whether this one writes files and lines."""
        return self.rank == 0

    def share(self, size: int) -> range:
        """The samples of a batch of ``size`` that are this one's. All shares are of one size, so that a mean of means is the mean."""
        if size % self.count:
            raise SystemExit(f"a batch of {size} cannot be shared evenly by {self.count} processes; run as many as divide it")
        each = size // self.count
        return range(self.rank * each, (self.rank + 1) * each)

    def average_gradients(self, networks: Iterable[nn.Module]) -> None:
        """Replace all gradients by their means over the processes, bit for bit the same in each."""
        if self.count == 1:
            return
        gradients = [p.grad for network in networks for p in network.parameters() if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        distributed.all_reduce(flat)
        flat /= self.count
        for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients])):
            gradient.copy_(mean.view_as(gradient))

    def of_leader(self, value: float) -> float:
        """What the first process says, where clocks may differ."""
        if self.count == 1:
            return value
        told = torch.tensor(value, dtype=torch.float64)
        distributed.broadcast(told, 0)
        return float(told)

    def any(self, flag: bool) -> bool:
        """Whether it is true in one of them."""
        if self.count == 1:
            return flag
        told = torch.tensor(float(flag))
        distributed.all_reduce(told, distributed.ReduceOp.MAX)
        return bool(told)
