"""Train the networks by a schedule; a second call with the same --out goes on where the first one ended.

    python -m training.train --config fast --schedule fast-cpu --data CACHE --out RUN [--validation FOLDER]

On several cores, one process each (``processes``):

    python -m torch.distributed.run --nproc-per-node 2 -m -- training.train …

RUN gets ``state.pt`` (all that resuming needs), ``log.csv`` (training), ``health.csv`` (whether each part of the networks still
learns; training stops when one does not) and ``validation.csv``.
"""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
import signal
import time

import torch

from . import (
    checkpoint,
    coarse,
    coarsest,
    evaluate,
    health,
    losses,
    native,
    optimisers,
    unit_variance,
    weights,
    whitening,
)
from .checkpoint import RunState
from .data.samples import Batch, Batches, Samples
from .log import Figures, Log
from .networks import DeblurNetwork, ModelConfig
from .processes import Processes
from .schedule import Schedule, Stage

HEALTH_EVERY = 25  # steps
FAR = 2 * 10**9  # steps from here on are drawn for other ends than training

Facts = dict[str, torch.Tensor]  # figures of a step, on the device


class Trainer:
    """The state of a run and the step that advances it."""

    def __init__(self, config: ModelConfig, schedule: Schedule, samples: Samples, device: str = "cpu",
                 half: bool = False, workers: int = 0, processes: Processes | None = None) -> None:
        torch.manual_seed(schedule.seed)
        self.processes = processes or Processes()
        self.config, self.schedule, self.samples = config, schedule, samples
        self.device, self.half, self.workers = torch.device(device), half, workers
        self.network = DeblurNetwork(config).to(self.device, memory_format=torch.channels_last)
        self.average = checkpoint.Average(self.network, decay=0.999)
        if any(stage.coarse_loss for stage in schedule.stages):
            self.coarse = coarse.CoarseHeads(self.network.restoration).to(self.device, memory_format=torch.channels_last)
        else:
            self.coarse = None
        self.total_steps = 0
        self.whitening: torch.Tensor | None = None  # of the first convolution
        self.new = set(self.network.state_dict())  # names of weights that no other run has trained
        self.enter(0)

    def start(self, values: dict[str, torch.Tensor], fresh: Iterable[str] = ()) -> None:
        """Take over all of another network's ``values`` that this one has, but those of the prefixes ``fresh``."""
        mine = self.network.state_dict()
        taken = {name: value for name, value in values.items() if not name.startswith(tuple(fresh))}
        wanted = [name for name in mine if not name.startswith(tuple(fresh))]
        wrong = [name for name in dict.fromkeys([*taken, *wanted])
                 if name not in taken or name not in mine or taken[name].shape != mine[name].shape]
        if wrong:
            raise SystemExit(f"the networks differ in {', '.join(wrong[:5])}; name parts that begin anew by --fresh")
        self.network.load_state_dict({**mine, **taken})
        self.new = set(mine) - set(taken)
        self.average = checkpoint.Average(self.network, self.average.decay)

    def enter(self, index: int) -> None:
        """Begin stage ``index``: fresh optimisers for the networks it trains."""
        self.stage_index, self.step, self.seconds, self.batches = index, 0, 0.0, None
        stage = self.stage
        self.average.decay = stage.ema
        self.trained = {name: getattr(self.network, name) for name in stage.train}
        for name, network in self.network.named_children():
            network.requires_grad_(name in self.trained)
        self.optimisers = {name: optimisers.build(stage.optimiser, network, stage.train[name], stage.optimiser_settings)
                           for name, network in self.trained.items()}
        if stage.coarse_loss:
            self.trained["coarse"] = self.coarse
            self.optimisers["coarse"] = optimisers.build("adamw", self.coarse, stage.train["restoration"], {"weight_decay": 0})
        self.learn_whitened()

    def learn_whitened(self) -> None:
        """The first convolution learns in whitened coordinates where the stage says so and they are known."""
        if self.stage.whiten and self.whitening is not None:
            for optimiser in self.optimisers.get("restoration", ()):
                if isinstance(optimiser, optimisers.Muon):
                    optimiser.whitened[whitening.layer(self.network).weight] = self.whitening

    def whiten(self) -> None:
        """Look at the input, once a run, and let a first convolution that is new begin in its whitened coordinates."""
        draws = (self.drawn(FAR + n) for n in range(whitening.BATCHES))
        self.whitening = whitening.whitening(self.network, draws)
        if self.total_steps == 0 and whitening.LAYER + ".weight" in self.new:
            weight = whitening.layer(self.network).weight
            with torch.no_grad():
                weight.copy_(whitening.apply(weight, self.whitening))
            self.average = checkpoint.Average(self.network, self.average.decay)
        self.learn_whitened()

    def prepare(self) -> None:
        """What the first step of a run or a stage needs that cannot be known before data is there and weights are taken over."""
        if self.step == 0 and "flow" in self.stage.train:
            if self.total_steps == 0:
                batch = self.drawn(FAR)
                unit_variance.begin(self.network.flow, lambda: self.network.flow_levels(batch["previous"], batch["middle"], batch["next"]),
                                    lambda layer: f"flow.{layer}.weight" in self.new)
            if self.stage.begin_coarsest:
                coarsest.begin(self.network.flow)
            if self.total_steps == 0 or self.stage.begin_coarsest:
                self.average.restart(self.network, "flow.")
        if self.stage.whiten and self.whitening is None:
            self.whiten()

    def drawn(self, step: int) -> Batch:
        """The batch of any step of this stage, on the device."""
        return {name: value.to(self.device) for name, value in Batches(self.samples, self.stage)[step].items()}

    @property
    def stage(self) -> Stage:
        return self.schedule.stages[self.stage_index]

    @property
    def finished(self) -> bool:
        return (self.stage_index == len(self.schedule.stages) - 1
                and self.stage.progress(self.step, self.seconds) >= 1)

    def minutes_left(self) -> float:
        """Of the whole schedule: by the clock where stages are given in minutes, by this stage's pace a pixel where in steps."""
        pace = self.seconds / max(self.step, 1) / (self.stage.batch * self.stage.crop**2)
        length = lambda stage: 60 * stage.minutes if stage.minutes else stage.steps * pace * stage.batch * stage.crop**2
        later = self.schedule.stages[self.stage_index + 1 :]
        return (max(0, length(self.stage) - self.seconds) + sum(map(length, later))) / 60

    def advance(self, watch: health.Watch | None = None) -> Figures:
        """One step; returns what the log wants to know. ``watch``: gets the rows of ``health.Health`` before the weights change."""
        started = time.monotonic()
        stage = self.stage
        if stage.progress(self.step, self.seconds) >= 1:
            self.enter(self.stage_index + 1)
            stage = self.stage
        factor = stage.rate_factor(self.step, self.seconds)
        self.prepare()
        if self.batches is None:  # only now is it known where a resumed stage goes on
            share = self.processes.share(stage.batch)
            self.batches = Batches(self.samples, stage, share).loader(self.total_steps, self.workers, self.device.type == "cuda")
        batch = {name: value.to(self.device, non_blocking=True) for name, value in next(self.batches).items()}
        with health.Health(self.network) if watch else nullcontext() as looking:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
                loss, facts = self.loss(stage, batch)
            loss.backward()
            self.processes.average_gradients(self.trained.values())
            if watch:
                watch(looking.rows(self.total_steps + 1))
        for name, network in self.trained.items():
            norm = torch.nn.utils.clip_grad_norm_(network.parameters(), stage.clip)
            for optimiser in self.optimisers[name]:
                for group in optimiser.param_groups:
                    group["lr"] = group["base"] * factor
                if torch.isfinite(norm):
                    optimiser.step()
                optimiser.zero_grad(set_to_none=True)
        self.average.update(self.network)
        self.step += 1
        self.total_steps += 1
        self.seconds = self.processes.of_leader(self.seconds + time.monotonic() - started)
        return {"stage": stage.name, "step": self.total_steps, "seconds": self.seconds, "rate": factor,
                "loss": float(loss.detach()), **{name: float(value) for name, value in facts.items()}}

    def loss(self, stage: Stage, batch: Batch) -> tuple[torch.Tensor, Facts]:
        """Loss of one batch and figures in the log: end-point error and gains in dB."""
        previous, middle, next_frame = batch["previous"], batch["middle"], batch["next"]
        facts, total, flows = {}, 0, ()
        if stage.flow_loss:
            truth = torch.cat([batch["flow"][:, 0], batch["flow"][:, 1]])
            levels = self.network.flow_levels(previous, middle, next_frame)
            total = stage.flow_loss * losses.flow_loss(levels, truth, stage.flow_exponent)
            full = self.network.flow.full_size(levels[-1])
            flows = full.chunk(2)
            if stage.alignment_loss:
                sharp = batch["sharp"]
                both = losses.alignment_loss(full, torch.cat([sharp[:, 1]] * 2), torch.cat([sharp[:, 0], sharp[:, 2]]))
                total = total + stage.alignment_loss * both
                facts["alignment"] = both.detach()
            with torch.no_grad():
                facts["epe"] = losses.end_point_error(full, truth).mean()
                facts["zero_epe"] = losses.end_point_error(torch.zeros_like(truth), truth).mean()
        if "restoration" in stage.train:
            if self.network.flow is None:
                restored = self.network.restoration(middle)
            else:
                if not flows:
                    with torch.set_grad_enabled("flow" in stage.train):
                        flows = self.network.flows(previous, middle, next_frame)
                restored = self.network.restore(previous, middle, next_frame, flows, batch["has_previous"], batch["has_next"])
            total = total + losses.RESTORATION[stage.loss](restored, batch["target"], middle, stage.loss_floor)
            attention = self.network.restoration.cbam
            if attention is not None and stage.gate_bound:
                total = total + stage.gate_bound * losses.attention_bound(attention.logits)
            if stage.coarse_loss:
                total = total + stage.coarse_loss * self.coarse.loss(batch["target"] - middle)
            if stage.harm_loss:
                harm = losses.harm(restored, batch["target"], middle)
                total = total + stage.harm_loss * harm
                facts["harm"] = harm.detach()
            if stage.local_loss:
                total = total + stage.local_loss * losses.local_log_mse(restored, batch["target"])
            with torch.no_grad():
                before = psnr(middle, batch["target"])
                after = psnr(restored.clamp(0, 1), batch["target"])
                for name, which in (("gain", batch["blurred"]), ("sharp_psnr", ~batch["blurred"])):
                    if which.any():
                        facts[name] = (after - before if name == "gain" else after)[which].mean()
        return total, facts

    def state_dict(self) -> RunState:
        return {
            "config": self.config.to_json(), "schedule": self.schedule.to_dict(), "sequences": self.samples.count,
            "whitening": self.whitening, "coarse": self.coarse.state_dict() if self.coarse else None,
            "stage": self.stage_index, "step": self.step, "total_steps": self.total_steps, "seconds": self.seconds,
            "network": self.network.state_dict(), "average": self.average.state_dict(),
            "optimisers": {name: [o.state_dict() for o in chosen] for name, chosen in self.optimisers.items()},
        }

    def load_state_dict(self, state: RunState) -> None:
        if ModelConfig.from_json(state["config"]) != self.config:
            raise SystemExit("the run's state belongs to another configuration; choose another --out")
        if state.get("whitening") is not None:
            self.whitening = state["whitening"].to(self.device)
        self.enter(state["stage"])
        self.step, self.total_steps, self.seconds = state["step"], state["total_steps"], state["seconds"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        if self.coarse and state.get("coarse"):
            self.coarse.load_state_dict(state["coarse"])
        for name, chosen in self.optimisers.items():
            for optimiser, saved in zip(chosen, state["optimisers"].get(name, ())):
                bases = [group["base"] for group in optimiser.param_groups]
                optimiser.load_state_dict(saved)
                for group, base in zip(optimiser.param_groups, bases):  # a changed schedule counts, not the saved one
                    group["base"] = base


def starting_values(path: Path) -> dict[str, torch.Tensor]:
    """Tensors by name: averaged weights of a run's state, or those of a weights file."""
    if path.suffix == ".safetensors":
        return weights.load_weights(path)[1]
    return checkpoint.load(path)["average"]["values"]


def psnr(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """dB per sample [N]; at most 60, so that one perfect crop does not rule the mean."""
    return -10 * (a - b).square().mean((1, 2, 3)).clamp(min=1e-6).log10()


def run(trainer: Trainer, folder: Path, save_every: float = 3, validation: Path | None = None,
        validate_every: float = 10) -> bool:
    """Train to the schedule's end, Ctrl-C or a SIGTERM; both intervals in minutes. ``folder`` holds the whole state.

    Of several processes the first writes; the log's figures but gradients are those of its share.
    """
    if not trainer.processes.leads:
        return follow(trainer)
    log = Log(folder / "log.csv")
    rows: list[Figures] = []
    saved, validated = time.monotonic(), time.monotonic()
    check = health.Check()

    def watch(facts: list[health.Row]) -> None:
        health.append(folder / "health.csv", facts)
        check(facts)

    with interruptions() as stopped:
        while not trainer.finished and not trainer.processes.any(bool(stopped)):
            stage = trainer.stage.name
            row = trainer.advance(watch if (trainer.total_steps + 1) % HEALTH_EVERY == 0 else None)
            if rows and row["stage"] != stage or len(rows) == 25:
                log.write(rows, trainer.minutes_left())
                rows = []
            rows.append(row)
            if time.monotonic() - saved > 60 * save_every:
                checkpoint.save(folder / "state.pt", trainer.state_dict())
                saved = time.monotonic()
            if validation and time.monotonic() - validated > 60 * validate_every:
                evaluate.append_quick_figures(folder / "validation.csv", trainer, validation)
                validated = time.monotonic()
        if rows:
            log.write(rows, trainer.minutes_left())
        checkpoint.save(folder / "state.pt", trainer.state_dict())
    return trainer.finished


def follow(trainer: Trainer) -> bool:
    """What ``run`` is for all processes but the first."""
    with interruptions() as stopped:
        while not trainer.finished and not trainer.processes.any(bool(stopped)):
            trainer.advance()
    return trainer.finished


@contextmanager
def interruptions() -> Iterator[list[bool]]:
    """A list that Ctrl-C or a SIGTERM fills, so that a step is finished, the state saved, and only then all ends."""
    stopped: list[bool] = []
    handlers = {interruption: signal.signal(interruption, lambda *_: stopped.append(True))
                for interruption in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for interruption, handler in handlers.items():
            signal.signal(interruption, handler)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", default="fast", help="preset or JSON file")
    parser.add_argument("--schedule", default="fast-cpu", help="named schedule or JSON file")
    parser.add_argument("--data", type=Path, required=True, help="folder written by training.data.cache")
    parser.add_argument("--sequences", type=int, help="use the first N sequences only; a resumed run goes on with as many as before, unless told here")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--start", type=Path, help="begin with the averaged weights of another run's state.pt, or with a .safetensors file")
    parser.add_argument("--fresh", nargs="+", default=(), metavar="PREFIX",
                        help="with --start: parts that begin anew all the same, for example restoration.encoder.2 restoration.cbam; "
                             "restoration takes over the flow alone, whatever the shape of the other restoration")
    parser.add_argument("--validation", type=Path, help="folder written by training.data.validation")
    parser.add_argument("--validate-every", type=float, default=10, help="minutes")
    parser.add_argument("--save-every", type=float, default=3, help="minutes")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--half", action="store_true", help="bfloat16 autocast, for GPUs; on a CPU the float32 kernels are faster")
    parser.add_argument("--workers", type=int, default=0, help="processes that draw batches ahead; for a GPU, a few less than cores")
    arguments = parser.parse_args()

    arguments.out.mkdir(parents=True, exist_ok=True)
    state_path = arguments.out / "state.pt"
    state = checkpoint.load(state_path) if state_path.exists() else None
    count = arguments.sequences or (state["sequences"] if state else None)  # the cache may have grown since
    schedule = Schedule.load(arguments.schedule)
    processes = Processes()
    say = print if processes.leads else lambda *_, **__: None
    if arguments.device == "cpu" and not native.enable():
        say("clang is not installed: a step takes two to three times as long", flush=True)
    samples = Samples(arguments.data, count, schedule.seed)
    torch.backends.cudnn.benchmark = True  # crops of one size all through a stage
    trainer = Trainer(ModelConfig.load(arguments.config), schedule, samples, arguments.device, arguments.half, arguments.workers,
                      processes)
    if state:
        trainer.load_state_dict(state)
        say(f"resumed at step {trainer.total_steps}, stage {trainer.stage.name}", flush=True)
    elif arguments.start:
        trainer.start(starting_values(arguments.start), arguments.fresh)
    say(f"{samples.count} sequences, {len(samples.blurred)} blurred and {len(samples.sharp)} sharp frames", flush=True)

    if not run(trainer, arguments.out, arguments.save_every, arguments.validation, arguments.validate_every):
        say(f"stopped and saved at step {trainer.total_steps}; the same command goes on from there", flush=True)
        raise SystemExit(130)


if __name__ == "__main__":
    main()
