"""Whether each part of the networks still works and learns: activations, gates, gradients.

A part that dies (a gate that shuts for good, activations that explode or vanish, no gradient) leaves the loss as it is, since
the other parts go round it. Nothing but a look inside shows it.
"""

from collections.abc import Callable, Iterable, Iterator
import csv
from pathlib import Path
from typing import Self, TypedDict

import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from .networks import DeblurNetwork

SATURATED = 0.01  # a gate this close to 0 or 1 has lost 96 % of its slope
SHUT = 0.02  # mean of a gate
LARGEST = 1e3  # mean |activation|
SMALLEST = 1e-12  # norm of a part's gradient


class Row(TypedDict, total=False):
    """What one look tells of one part: of a gate ``open`` and ``saturated``, of the others ``activation`` and ``gradient``."""

    step: int
    part: str
    activation: float
    gradient: float
    open: float
    saturated: float


Watch = Callable[[list[Row]], None]


class PartDied(SystemExit):
    """Training went on without one of its parts."""


def parts(network: DeblurNetwork) -> Iterator[tuple[str, nn.Module]]:
    """(name, module) of what is watched, in the order of the data: levels of the flow, then the restoration."""
    flow, restoration = network.flow, network.restoration
    if flow is not None:
        yield from ((f"flow pyramid {n}", level[-1]) for n, level in enumerate(flow.pyramid))
        yield from ((f"flow decoder {n}", flow.decoder[n]) for n in sorted(flow.decoder, reverse=True))
        yield "flow context", flow.context
    yield from ((f"encoder {n}", block) for n, block in enumerate(restoration.encoder))
    for name, part in (("pyramid pooling", restoration.ppm), ("attention", restoration.cbam), ("projection", restoration.project)):
        if part is not None:
            yield name, part
    yield from ((f"decoder {n}", block) for n, block in enumerate(restoration.decoder))
    yield "output", restoration.output


class Health:
    """Watches a network through one training step; ``rows`` then tells of every part that is trained."""

    COLUMNS = ("step", "part", "activation", "gradient", "open", "saturated")

    def __init__(self, network: DeblurNetwork) -> None:
        self.network = network
        self.activations: dict[str, torch.Tensor] = {}
        self.hooks: list[RemovableHandle] = []

    def __enter__(self) -> Self:
        for name, part in parts(self.network):
            self.hooks.append(part.register_forward_hook(lambda module, inputs, output, name=name: self.note(name, output)))
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self.hooks:
            hook.remove()
        self.hooks.clear()

    def note(self, name: str, output: torch.Tensor | Iterable[torch.Tensor | None]) -> None:
        outputs = [output] if isinstance(output, torch.Tensor) else output
        self.activations[name] = torch.stack([o.detach().float().abs().mean() for o in outputs if o is not None]).mean()

    def rows(self, step: int) -> list[Row]:
        """One dictionary a trained part: mean |activation|, norm of the gradient as it arrived, and of gates their mean and the share that is saturated."""
        rows: list[Row] = []
        for name, part in parts(self.network):
            gradients = [p.grad for p in part.parameters() if p.grad is not None]
            if not gradients or name not in self.activations:
                continue
            norm = torch.stack([g.float().norm() for g in gradients]).norm()
            rows.append({"step": step, "part": name, "activation": float(self.activations[name]), "gradient": float(norm)})
            if name == "attention":
                for gate, logits in zip(("channel gate", "spatial gate"), part.logits):
                    m = torch.sigmoid(logits.detach().float())
                    rows.append({"step": step, "part": gate, "open": float(m.mean()),
                                 "saturated": float(((m < SATURATED) | (m > 1 - SATURATED)).float().mean())})
        return rows


class Check:
    """Called with the rows of one look after the other; raises ``PartDied`` with the part and what shows it: causes first, a shut gate
    before the gradients that it holds back.

    In a batch where nothing moves the motion gate keeps every gradient back, so only one that vanished twice in a row tells.
    """

    def __init__(self) -> None:
        self.vanished: set[str] = set()

    def __call__(self, rows: list[Row]) -> None:
        for row in rows:
            if not row.get("open", 1) > SHUT:
                raise PartDied(f"step {row['step']}: {row['part']} is dead: open to {row['open']:.3g} in the mean; nothing behind it learns any more")
        for row in rows:
            if not row.get("activation", 0) < LARGEST:  # NaN too
                raise PartDied(f"step {row['step']}: {row['part']} is dead: mean |activation| {row['activation']:.3g}, sane is less than "
                               f"{LARGEST:.0f}; go on from an earlier state with a lower rate")
        before, self.vanished = self.vanished, set()
        for row in rows:
            if not row.get("gradient", 1) > SMALLEST:
                if row["part"] in before:
                    raise PartDied(f"step {row['step']}: {row['part']} is dead: gradient {row['gradient']:.3g}; nothing will reach it any more")
                self.vanished.add(row["part"])


def read(path: Path) -> dict[int, list[Row]]:
    """Rows of a CSV file that ``append`` wrote, by their steps: {step: rows}, numbers where there were numbers."""
    steps: dict[int, list[Row]] = {}
    with path.open(newline="") as file:
        for line in csv.DictReader(file):
            row = {name: value if name == "part" else float(value) for name, value in line.items() if value}
            steps.setdefault(int(row["step"]), []).append(row)
    return steps


def append(path: Path, rows: Iterable[Row]) -> None:
    """Add rows to a CSV file, with a header where it is new."""
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, Health.COLUMNS)
        if new:
            writer.writeheader()
        for row in rows:
            writer.writerow({k: f"{v:.4g}" if isinstance(v, float) else v for k, v in row.items()})
