"""Training triplets drawn from the cache: which, where, and how turned, by (seed, step) alone."""

from collections.abc import Iterator
import json
from pathlib import Path
import signal

import cv2
import numpy as np
import torch

from ..schedule import Stage
from .photometry import grain

BLURRED_BELOW = 36.0  # dB: inputs over this have hardly anything to mend
SHARP_ABOVE = 36.0

Batch = dict[str, torch.Tensor]  # see ``Samples.batch``


class Samples:
    """Random crops of three consecutive frames. Drawing has no state, so a resumed run sees the same data."""

    def __init__(self, folder: str | Path, count: int | None = None, seed: int = 0) -> None:
        self.folder, self.seed = Path(folder), seed
        records = sorted(self.folder.glob("*.json"))[:count]
        if not records:
            raise SystemExit(f"{folder}: no rendered sequences; run python -m training.data.cache first")
        self.count = len(records)
        self.blurred, self.sharp = [], []
        self.compressed, self.raw = [], []  # of the blurred ones
        self.estimated = set()  # sequences of real clips, whose flow is no truth to learn from
        for record in records:
            facts = json.loads(record.read_text())
            if facts.get("flow") == "estimated":
                self.estimated.add(record.stem)
            for frame, psnr in list(enumerate(facts["psnr"]))[1:-1]:
                if psnr < BLURRED_BELOW:
                    self.blurred.append((record.stem, frame))
                    scene = facts.get("scene", {})
                    compressed = scene.get("crf") is not None or bool(scene.get("codecs"))
                    (self.compressed if compressed else self.raw).append((record.stem, frame))
                elif psnr > SHARP_ABOVE:
                    self.sharp.append((record.stem, frame))
        self.exact = any(name not in self.estimated for name, _ in self.blurred)
        if not self.blurred:
            raise SystemExit(f"{folder}: no frame below {BLURRED_BELOW} dB; render more sequences")

    def batch(self, step: int, size: int, crop: int, sharp_share: float = 0.1, edge_share: float = 0.04,
              zoom: float = 1.0, exact_flow: bool = False, compressed_share: float | None = None,
              grain_share: float = 0.0, share: range | None = None) -> Batch:
        """Tensors of one batch: previous, middle, next, target [N, 3, crop, crop] in [0, 1]; sharp [N, 3, 3, crop, crop],
        the three frames as they should be (target is the middle one);
        flow [N, 2, 2, crop, crop] (to previous, to next; right, down); blurred, has_previous, has_next [N] bool.
        ``sharp_share``: of samples with nothing to mend, nearly; ``compressed_share``: of the others, those that went
        through H.264, None as many as were rendered; ``edge_share``: of clips' first and last frames.
        ``zoom``: crops are enlarged by up to this factor, for motion faster than what was rendered, or shrunk by down to it.
        ``grain_share``: of blurred samples, those with more noise, in blotches.
        ``exact_flow``: leave out sequences whose flow is an estimate. ``share``: these samples of the batch only."""
        if exact_flow and not self.exact:
            raise SystemExit(f"{self.folder}: flow needs rendered sequences, here are only real clips")
        drawn = []
        for item in share or range(size):
            rng = np.random.default_rng([self.seed, step, item])
            drawn.append(self.sample(rng, crop, sharp_share, edge_share, zoom, exact_flow, compressed_share, grain_share))
        columns = [torch.from_numpy(np.stack(column)) for column in zip(*drawn)]
        frames, sharp, flow, blurred, exists = columns
        frames = frames.permute(1, 0, 4, 2, 3).float() / 255
        sharp = sharp.permute(0, 1, 4, 2, 3).float() / 255
        return {"previous": frames[0], "middle": frames[1], "next": frames[2], "sharp": sharp, "target": sharp[:, 1],
                "flow": flow.permute(0, 1, 4, 2, 3), "blurred": blurred,
                "has_previous": exists[:, 0], "has_next": exists[:, 1]}

    def sample(self, rng: np.random.Generator, crop: int, sharp_share: float, edge_share: float, zoom: float,
               exact_flow: bool, compressed_share: float | None,
               grain_share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool, np.ndarray]:
        pool = self.sharp if self.sharp and rng.random() < sharp_share else self.blurred
        if pool is self.blurred and compressed_share is not None and self.compressed and self.raw:
            pool = self.compressed if rng.random() < compressed_share else self.raw
        name, frame = pool[int(rng.integers(len(pool)))]
        while exact_flow and name in self.estimated:
            name, frame = pool[int(rng.integers(len(pool)))]
        load = lambda kind: np.load(self.folder / f"{name}.{kind}.npy", mmap_mode="r")
        blurred, sharp, flow = load("blurred"), load("sharp"), load("flow")
        side = crop if zoom == 1 else round(crop / rng.uniform(min(1, zoom), max(1, zoom)))
        y = int(rng.integers(blurred.shape[1] - side + 1))
        x = int(rng.integers(blurred.shape[2] - side + 1))
        area = (slice(None), slice(y, y + side), slice(x, x + side))
        frames = np.array(blurred[frame - 1 : frame + 2][area])
        sharp = np.array(sharp[frame - 1 : frame + 2][area])
        flow = np.array(flow[frame - 1][area], np.float32)
        if side != crop:
            how = cv2.INTER_LINEAR if side < crop else cv2.INTER_AREA
            resize = lambda image: cv2.resize(image, (crop, crop), interpolation=how)
            frames, sharp = (np.stack([resize(f) for f in three]) for three in (frames, sharp))
            flow = np.stack([resize(f) for f in flow]) * np.float32(crop / side)
        if grain_share and pool is not self.sharp and rng.random() < grain_share:
            frames = grain(frames, rng)
        exists = np.array([True, True])
        if rng.random() < edge_share:  # first or last frame of a clip, or beside a cut
            end = int(rng.integers(2))
            frames[2 * end], sharp[2 * end], flow[end], exists[end] = frames[1], sharp[1], 0, False
        frames, sharp, flow, exists = augment(rng, frames, sharp, flow, exists)
        return frames, sharp, flow, pool is not self.sharp, exists


class Batches(torch.utils.data.Dataset):
    """The batches of one stage by the number of the step, for a ``DataLoader``; see ``Samples.batch``."""

    def __init__(self, samples: Samples, stage: Stage, share: range | None = None) -> None:
        self.samples, self.stage, self.share = samples, stage, share

    def __getitem__(self, step: int) -> Batch:
        stage = self.stage
        return self.samples.batch(step, stage.batch, stage.crop, stage.sharp_share, stage.edge_share, stage.zoom,
                                  stage.flow_loss > 0, stage.compressed_share, stage.grain_share, self.share)

    def loader(self, first: int, workers: int, pin: bool) -> Iterator[Batch]:
        """Batches from step ``first`` on without end, drawn ahead by ``workers`` processes (0: by the caller)."""
        return iter(torch.utils.data.DataLoader(self, batch_size=None, sampler=range(first, first + 10**9), num_workers=workers,
                                                worker_init_fn=leave_signals_to_the_parent,
                                                prefetch_factor=4 if workers else None, pin_memory=pin))


def leave_signals_to_the_parent(_: int) -> None:
    """Ctrl-C reaches the whole group; the parent saves its state first, and workers end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def augment(rng: np.random.Generator, frames: np.ndarray, sharp: np.ndarray, flow: np.ndarray,
            exists: np.ndarray) -> Iterator[np.ndarray]:
    """Turn, mirror, reverse time, permute colours; the flow follows. Arrays [..., H, W, C]."""
    if rng.random() < 0.5:
        frames, sharp, flow = frames[:, :, ::-1], sharp[:, :, ::-1], flow[:, :, ::-1] * np.float32([-1, 1])
    if rng.random() < 0.5:
        frames, sharp, flow = frames[:, ::-1], sharp[:, ::-1], flow[:, ::-1] * np.float32([1, -1])
    if rng.random() < 0.5:
        frames, sharp, flow = frames.swapaxes(1, 2), sharp.swapaxes(1, 2), flow.swapaxes(1, 2)[..., ::-1]
    if rng.random() < 0.5:
        frames, sharp, flow, exists = frames[::-1], sharp[::-1], flow[::-1], exists[::-1]
    if rng.random() < 0.25:
        order = rng.permutation(3)
        frames, sharp = frames[..., order], sharp[..., order]
    return (np.ascontiguousarray(a) for a in (frames, sharp, flow, exists))
