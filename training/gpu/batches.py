"""Rendered sequences in the memory of the device, as bytes, and batches cut from them by one gather.

What is drawn, where and how turned is chosen on the CPU, a row of integers a sample; frames are touched on the device alone.
"""

from contextlib import nullcontext
from itertools import permutations
import json
from pathlib import Path
from threading import Lock

import numpy as np
import torch
import torch.nn.functional as F

from ..data.samples import BLURRED_BELOW, SHARP_ABOVE, Batch
from ..schedule import Stage

# Columns of a row: which frames (``slot``, ``frame``), where (``y``, ``x``), mirrored across, upside down, transposed, back in time,
# which order of colours, which neighbour is missing (0 none, 1 previous, 2 next), blurred, how much enlarged (in 1/65536).
COLUMNS = ("slot", "frame", "y", "x", "mirror", "flip", "turn", "back", "colours", "missing", "blurred", "zoom")
ONE = 65536


class DeviceCache:
    """Up to ``capacity`` sequences. They may arrive while batches are drawn: a draw sees those that are there."""

    def __init__(self, capacity: int, device: str | torch.device, frames: int = 5, size: tuple[int, int] = (288, 288),
                 flow: bool = True) -> None:
        self.device, self.frames, self.size, self.count = torch.device(device), frames, size, 0
        empty = lambda *shape, dtype: torch.empty(shape, dtype=dtype, device=self.device)
        self.blurred = empty(capacity, frames, *size, 3, dtype=torch.uint8)
        self.sharp = torch.empty_like(self.blurred)
        # Right, down in pixels, from each inner frame to its two neighbours; two gigabytes a thousand sequences.
        self.flow = empty(capacity, frames - 2, 2, *size, 2, dtype=torch.float16) if flow else None
        self.orders = torch.tensor(list(permutations(range(3))), device=self.device)
        self.pools: dict[str, list[tuple[int, int]]] = {"raw": [], "compressed": [], "sharp": []}
        self.stream = torch.cuda.Stream(self.device) if self.device.type == "cuda" else None
        self.loading = Lock()  # held while a sequence arrives, and by who must not be disturbed by that

    def load(self, folder: Path, name: str) -> None:
        """Add one sequence as ``training.data.cache`` wrote it; may run in a thread of its own."""
        facts, slot = json.loads((folder / f"{name}.json").read_text()), self.count
        targets = {"blurred": self.blurred, "sharp": self.sharp} | ({"flow": self.flow} if self.flow is not None else {})
        sources = {kind: torch.from_numpy(np.load(folder / f"{name}.{kind}.npy")) for kind in targets}
        with self.loading, torch.cuda.stream(self.stream) if self.stream else nullcontext():
            for kind, target in targets.items():
                target[slot].copy_(sources[kind].pin_memory() if self.stream else sources[kind], non_blocking=True)
            if self.stream:
                self.stream.synchronize()  # not before it is there may it be drawn
        scene = facts.get("scene", {})
        kind = "compressed" if scene.get("crf") is not None or scene.get("codecs") else "raw"
        for frame in range(1, self.frames - 1):
            if facts["psnr"][frame] < BLURRED_BELOW:
                self.pools[kind].append((slot, frame))
            elif facts["psnr"][frame] > SHARP_ABOVE:
                self.pools["sharp"].append((slot, frame))
        self.count += 1

    def choose(self, seed: int, step: int, stage: Stage) -> torch.Tensor:
        """Rows of one batch [N, 12], int32, by the rules of ``samples.Samples.batch``; a function of seed, step and what is there."""
        if stage.zoom < 1:
            raise ValueError(f"stage {stage.name}: a zoom below 1 is for a CPU alone; crops are cut in their own size here")
        if stage.grain_share:
            raise ValueError(f"stage {stage.name}: grain_share is for a CPU alone; no noise is added here")
        rng = np.random.default_rng([seed, step])
        n, side = stage.batch, stage.crop
        pools = {kind: pool[:] for kind, pool in self.pools.items()}
        blurred = pools["raw"] + pools["compressed"]
        rows = np.zeros((n, len(COLUMNS)), np.int64)
        for row in rows:
            pool = pools["sharp"] if pools["sharp"] and rng.random() < stage.sharp_share else blurred
            if pool is blurred and stage.compressed_share is not None and pools["raw"] and pools["compressed"]:
                pool = pools["compressed" if rng.random() < stage.compressed_share else "raw"]
            row[:2], row[10] = pool[int(rng.integers(len(pool)))], pool is not pools["sharp"]
        rows[:, 2], rows[:, 3] = rng.integers(self.size[0] - side + 1, size=n), rng.integers(self.size[1] - side + 1, size=n)
        rows[:, 4:8] = rng.integers(2, size=(n, 4))
        rows[:, 8] = np.where(rng.random(n) < 0.25, rng.integers(len(self.orders), size=n), 0)
        rows[:, 9] = np.where(rng.random(n) < stage.edge_share, rng.integers(1, 3, size=n), 0)
        rows[:, 11] = np.rint(ONE * rng.uniform(1, max(1.0, stage.zoom), n))
        return torch.from_numpy(rows.astype(np.int32))

    def batch(self, rows: torch.Tensor, crop: int, zoom: bool = False) -> Batch:
        """Tensors as ``samples.Samples.batch`` gives them; ``rows`` [N, 12] on the device. No synchronisation, no shape depends on data."""
        slot, frame, y, x, mirror, flip, turn, back, colours, missing, blurred, enlarged = rows.long().unbind(1)
        each = lambda values, dimensions: values.view(-1, *[1] * dimensions)
        line = torch.arange(crop, device=self.device)
        down, across = line[None, :, None], line[None, None, :]
        r, c = torch.where(each(turn, 2) > 0, across, down), torch.where(each(turn, 2) > 0, down, across)
        r, c = torch.where(each(flip, 2) > 0, crop - 1 - r, r), torch.where(each(mirror, 2) > 0, crop - 1 - c, c)
        pixels = (each(y, 2) + r) * self.size[1] + each(x, 2) + c  # [N, crop, crop] in a frame
        area, direction = self.size[0] * self.size[1], 1 - 2 * back
        planes = (slot * self.frames + frame)[:, None] + direction[:, None] * torch.arange(-1, 2, device=self.device)
        index = planes[:, :, None, None] * area + pixels[:, None]
        order = self.orders[colours][:, None, None, None, :].expand(-1, 3, crop, crop, -1)
        take = lambda frames: frames.view(-1, 3)[index].gather(-1, order).permute(0, 1, 4, 2, 3).float() / 255
        frames, sharp = take(self.blurred), take(self.sharp)  # [N, 3 frames, 3, crop, crop]
        if self.flow is not None:
            sides = (slot * (self.frames - 2) + frame - 1)[:, None] * 2 + (torch.arange(2, device=self.device) ^ back[:, None])
            flow = self.flow.view(-1, 2)[sides[:, :, None, None] * area + pixels[:, None]].float()
            flow = flow * torch.stack([1 - 2 * mirror, 1 - 2 * flip], dim=1)[:, None, None, None, :]
            flow = torch.where(each(turn, 4) > 0, flow.flip(-1), flow).permute(0, 1, 4, 2, 3)
        else:
            flow = torch.zeros(len(rows), 2, 2, crop, crop, device=self.device)
        if zoom:
            frames, sharp, flow = enlarge(frames, sharp, flow, enlarged.float() / ONE)
        has_previous, has_next = missing != 1, missing != 2
        keep = torch.stack([has_previous, torch.ones_like(has_previous), has_next], dim=1)[..., None, None, None]
        frames, sharp = (torch.where(keep, images, images[:, 1:2]) for images in (frames, sharp))
        flow = flow * torch.stack([has_previous, has_next], dim=1)[..., None, None, None]
        return {"previous": frames[:, 0], "middle": frames[:, 1], "next": frames[:, 2], "sharp": sharp, "target": sharp[:, 1],
                "flow": flow, "blurred": blurred > 0, "has_previous": has_previous, "has_next": has_next}


def enlarge(frames: torch.Tensor, sharp: torch.Tensor, flow: torch.Tensor,
            factor: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The middle of each sample, ``factor`` [N] times as large, the flow with it."""
    n, _, _, height, width = frames.shape
    stacked = torch.cat([frames.flatten(1, 2), sharp.flatten(1, 2), flow.flatten(1, 2)], dim=1)
    scale = torch.zeros(n, 2, 3, device=frames.device)
    scale[:, 0, 0] = scale[:, 1, 1] = 1 / factor
    grid = F.affine_grid(scale, (n, 1, height, width), align_corners=False)
    stacked = F.grid_sample(stacked, grid, mode="bilinear", padding_mode="border", align_corners=False)
    frames, sharp, flow = stacked.split([9, 9, 4], dim=1)
    views = lambda x, count: x.reshape(n, count, -1, height, width)
    return views(frames, 3), views(sharp, 3), views(flow, 2) * factor.view(-1, 1, 1, 1, 1)
