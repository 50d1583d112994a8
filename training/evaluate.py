"""Measure weights on clips: PSNR, SSIM, harm, flow error, flicker.

    python -m training.evaluate --weights FILE.safetensors --validation FOLDER [--json OUT]
    python -m training.evaluate --weights FILE.safetensors --dvd FOLDER | --gopro FOLDER

Protocol: RGB uint8, every frame (first and last included), no crop, no alignment; a clip's figure is the mean
over its frames, the total the mean over clips. At a clip's ends a neighbour is missing (``DeblurNetwork.restore``).
"""

import argparse
from collections.abc import Iterable, Iterator
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import torch

from . import metrics, native
from .data.layouts import Pictures
from .networks import DeblurNetwork
from .weights import load_network

if TYPE_CHECKING:
    from .train import Trainer

QUICK_CLIPS = ("moving-02", "moving-05", "moving-09", "sharp-01")
QUICK_FRAMES = (3, 9)


def to_tensor(frame: np.ndarray) -> torch.Tensor:
    """uint8 [H, W, 3] → float [1, 3, H, W] in [0, 1]."""
    return torch.from_numpy(np.array(frame)).permute(2, 0, 1)[None].float() / 255


def to_frame(tensor: torch.Tensor) -> np.ndarray:
    """float [1, 3, H, W] → uint8 [H, W, 3]."""
    return (tensor[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().cpu().numpy()


@torch.no_grad()
def deblur(network: DeblurNetwork, frames: Pictures, which: Iterable[int] | None = None,
           alone: bool = False) -> list[np.ndarray]:
    """Restored frames (uint8) of a clip (uint8 [N, H, W, 3]); ``alone``: the middle frame stands in for its neighbours."""
    device = next(network.parameters()).device
    restored = []
    for i in range(len(frames)) if which is None else which:
        neighbours = (i, i, i) if alone else (i - 1, i, i + 1)
        previous, middle, next_frame = (to_tensor(frames[k]).to(device) if 0 <= k < len(frames) else None for k in neighbours)
        restored.append(to_frame(network(previous, middle, next_frame)))
    return restored


def flicker(frames: list[np.ndarray]) -> float:
    """Mean absolute difference of consecutive frames, in grey levels; 0 where there is only one."""
    if len(frames) < 2:
        return 0.0
    return float(np.mean([np.abs(a.astype(np.int16) - b).mean() for a, b in zip(frames[1:], frames[:-1])]))


def measure_clip(network: DeblurNetwork, blurred: Pictures, sharp: Pictures,
                 which: Iterable[int] | None = None) -> dict[str, float]:
    """Figures of one clip; the ablation sees every fourth frame only."""
    which = list(range(len(blurred)) if which is None else which)
    restored = deblur(network, blurred, which)
    finite = lambda value: min(value, 99.0)
    before = [finite(metrics.psnr(blurred[i], sharp[i])) for i in which]
    after = [finite(metrics.psnr(r, sharp[i])) for r, i in zip(restored, which)]
    some = which[1::4] or which
    alone = [finite(metrics.psnr(r, sharp[i])) for r, i in zip(deblur(network, blurred, some, alone=True), some)]
    harmed, patches, growth = zip(*(metrics.harm(blurred[i], r, sharp[i]) for r, i in zip(restored, which)))
    return {
        "input_psnr": float(np.mean(before)), "output_psnr": float(np.mean(after)),
        "gain": float(np.mean(after) - np.mean(before)),
        "input_ssim": float(np.mean([metrics.ssim(blurred[i], sharp[i]) for i in which])),
        "output_ssim": float(np.mean([metrics.ssim(r, sharp[i]) for r, i in zip(restored, which)])),
        "gain_alone": float(np.mean(alone) - np.mean([before[which.index(i)] for i in some])),
        "gain_same_frames": float(np.mean([after[which.index(i)] - before[which.index(i)] for i in some])),
        "change_psnr": float(np.mean([finite(metrics.psnr(r, blurred[i])) for r, i in zip(restored, which)])),
        "harm": sum(harmed) / max(1, sum(patches)), "largest_growth": max(growth),
        "input_flicker": flicker([blurred[i] for i in which]), "output_flicker": flicker(restored),
    }


@torch.no_grad()
def measure_flow(network: DeblurNetwork, blurred: Pictures, sharp: Pictures, truth: np.ndarray,
                 which: Iterable[int]) -> dict[str, dict[str, float]]:
    """End-point error in pixels and alignment error of the sharp frames (mean absolute, [0, 1]) to both neighbours:
    of the network on blurred frames, of zero flow, and of OpenCV's DIS on the same blurred frames."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    rows = {name: {"epe": [], "alignment": []} for name in ("network", "zero", "dis", "exact")}
    for i in which:
        previous, middle, next_frame = (to_tensor(blurred[k]) for k in (i - 1, i, i + 1))
        flows = [f[0].permute(1, 2, 0).numpy() for f in network.flows(previous, middle, next_frame)]
        for side, neighbour in enumerate((i - 1, i + 1)):
            exact = truth[i - 1, side].astype(np.float32)
            grey = [cv2.cvtColor(blurred[k], cv2.COLOR_RGB2GRAY) for k in (i, neighbour)]
            candidates = {"network": flows[side], "zero": np.zeros_like(exact), "dis": dis.calc(*grey, None), "exact": exact}
            for name, flow in candidates.items():
                rows[name]["epe"].append(float(np.linalg.norm(flow - exact, axis=2).mean()))
                aligned = remap(sharp[neighbour], flow).astype(np.float32)
                rows[name]["alignment"].append(float(np.abs(aligned - sharp[i]).mean() / 255))
    return {name: {key: float(np.mean(v)) for key, v in row.items()} for name, row in rows.items()}


def remap(image: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Backward warping of a uint8 image, border clamped."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    return cv2.remap(image, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def load_array(folder: Path, name: str) -> np.ndarray:
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def append_quick_figures(path: Path, trainer: "Trainer", folder: str | Path) -> None:
    """A cheap look at a run in progress: a few frames, averaged weights, one line of CSV."""
    network = DeblurNetwork(trainer.config)
    network.load_state_dict(trainer.average.values)
    network.eval()
    line = {"stage": trainer.stage.name, "step": trainer.total_steps}
    moving, flows = [], []
    for name in QUICK_CLIPS:
        clip = Path(folder) / name
        blurred, sharp = load_array(clip, "input"), load_array(clip, "sharp")
        if network.flow is not None and not name.startswith("sharp"):
            flows.append(measure_flow(network, blurred, sharp, load_array(clip, "flow"), QUICK_FRAMES[:1]))
        if "restoration" not in trainer.stage.train:
            continue
        figures = measure_clip(network, blurred, sharp, QUICK_FRAMES)
        if name.startswith("sharp"):
            line["sharp_psnr"] = figures["output_psnr"]
        else:
            moving.append(figures["gain"])
            line[name] = figures["gain"]
    if moving:
        line["gain"] = float(np.mean(moving))
    for key in ("network", "zero", "dis") if flows else ():
        line[f"epe_{key}"] = float(np.mean([f[key]["epe"] for f in flows]))
        line[f"alignment_{key}"] = float(np.mean([f[key]["alignment"] for f in flows]))
    columns = ["stage", "step", "gain", *QUICK_CLIPS[:3], "sharp_psnr"] + [
        f"{kind}_{key}" for kind in ("epe", "alignment") for key in ("network", "zero", "dis")]
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, columns)
        if new:
            writer.writeheader()
        writer.writerow({k: round(v, 4) if isinstance(v, float) else v for k, v in line.items()})
    print("validation", line, flush=True)


def validation_clips(folder: str | Path) -> Iterator[tuple[str, str, np.ndarray, np.ndarray, np.ndarray]]:
    """(name, kind, blurred, sharp, flow or None) for every clip, raw and through H.264."""
    for clip in sorted(p for p in Path(folder).iterdir() if (p / "clip.json").exists()):
        kind = json.loads((clip / "clip.json").read_text())["kind"]
        sharp = load_array(clip, "sharp")
        yield clip.name, kind, load_array(clip, "input"), sharp, load_array(clip, "flow")
        if kind == "moving":
            yield f"{clip.name}-h264", "h264", load_array(clip, "h264"), sharp, None


def summary(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Per kind of clip: means, the gain of the worst clip, the largest growth of a patch's error anywhere, and the share of clips that
    lost more than 0.05 dB and came out below 45 dB (above, a difference to a perfect input is not to be seen)."""
    table = {}
    for kind in dict.fromkeys(row["kind"] for row in rows):
        group = [row for row in rows if row["kind"] == kind]
        table[kind] = {key: float(np.mean([row[key] for row in group])) for key in group[0]
                       if isinstance(group[0][key], float)}
        table[kind]["clips"] = len(group)
        table[kind]["worst_gain"] = min(row["gain"] for row in group)
        table[kind]["largest_growth"] = max(row["largest_growth"] for row in group)
        table[kind]["worse"] = float(np.mean([row["gain"] < -0.05 and row["output_psnr"] < 45 for row in group]))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--validation", type=Path)
    source.add_argument("--dvd", type=Path, help="DVD layout; its ten test videos")
    source.add_argument("--gopro", type=Path, help="GoPro layout, e.g. its folder test")
    parser.add_argument("--kinds", nargs="+", help="only these kinds of validation clips: moving h264 still sharp")
    parser.add_argument("--frames", type=int, help="only every Nth frame: sooner, but another figure (every second frame "
                        "of the moving clips gains 2.1 dB where all gain 2.4)")
    parser.add_argument("--json", type=Path, help="write every figure here")
    arguments = parser.parse_args()
    native.enable()  # the convolutions of `paper` are slow in PyTorch alone
    network = load_network(arguments.weights)
    if arguments.validation:
        clips = validation_clips(arguments.validation)
    else:
        from .data import layouts
        clips = layouts.dvd_test(arguments.dvd) if arguments.dvd else layouts.gopro(arguments.gopro)
    rows, flows = [], []
    for name, kind, blurred, sharp, truth in clips:
        if arguments.kinds and kind not in arguments.kinds:
            continue
        which = range(0, len(blurred), arguments.frames or 1)
        row = {"clip": name, "kind": kind, **measure_clip(network, blurred, sharp, which)}
        rows.append(row)
        print(f"{name:18} PSNR {row['input_psnr']:.2f} → {row['output_psnr']:.2f} ({row['gain']:+.2f})  SSIM "
              f"{row['input_ssim']:.4f} → {row['output_ssim']:.4f}  alone {row['gain_alone']:+.2f}  "
              f"harm {100 * row['harm']:.2f} % ≤ {row['largest_growth']:.1f}  "
              f"flicker {row['input_flicker']:.2f} → {row['output_flicker']:.2f}", flush=True)
        if truth is not None and kind == "moving" and network.flow is not None:
            between = range(2, len(blurred) - 1, 5)
            if between:
                flows.append(measure_flow(network, blurred, sharp, truth, between))
    report = {"summary": summary(rows), "clips": rows}
    if flows:
        report["flow"] = {name: {key: float(np.mean([f[name][key] for f in flows])) for key in ("epe", "alignment")}
                          for name in flows[0]}
    print(json.dumps({k: v for k, v in report.items() if k != "clips"}, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
