"""Write the averaged weights of a run as the file that the program loads.

    python -m training.export --run RUN --out fast.safetensors [--dtype f16] [--quality REPORT.json]
"""

import argparse
import json
from pathlib import Path

import torch

from . import checkpoint
from .checkpoint import RunState
from .networks import ModelConfig
from .weights import save_weights


def training_summary(state: RunState) -> dict[str, str | int]:
    """What the metadata tells about the run."""
    return {"schedule": state["schedule"]["name"], "steps": state["total_steps"], "sequences": state["sequences"]}


def quality_summary(report: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """What the metadata tells about the quality, from a report of ``training.evaluate``, by kind of clip."""
    # A perfect input has no gain to tell of, only how well it comes back.
    keys = lambda row: ("output_psnr",) if row["input_psnr"] >= 99 else ("input_psnr", "output_psnr", "gain", "worst_gain")
    # Reports of earlier versions lack some figures.
    return {kind: {key: round(row[key], 5) for key in (*keys(row), "harm", "largest_growth") if key in row}
            for kind, row in report["summary"].items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="folder written by training.train")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dtype", choices=("f16", "f32"), default="f16")
    parser.add_argument("--version", default="1")
    parser.add_argument("--quality", type=Path, help="report of training.evaluate --json, summarised in the metadata")
    arguments = parser.parse_args()
    state = checkpoint.load(arguments.run / "state.pt")
    quality = quality_summary(json.loads(arguments.quality.read_text())) if arguments.quality else {}
    dtype = {"f16": torch.float16, "f32": torch.float32}[arguments.dtype]
    save_weights(arguments.out, ModelConfig.from_json(state["config"]), state["average"]["values"],
                 arguments.version, training_summary(state), quality, dtype)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
