"""The steps of ``train.Trainer`` without a synchronisation: forward and backward pass as one CUDA graph, batches cut on the device."""

import time
from typing import Self

import torch

from .. import health
from ..data.samples import Batch
from ..log import Figures
from ..networks import ModelConfig
from ..schedule import Schedule, Stage
from ..train import Trainer, psnr
from .batches import DeviceCache

# As ``train.Facts``; a mean over some samples comes with their number.
Facts = dict[str, torch.Tensor | tuple[torch.Tensor, torch.Tensor]]

WARM_UP = 3  # passes before a graph is recorded, for cuDNN's choice of algorithms and the allocator


class NoMask:
    """Stands for the mask of blurred samples where ``Trainer.loss`` would wait for the device to see whether there are any."""

    def any(self) -> bool:
        return False

    def __invert__(self) -> Self:
        return self


class DeviceTrainer(Trainer):
    """``cache``: ``batches.DeviceCache``. On a CPU the same steps without a graph."""

    NAMES = ("loss", "epe", "zero_epe", "alignment", "harm", "gain", "sharp_psnr")  # figures summed up on the device
    samples: DeviceCache

    def __init__(self, config: ModelConfig, schedule: Schedule, cache: DeviceCache, device: str = "cpu",
                 half: bool = False, graphs: bool = True) -> None:
        self.graphs = graphs and torch.device(device).type == "cuda"
        super().__init__(config, schedule, cache, device, half)
        restore = self.network.restore

        def kept(*arguments: torch.Tensor | tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
            self.restored = restore(*arguments)
            return self.restored

        self.network.restore = kept
        self.names = [name for name, _ in self.network.state_dict(keep_vars=True).items()]

    def enter(self, index: int) -> None:
        super().enter(index)
        self.graph = self.rows = None
        self.sums = torch.zeros(len(self.NAMES), device=self.device)
        self.counts = torch.zeros_like(self.sums)

    def advance(self, watch: health.Watch | None = None) -> None:
        """One step. Figures wait on the device until ``figures``; ``watch`` gets the health of an extra pass over the same batch."""
        started = time.monotonic()
        if self.stage.progress(self.step, self.seconds) >= 1:
            self.enter(self.stage_index + 1)
        stage = self.stage
        factor = stage.rate_factor(self.step, self.seconds)
        self.prepare()
        rows = self.samples.choose(self.schedule.seed, self.total_steps, stage)
        if self.rows is None:
            self.rows = rows.to(self.device)
            self.graph = self.recorded() if self.graphs else None
        self.rows.copy_(rows.pin_memory() if self.device.type == "cuda" else rows, non_blocking=True)
        if watch:
            self.look(watch)
        if self.graph:
            self.graph.replay()
        else:
            self.compute()
        for chosen in self.optimisers.values():
            for optimiser in chosen:
                for group in optimiser.param_groups:
                    group["lr"] = group["base"] * factor
                optimiser.step()
        self.follow()
        self.step += 1
        self.total_steps += 1
        self.seconds += time.monotonic() - started

    def drawn(self, step: int) -> Batch:
        rows = self.samples.choose(self.schedule.seed, step, self.stage).to(self.device)
        return self.samples.batch(rows, self.stage.crop, self.stage.zoom > 1)

    def compute(self) -> None:
        """Gradients of the batch that ``rows`` tell of, clipped; its figures are added up."""
        for network in self.trained.values():
            network.zero_grad(set_to_none=True)
        batch = self.samples.batch(self.rows, self.stage.crop, self.stage.zoom > 1)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half, cache_enabled=False):
            loss, facts = self.loss(self.stage, batch)
        loss.backward()
        for network in self.trained.values():
            norm = torch.nn.utils.clip_grad_norm_(network.parameters(), self.stage.clip)
            for p in network.parameters():
                if p.grad is not None:  # a step along infinity is no step
                    p.grad = torch.where(torch.isfinite(norm), p.grad, torch.zeros_like(p.grad))
        with torch.no_grad():
            for name, value in {"loss": (loss, 1), **facts}.items():
                value, weight = value if isinstance(value, tuple) else (value, 1)
                self.sums[self.NAMES.index(name)] += value.detach() * weight
                self.counts[self.NAMES.index(name)] += weight

    def loss(self, stage: Stage, batch: Batch) -> tuple[torch.Tensor, Facts]:
        """``Trainer.loss``; the gain comes as (mean, number of samples), on the device."""
        total, facts = super().loss(stage, {**batch, "blurred": NoMask()})
        if "restoration" in stage.train and self.network.flow is not None:
            with torch.no_grad():
                after = psnr(self.restored.clamp(0, 1), batch["target"])
                for name, values, which in (("gain", after - psnr(batch["middle"], batch["target"]), batch["blurred"]),
                                            ("sharp_psnr", after, ~batch["blurred"])):
                    count = which.sum()
                    facts[name] = ((values * which).sum() / count.clamp(min=1), count)
        return total, facts

    def recorded(self) -> torch.cuda.CUDAGraph | None:
        """The graph of ``compute``, or None where the device cannot record it. Its gradients stay where they are: the optimisers read
        them after every replay."""
        try:
            with self.samples.loading:  # copies and locked memory of another thread would break the recording
                return self.record()
        except RuntimeError as error:
            print(f"no CUDA graph, kernels are launched one by one: {str(error).splitlines()[0]}", flush=True)
            self.graphs = False
        finally:  # passes before the first step count for nothing
            self.sums.zero_()
            self.counts.zero_()

    def record(self) -> torch.cuda.CUDAGraph:
        here = torch.cuda.current_stream(self.device)
        aside = torch.cuda.Stream(self.device)
        aside.wait_stream(here)
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):
                self.compute()
        here.wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            self.compute()
        return graph

    def look(self, watch: health.Watch) -> None:
        """Health by a pass of its own, whose gradients are forgotten."""
        kept = {p: p.grad for network in self.trained.values() for p in network.parameters()}
        for p in kept:
            p.grad = None
        batch = self.samples.batch(self.rows, self.stage.crop, self.stage.zoom > 1)
        with health.Health(self.network) as looking:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half, cache_enabled=False):
                loss, _ = self.loss(self.stage, batch)
            loss.backward()
            rows = looking.rows(self.total_steps + 1)
        for p, gradient in kept.items():
            p.grad = gradient
        watch(rows)

    @torch.no_grad()
    def follow(self) -> None:
        """``Average.update`` in one call for all tensors."""
        average = self.average
        average.updates += 1
        decay = min(average.decay, (1 + average.updates) / (10 + average.updates))
        values = self.network.state_dict()
        torch._foreach_lerp_([average.values[name] for name in self.names], [values[name] for name in self.names], 1 - decay)

    def figures(self) -> Figures:
        """Means since the last call, as ``log.Log`` takes them; waits for the device."""
        sums, counts = self.sums.tolist(), self.counts.tolist()
        self.sums.zero_()
        self.counts.zero_()
        means = {name: total / count for name, total, count in zip(self.NAMES, sums, counts) if count}
        return {"stage": self.stage.name, "step": self.total_steps, "seconds": self.seconds,
                "rate": self.stage.rate_factor(self.step, self.seconds), **means}
