"""AdamW and Muon, chosen per parameter."""

from collections.abc import Iterable, Mapping

import torch
from torch import nn

from . import whitening

ATTENTION = ("cbam.",)  # parameters of attention, within the restoration network
# Channels in and out from which on a convolution is Muon's. AdamW steps all of a thin one's weights alike: the output of `paper`,
# 3 channels from 32×5×5, lost 0.4 dB within 25 steps, at 7e-4 as at 1.2e-3.
MATRIX = 3
QUIET = 1e-3  # share of the median gradient under which a matrix takes smaller steps

Settings = Mapping[str, float | list[float]]  # keyword arguments of an optimiser, and ``gate_rate``


def orthogonalised(matrices: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """[N, rows ≤ columns] stack with all singular values brought close to 1 (Newton–Schulz, Jordan et al. 2024).

    Each step multiplies x from the left with p(x·xᵀ). All these factors are polynomials of one Gram matrix, so they commute
    and are gathered in [rows, rows]; the long side is passed over twice, not twice a step.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    gram, factor = x @ x.transpose(-2, -1), None
    one = torch.eye(gram.shape[-1], dtype=x.dtype, device=x.device)
    for _ in range(steps):
        p = a * one + b * gram + c * gram @ gram
        factor = p if factor is None else p @ factor
        gram = p @ gram @ p
    return factor @ x


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised: every direction of a convolution's matrix learns at the same pace.

    Updates have root mean square 0.2·lr, about what Adam's have, so the rates compare (Liu et al. 2025). Orthogonalising forgets
    how large a gradient was; where next to nothing arrives, what is left of it is noise, and steps of full size along noise
    make weights grow without end. So the step of a matrix whose gradient lies below ``QUIET`` times the median of all
    matrices shrinks with it.

    ``whitened``: convolution weights → the matrix of ``whitening`` whose coordinates they learn in.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float = 1e-3, momentum: float = 0.95,
                 weight_decay: float = 0.0) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.whitened: dict[nn.Parameter, torch.Tensor] = {}

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape = {}
            trained = [p for p in group["params"] if p.grad is not None]
            if not trained:
                continue
            sizes = torch.stack([p.grad.square().mean() for p in trained]).sqrt()
            shares = (sizes / (QUIET * sizes.median()).clamp(min=1e-30)).clamp(max=1)
            for p, share in zip(trained, shares):
                by_shape.setdefault(tuple(p.shape), []).append((p, share))
            for shape, parameters in by_shape.items():
                updates = []
                for p, _ in parameters:
                    buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    update = torch.lerp(p.grad, buffer, group["momentum"])  # Nesterov
                    if p in self.whitened:
                        update = whitening.apply(update, self.whitened[p])
                    updates.append(update.reshape(shape[0], -1))
                stack = torch.stack(updates)
                tall = stack.shape[1] > stack.shape[2]
                stack = orthogonalised(stack.transpose(1, 2) if tall else stack)
                # An orthogonal r×c matrix has entries of root mean square 1/√max(r, c).
                stack = stack * 0.2 * max(stack.shape[1:]) ** 0.5
                if tall:
                    stack = stack.transpose(1, 2)
                for (p, share), update in zip(parameters, stack):
                    update = update.reshape(shape)
                    if p in self.whitened:
                        update = whitening.apply(update, self.whitened[p])
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(share * update, alpha=-group["lr"])


def build(name: str, network: nn.Module, rate: float, settings: Settings) -> list[torch.optim.Optimizer]:
    """The optimisers of one network: a list, with their base learning rates remembered.

    ``gate_rate`` among the settings: attention learns at this share of the rate, always by AdamW.
    """
    settings = dict(settings)
    gate_rate = settings.pop("gate_rate", 1.0)
    named = list(network.named_parameters())
    attention = [p for n, p in named if n.startswith(ATTENTION)]
    named = [(n, p) for n, p in named if not n.startswith(ATTENTION)]
    rest = [p for _, p in named]
    if name == "adam":
        chosen = [(torch.optim.Adam(rest + attention, lr=rate, **settings), rate)]
        attention = []
    elif name == "adamw":
        chosen = [(torch.optim.AdamW(rest, lr=rate, **settings), rate)]
    elif name == "muon":
        is_matrix = lambda p: p.ndim == 4 and min(p.shape[:2]) >= MATRIX
        matrices = [p for p in rest if is_matrix(p)]
        others = [p for p in rest if not is_matrix(p)]
        chosen = [(torch.optim.AdamW(others, lr=rate, weight_decay=0), rate)]
        if matrices:
            chosen.insert(0, (Muon(matrices, lr=rate, **settings), rate))
    else:
        raise ValueError(f"unknown optimiser {name!r}; known: adam, adamw, muon")
    if attention:
        chosen.append((torch.optim.AdamW(attention, lr=rate * gate_rate, weight_decay=0), rate * gate_rate))
    for optimiser, base in chosen:
        for group in optimiser.param_groups:
            group["base"] = base
    return [optimiser for optimiser, _ in chosen]
