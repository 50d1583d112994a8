"""What the parts of the network are worth (the paper's Table 1): the same training for each variant.

    python -m training.ablation --weights fast.safetensors --data CACHE --validation FOLDER --out RUNS [--document docs/weights.md]

Each variant of the configuration in ``--weights`` learns its restoration network by the schedule ``ablation`` on that file's flow
network, which stays as it is: from the same start (what two variants have in common begins with the same weights), on the same
batches, once a seed. A second call goes on where the first one ended; seeds may run side by side (``--seeds 3`` and ``--seeds 4``,
the same ``--out``). Writes ``table.json`` and ``table.md``; ``--document`` puts the table between that file's marks as well.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
import json
from pathlib import Path
import signal
from typing import Any

import numpy as np
import torch

from . import checkpoint, evaluate, health, native
from .data.samples import Samples
from .networks import DeblurNetwork, ModelConfig
from .schedule import Schedule
from .train import HEALTH_EVERY, Trainer, run
from .weights import load_weights

PAPER = {"none": (30.42, 0.8980), "PPM": (30.51, 0.8995), "CBAM": (30.54, 0.8999), "PPM and CBAM": (30.61, 0.9005)}  # dB, SSIM on DVD
PLAIN, SINGLE = "PPM and CBAM, no motion path or flow as input", "PPM and CBAM, one frame"
GATES = ("channel gate", "spatial gate")
BEGIN, END = "<!-- ablation: begin -->", "<!-- ablation: end -->"

Result = dict[str, Any]  # what result.json holds of one run


def variants(config: ModelConfig) -> Iterator[tuple[str, ModelConfig]]:
    """(name, configuration): the paper's four, the single-frame baseline, and what these networks add to the paper's."""
    of = lambda **changes: replace(config, restoration=replace(config.restoration, **changes))
    yield "none", of(ppm=False, cbam=False)
    yield "PPM", of(ppm=True, cbam=False)
    yield "CBAM", of(ppm=False, cbam=True)
    yield "PPM and CBAM", of(ppm=True, cbam=True)
    plain = of(ppm=True, cbam=True, path_samples=0, bend_samples=0, flow_input=False, motion_gate=0)
    if plain != config:
        yield PLAIN, plain
    yield SINGLE, replace(plain, frames=1, flow=None)


def begin(trainer: Trainer, whole: DeblurNetwork, values: dict[str, torch.Tensor]) -> None:
    """The same start for every variant: flow network from ``values``, of the rest all that has its like in ``whole``."""
    common = {**whole.state_dict(), **{name: value for name, value in values.items() if name.startswith("flow.")}}
    mine = trainer.network.state_dict()
    trainer.network.load_state_dict({name: common[name] if name in common and common[name].shape == value.shape else value
                                     for name, value in mine.items()})
    trainer.average = checkpoint.Average(trainer.network, trainer.average.decay)


def looked_after(folder: Path, network: DeblurNetwork, steps: int) -> dict[str, dict[str, float]]:
    """The health log of a whole run, checked: gates at its end and at their most shut. Raises ``health.PartDied`` if a part died,
    ValueError if the log does not tell of every part until the end."""
    log = health.read(folder / "health.csv")
    last = steps - steps % HEALTH_EVERY
    watched = {name for name, part in health.parts(network) if not name.startswith("flow ")}
    missing = watched - {row["part"] for row in log.get(last, ())}
    if missing:
        raise ValueError(f"{folder / 'health.csv'}: tells nothing of {', '.join(sorted(missing))} at step {last}")
    check = health.Check()
    for rows in log.values():
        check(rows)
    gates = {}
    for row in log[last]:
        if row["part"] in GATES:
            least = min(other["open"] for rows in log.values() for other in rows if other["part"] == row["part"])
            gates[row["part"]] = {"open": row["open"], "saturated": row["saturated"], "least_open": least}
    return gates


def measured(trainer: Trainer, validation: Path, every: int) -> dict[str, float]:
    """Mean gain in dB of the averaged weights on moving clips, raw and through H.264, by every n-th frame."""
    network = DeblurNetwork(trainer.config)
    network.load_state_dict(trainer.average.values)
    gains: dict[str, list[float]] = {"moving": [], "h264": []}
    for _, kind, blurred, sharp, _ in evaluate.validation_clips(validation):
        if kind in gains:
            which = list(range(every // 2, len(blurred), every)) or [len(blurred) // 2]
            gains[kind].append(evaluate.measure_clip(network.eval(), blurred, sharp, which)["gain"])
    return {kind: round(float(np.mean(values)), 3) for kind, values in gains.items()}


def result(name: str, variant: ModelConfig, schedule: Schedule, whole: DeblurNetwork, values: dict[str, torch.Tensor],
           data: Path, folder: Path, measure: Callable[[Trainer], dict[str, float]]) -> Result:
    """One run to its end, and what came of it; from the file where it is done."""
    path = folder / "result.json"
    asked = {"variant": name, "seed": schedule.seed, "schedule": schedule.to_dict()}
    if path.exists():
        done = json.loads(path.read_text())
        if {key: done.get(key) for key in asked} == asked:
            return done
        raise SystemExit(f"{folder}: belongs to another schedule or another variant; choose another --out")
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(variant, schedule, Samples(data, seed=schedule.seed))
    if (folder / "state.pt").exists():
        trainer.load_state_dict(checkpoint.load(folder / "state.pt"))
    else:
        begin(trainer, whole, values)
    run(trainer, folder)
    if not trainer.finished:  # stopped by a signal: the state is saved
        raise SystemExit(128 + signal.SIGTERM)
    weights = sum(p.numel() for p in trainer.network.restoration.parameters())
    done = {**asked, "steps": trainer.total_steps, "restoration_weights": weights,
            "gates": looked_after(folder, trainer.network, trainer.total_steps), **measure(trainer)}
    partial = path.with_name("result.json.partial")
    partial.write_text(json.dumps(done, indent=1))
    partial.replace(path)
    return done


def markdown(results: list[Result]) -> list[str]:
    """Means over the seeds and their spread, beside the paper's figures, as lines of a Markdown table."""
    by_name = {name: [r for r in results if r["variant"] == name] for name in dict.fromkeys(r["variant"] for r in results)}
    mean = lambda rows, kind: float(np.mean([r[kind] for r in rows]))
    spread = lambda rows, kind: f" ± {np.ptp([r[kind] for r in rows]) / 2:.3f}" if len(rows) > 1 else ""
    order = [name for name, _ in PAPER.items()] + [PLAIN, SINGLE]
    lines = ["| variant | weights of the restoration | raw, dB | over none | H.264, dB | channel gate | spatial gate "
             "| the paper, dB / SSIM | over none |", "|---|---|---|---|---|---|---|---|---|"]
    for name in sorted(by_name, key=order.index):
        rows = by_name[name]
        over = f"{mean(rows, 'moving') - mean(by_name['none'], 'moving'):+.3f}" if "none" in by_name else ""
        gates = []
        for gate in GATES:
            ends = [r["gates"][gate] for r in rows if gate in r["gates"]]
            saturated = lambda end: f" ({100 * end['saturated']:.0f} % saturated)" if end["saturated"] >= 0.005 else ""
            gates.append(", ".join(f"{end['open']:.2f}{saturated(end)}" for end in ends))
        psnr, ssim = PAPER.get(name, (None, None))
        paper = f"{psnr:.2f} / {ssim:.4f} | {psnr - PAPER['none'][0]:+.2f}" if psnr else " | "
        lines.append(f"| {name} | {rows[0]['restoration_weights'] / 1e6:.3f} M | {mean(rows, 'moving'):+.3f}{spread(rows, 'moving')} | {over} | "
                     f"{mean(rows, 'h264'):+.3f}{spread(rows, 'h264')} | {gates[0]} | {gates[1]} | {paper} |")
    seeds = sorted({r["seed"] for r in results})
    steps = sorted({r["steps"] for r in results})
    lines += ["", f"{' and '.join(f'{n:,}' for n in steps)} steps a run, seeds {', '.join(map(str, seeds))}; ±: half of what lies between the seeds' figures. "
              "Gates: mean at the end, seed by seed; every part of every run was alive from beginning to end (`health.csv`)."]
    return lines


def between(document: Path) -> tuple[str, str]:
    """Text before and after the place of the table."""
    text = document.read_text()
    if text.count(BEGIN) != 1 or END not in text.split(BEGIN)[1]:
        raise SystemExit(f"{document}: the marks {BEGIN} and {END} are missing; put them where the table belongs")
    before, rest = text.split(BEGIN)
    return before, rest.split(END, 1)[1]


def put(document: Path, lines: list[str]) -> None:
    """Replace what stands between the marks of a document."""
    before, after = between(document)
    document.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="configuration and flow network")
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.data.cache")
    parser.add_argument("--validation", type=Path, required=True, help="folder written by training.data.validation")
    parser.add_argument("--schedule", default="ablation", help="named schedule or JSON file")
    parser.add_argument("--seeds", type=int, nargs="+", help="one run of each variant a seed; by default the schedule's and the next")
    parser.add_argument("--variants", nargs="+", metavar="NAME", help="by default the paper's four and the single frame; the sixth is "
                        f"'{PLAIN}'")
    parser.add_argument("--frames", type=int, default=5, help="measure on every Nth frame")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--document", type=Path, help=f"put the table there too, between {BEGIN} and {END}")
    arguments = parser.parse_args(arguments)
    config, values, _ = load_weights(arguments.weights)
    schedule = Schedule.load(arguments.schedule)
    known = dict(variants(config))
    chosen = arguments.variants or [name for name in known if name != PLAIN]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"--variants {unknown[0]!r} is unknown; choose of: {'; '.join(known)}")
    if arguments.document:
        between(arguments.document)  # before hours of work, not after
    native.enable()
    deaths = []
    for seed in arguments.seeds or [schedule.seed, schedule.seed + 1]:
        of_seed = replace(schedule, seed=seed)
        whole = Trainer(known["PPM and CBAM"], of_seed, Samples(arguments.data, seed=seed)).network
        for name in chosen:
            folder = arguments.out / f"seed-{seed}" / name.replace(",", "").replace(" ", "-")
            try:
                done = result(name, known[name], of_seed, whole, values, arguments.data, folder,
                              lambda trainer: measured(trainer, arguments.validation, arguments.frames))
            except health.PartDied as death:  # the others' figures are worth having all the same
                deaths.append(f"{folder}: {death}")
                print(deaths[-1], flush=True)
                continue
            print({key: value for key, value in done.items() if key != "schedule"}, flush=True)
            results = [json.loads(path.read_text()) for path in sorted(arguments.out.glob("seed-*/*/result.json"))]
            (arguments.out / "table.json").write_text(json.dumps(results, indent=1))
            (arguments.out / "table.md").write_text("\n".join(markdown(results)) + "\n")
    if deaths:
        raise SystemExit("\n".join(["these runs do not count:", *deaths]))
    if arguments.document:
        put(arguments.document, markdown(results))


if __name__ == "__main__":
    main()
