"""What the parts of the network are worth (the paper's Table 1): the same short training for each variant.

    python -m training.ablation --weights fast.safetensors --data CACHE --validation FOLDER --out RUNS

Each variant of the configuration in ``--weights`` learns its restoration network from nothing by the schedule ``ablation``,
on that file's flow network, which stays as it is. A second call goes on where the first one ended.
"""

import argparse
from dataclasses import replace
import json
from pathlib import Path
import signal

import numpy as np

from . import checkpoint, evaluate, native
from .data.samples import Samples
from .networks import DeblurNetwork
from .schedule import Schedule
from .train import Trainer, run
from .weights import load_weights


def variants(config):
    """(name, configuration): the paper's four, the single-frame baseline, and what these networks add to the paper's."""
    of = lambda **changes: replace(config, restoration=replace(config.restoration, **changes))
    yield "none", of(ppm=False, cbam=False)
    yield "PPM", of(ppm=True, cbam=False)
    yield "CBAM", of(ppm=False, cbam=True)
    yield "PPM and CBAM", of(ppm=True, cbam=True)
    plain = of(ppm=True, cbam=True, path_samples=0, flow_input=False, motion_gate=0)
    if plain != config:
        yield "PPM and CBAM, no motion path or flow as input", plain
    yield "PPM and CBAM, one frame", replace(plain, frames=1, flow=None)


def measured(trainer, validation, every):
    """Mean gain in dB of the averaged weights on moving clips, raw and through H.264, by every n-th frame."""
    network = DeblurNetwork(trainer.config)
    network.load_state_dict(trainer.average.values)
    gains = {"moving": [], "h264": []}
    for _, kind, blurred, sharp, _ in evaluate.validation_clips(validation):
        if kind in gains:
            which = range(every // 2, len(blurred), every)
            gains[kind].append(evaluate.measure_clip(network.eval(), blurred, sharp, list(which))["gain"])
    return {kind: round(float(np.mean(values)), 3) for kind, values in gains.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="configuration and flow network")
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.data.cache")
    parser.add_argument("--validation", type=Path, required=True, help="folder written by training.data.validation")
    parser.add_argument("--schedule", default="ablation", help="named schedule or JSON file")
    parser.add_argument("--frames", type=int, default=5, help="measure on every Nth frame")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    config, values, _ = load_weights(arguments.weights)
    schedule = Schedule.load(arguments.schedule)
    native.enable()
    table = []
    for name, variant in variants(config):
        folder = arguments.out / name.replace(",", "").replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        trainer = Trainer(variant, schedule, Samples(arguments.data, seed=schedule.seed))
        if variant.flow:
            flow = {key.removeprefix("flow."): value for key, value in values.items() if key.startswith("flow.")}
            trainer.network.flow.load_state_dict(flow)
            trainer.average = checkpoint.Average(trainer.network, trainer.average.decay)
        if (folder / "state.pt").exists():
            trainer.load_state_dict(checkpoint.load(folder / "state.pt"))
        run(trainer, folder)
        if not trainer.finished:  # stopped by SIGTERM: the state is saved
            raise SystemExit(128 + signal.SIGTERM)
        restoration = sum(p.numel() for p in trainer.network.restoration.parameters())
        table.append({"variant": name, "steps": trainer.total_steps, "restoration_weights": restoration,
                      **measured(trainer, arguments.validation, arguments.frames)})
        (arguments.out / "table.json").write_text(json.dumps(table, indent=1))
        print(table[-1], flush=True)


if __name__ == "__main__":
    main()
