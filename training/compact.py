"""A run's state small enough for a repository, and back.

    python -m training.compact pack   RUN/state.pt  training/runs/fast/state.safetensors
    python -m training.compact unpack training/runs/fast/state.safetensors  RUN/state.pt

Weights stay float32. The average is kept as its difference to the weights and the optimisers' moments as they are,
both in bfloat16: what they lose is far below a step's noise, but the continued run is no longer bit for bit the old one.
"""

import argparse
import json
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
import torch

from . import checkpoint
from .checkpoint import RunState


def pack(state: RunState, path: Path) -> None:
    held = ("network", "average", "optimisers", "whitening", "coarse")
    tensors, plain = {}, {key: value for key, value in state.items() if key not in held}
    for key, weight in state["network"].items():
        tensors[f"network/{key}"] = weight.float()
        tensors[f"average/{key}"] = (state["average"]["values"][key] - weight).bfloat16()
    if state["whitening"] is not None:
        tensors["whitening"] = state["whitening"]
    for key, value in (state["coarse"] or {}).items():
        tensors[f"coarse/{key}"] = value
    plain["updates"] = state["average"]["updates"]
    plain["optimisers"] = {}
    for network, optimisers in state["optimisers"].items():
        plain["optimisers"][network] = []
        for n, optimiser in enumerate(optimisers):
            scalars = {}
            for parameter, entries in optimiser["state"].items():
                for key, value in entries.items():
                    if value.ndim == 0:
                        scalars[f"{parameter}/{key}"] = value.item()
                    else:
                        tensors[f"optimisers/{network}/{n}/{parameter}/{key}"] = value.bfloat16()
            plain["optimisers"][network].append({"groups": optimiser["param_groups"], "scalars": scalars})
    save_file({key: value.cpu().contiguous() for key, value in tensors.items()}, path, {"state": json.dumps(plain)})


def unpack(path: Path) -> RunState:
    with safe_open(path, "pt") as file:
        state = json.loads(file.metadata()["state"])
        tensors = {key: file.get_tensor(key).float() for key in file.keys()}
    state["network"] = {key.removeprefix("network/"): value for key, value in tensors.items() if key.startswith("network/")}
    state["average"] = {"updates": state.pop("updates"),
                        "values": {key: value + tensors[f"average/{key}"] for key, value in state["network"].items()}}
    state["whitening"] = tensors.get("whitening")
    state["coarse"] = {key.removeprefix("coarse/"): value for key, value in tensors.items() if key.startswith("coarse/")} or None
    for network, optimisers in state["optimisers"].items():
        for n, packed in enumerate(optimisers):
            moments: dict[int, dict[str, torch.Tensor]] = {}
            for name, value in packed["scalars"].items():
                parameter, key = name.split("/")
                moments.setdefault(int(parameter), {})[key] = torch.tensor(value)
            prefix = f"optimisers/{network}/{n}/"
            for name, value in tensors.items():
                if name.startswith(prefix):
                    parameter, key = name.removeprefix(prefix).split("/")
                    moments.setdefault(int(parameter), {})[key] = value
            optimisers[n] = {"state": moments, "param_groups": packed["groups"]}
    return state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("direction", choices=("pack", "unpack"))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    if arguments.direction == "pack":
        pack(checkpoint.load(arguments.source), arguments.target)
    else:
        checkpoint.save(arguments.target, unpack(arguments.source))
    print(f"{arguments.target}: {arguments.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
