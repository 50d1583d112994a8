"""Render and train on a GPU machine until the time is up; a second call goes on.

    python -m training.gpu.run --pack PACK --out OUT [--seconds 560] [--train-seconds 660]

PACK is what ``training.gpu.pack`` made. Sequences are rendered on all cores while training runs and enter the GPU's memory as they come.
OUT gets, every two minutes and at the end, ``weights.safetensors`` (the averaged weights, float16), ``state.safetensors.0`` … (a compact
state in pieces of at most 16 MiB: ``cat OUT/state.safetensors.* > state.safetensors``), ``log.csv`` and ``health.csv``.
WORK (beside PACK, unless told) keeps sequences and the full state for the next call; without it OUT's state would lack the sequences only.
"""

import argparse
from dataclasses import replace
import multiprocessing
import os
from pathlib import Path
import shutil
import signal
import sys
import tarfile
import threading
import time

import cv2
import torch

from .. import checkpoint, compact, health, native
from ..data.cache import RECIPES, Job, write_one
from ..data.stills import find_stills
from ..log import Log
from ..schedule import Schedule
from ..weights import load_weights, save_weights
from .batches import DeviceCache
from .trainer import DeviceTrainer

PIECE = 16 * 2**20 - 4096  # bytes of a file that travels
MOST_FILES = 8
SAVE_EVERY = 120  # seconds
LOG_EVERY = 50  # steps; the device is waited for only then
SAVING = 15  # seconds kept for the last save


def stretched(schedule: Schedule, seconds: float) -> Schedule:
    """The schedule with its stages, given in minutes, filling ``seconds``: on a GPU they are shares of what time there is."""
    total = sum(60 * stage.minutes for stage in schedule.stages if stage.minutes)
    return replace(schedule, stages=[replace(s, minutes=s.minutes * seconds / total) if s.minutes else s for s in schedule.stages])


def codecs_available(pack: Path, work: Path) -> bool:
    """Whether clips can be coded: PyAV is installed, or lies in the pack."""
    if (pack / "av.tar.xz").exists() and not (work / "av").exists():
        with tarfile.open(pack / "av.tar.xz") as archive:
            archive.extractall(work / "av", filter="data")
    sys.path.append(str(work / "av"))  # after what is installed
    try:
        import av  # noqa: F401
    except ImportError as error:
        print(f"no PyAV ({error}): sequences are not compressed; give training.gpu.pack a --wheel for this machine's Python", flush=True)
        return False
    return True


def prepare_worker() -> None:
    """Renderers leave signals to the parent, and the other cores to each other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


class Renderer:
    """Sequences rendered in other processes and loaded into a cache by a thread of this one."""

    def __init__(self, stills: list[Path], folder: Path, count: int, size: tuple[int, int], recipe: str,
                 workers: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Spawned: a process forked from one with threads or CUDA waits for ever for a lock that nobody holds.
        self.pool = multiprocessing.get_context("spawn").Pool(workers, prepare_worker)
        self.jobs = [(seed, stills, folder, size, recipe) for seed in range(count)]
        self.error: Exception | None = None
        self.folder, self.stopped = folder, False

    def start(self, cache: DeviceCache) -> None:
        self.thread = threading.Thread(target=self.load, args=[cache], daemon=True)
        self.thread.start()

    def load(self, cache: DeviceCache) -> None:
        try:
            for seed in self.pool.imap_unordered(rendered, self.jobs):
                if self.stopped:
                    return
                cache.load(self.folder, f"{seed:05d}")
        except Exception as error:
            self.error = error

    def stop(self) -> None:
        self.stopped = True
        self.pool.terminate()


def rendered(job: Job) -> int:
    write_one(job)
    return job[0]


class Keeper:
    """What travels back, and what stays for the next call."""

    def __init__(self, out: Path, work: Path) -> None:
        self.out, self.work = out, work
        out.mkdir(parents=True, exist_ok=True)

    def place(self, source: Path, name: str) -> None:
        """A file in OUT, whole or not at all."""
        partial = self.out / f"{name}.partial"
        shutil.copyfile(source, partial)
        os.replace(partial, self.out / name)

    def save(self, trainer: DeviceTrainer) -> None:
        state = trainer.state_dict()
        checkpoint.save(self.work / "state.pt", state)
        save_weights(self.work / "weights.safetensors", trainer.config, trainer.average.values, dtype=torch.float16)
        compact.pack(state, self.work / "state.safetensors")
        content = (self.work / "state.safetensors").read_bytes()
        pieces = [content[n : n + PIECE] for n in range(0, len(content), PIECE)]
        if len(pieces) + 3 > MOST_FILES or (self.work / "weights.safetensors").stat().st_size > PIECE:
            raise SystemExit(f"{trainer.config.name}: weights or state are too large for {MOST_FILES} files of 16 MiB; they stay in {self.work}")
        self.place(self.work / "weights.safetensors", "weights.safetensors")
        for n, piece in enumerate(pieces):
            (self.work / "piece").write_bytes(piece)
            self.place(self.work / "piece", f"state.safetensors.{n}")
        for name in ("log.csv", "health.csv"):
            if (self.work / name).exists():
                self.place(self.work / name, name)


def train(trainer: DeviceTrainer, renderer: Renderer, keeper: Keeper, until: float) -> None:
    """Steps until the schedule ends or the clock shows ``until`` (of ``time.monotonic``)."""
    log, saved = Log(keeper.work / "log.csv"), time.monotonic()
    stopped, check = [], health.Check()
    usual = signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))  # finish the step, save, go

    def watch(rows: list[health.Row]) -> None:
        health.append(keeper.work / "health.csv", rows)
        check(rows)

    def note() -> None:
        log.write([trainer.figures()], trainer.minutes_left())
        if renderer.error:
            raise SystemExit(f"rendering failed: {renderer.error}")

    try:
        while not trainer.finished and not stopped and time.monotonic() < until:
            due = time.monotonic() - saved > SAVE_EVERY
            if due:
                keeper.save(trainer)
                saved = time.monotonic()
            trainer.advance(watch if due or trainer.total_steps == 0 else None)
            if trainer.total_steps % LOG_EVERY == 0:
                note()
        note()
    finally:  # a part that died is reported with the state that it died in
        keeper.save(trainer)
        signal.signal(signal.SIGTERM, usual)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="what comes back: at most 8 files of at most 16 MiB")
    parser.add_argument("--work", type=Path, help="what stays; PACK-work unless told")
    parser.add_argument("--schedule", default="fast-gpu", help="named schedule or JSON file, its minutes stretched to --train-seconds")
    parser.add_argument("--seconds", type=float, default=560, help="of this call, everything included")
    parser.add_argument("--train-seconds", type=float, default=660, help="of the whole schedule, over all calls")
    parser.add_argument("--count", type=int, default=2500, help="sequences")
    parser.add_argument("--first", type=int, default=200, help="sequences that must be there before training begins")
    parser.add_argument("--size", type=int, default=288)
    parser.add_argument("--recipe", choices=RECIPES, default="real")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--no-graphs", action="store_true", help="no CUDA graphs: every kernel launched by the CPU")
    arguments = parser.parse_args()
    if not (arguments.pack / "start.safetensors").exists():
        raise SystemExit(f"{arguments.pack}: no start.safetensors; make the pack with --start")
    work = arguments.work or arguments.pack.with_name(arguments.pack.name + "-work")
    work.mkdir(parents=True, exist_ok=True)
    size = (arguments.size, arguments.size)
    recipe = arguments.recipe
    if not codecs_available(arguments.pack, work) and recipe == "real":
        recipe = "uncompressed"
    renderer = Renderer(find_stills([arguments.pack / "pictures"]), work / f"sequences-{recipe}-{arguments.size}", arguments.count, size, recipe,
                        arguments.workers)
    config, values, _ = load_weights(arguments.pack / "start.safetensors")
    schedule = stretched(Schedule.load(arguments.schedule), arguments.train_seconds)
    torch.set_float32_matmul_precision("high")  # TF32 where float32 is asked for: Muon's products
    torch.backends.cudnn.benchmark = True
    if arguments.device == "cpu":
        native.enable()
    cache = DeviceCache(arguments.count, arguments.device, size=size, flow=any(s.flow_loss for s in schedule.stages))
    renderer.start(cache)
    try:
        while cache.count < min(arguments.first, arguments.count) and not renderer.error:
            time.sleep(0.1)
        if renderer.error:
            raise SystemExit(f"rendering failed: {renderer.error}")
        print(f"{cache.count} sequences after {time.monotonic() - started:.0f} s", flush=True)
        trainer = DeviceTrainer(config, schedule, cache, arguments.device, arguments.device != "cpu", not arguments.no_graphs)
        if (work / "state.pt").exists():
            trainer.load_state_dict(checkpoint.load(work / "state.pt"))  # AdamW's counters belong on the CPU; the rest goes where it must
            print(f"resumed at step {trainer.total_steps}, stage {trainer.stage.name}", flush=True)
        else:
            trainer.start(values)
        train(trainer, renderer, Keeper(arguments.out, work), started + arguments.seconds - SAVING)
    finally:
        renderer.stop()
    print(f"{trainer.total_steps} steps, {trainer.seconds:.0f} s in stage {trainer.stage.name}, {cache.count} sequences; "
          f"{'the schedule is done' if trainer.finished else 'call again to go on'}", flush=True)


if __name__ == "__main__":
    main()
