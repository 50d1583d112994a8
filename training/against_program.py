"""The same clips through PyTorch and through the program, measured by both: the figures must be equal.

    python -m training.against_program --program .build/release/vdeblur --weights fast.safetensors --validation FOLDER

Clips travel as FFV1 in RGB, without loss. PyTorch deblurs and ``training.metrics`` measure; the program deblurs and
its ``compare`` measures. Prints both and fails if one clip's mean PSNR differs by more than 0.01 dB or its SSIM by 1e-4.
"""

import argparse
from fractions import Fraction
import json
from pathlib import Path
import subprocess
import sys
import tempfile

import av
import numpy as np
import torch

from . import evaluate, metrics
from .weights import load_network


def write_clip(path: Path, frames: np.ndarray) -> None:
    """uint8 [N, H, W, 3] as FFV1 in RGB."""
    with av.open(str(path), "w", format="matroska") as output:
        stream = output.add_stream("ffv1", rate=Fraction(25))
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "bgr0"
        for image in frames:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24").reformat(format="bgr0")))
        output.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--validation", type=Path, required=True, help="folder written by training.data.validation")
    parser.add_argument("--clips", nargs="+", help="names of clips; all moving ones without")
    parser.add_argument("--frames", type=int, help="the first N frames only")
    arguments = parser.parse_args()
    torch.set_grad_enabled(False)
    network = load_network(arguments.weights)
    differ = False
    for name, kind, blurred, sharp, _ in evaluate.validation_clips(arguments.validation):
        if name not in arguments.clips if arguments.clips else kind != "moving":
            continue
        blurred, sharp = (np.array(a[: arguments.frames]) for a in (blurred, sharp))
        restored = evaluate.deblur(network, blurred)
        mine = [float(np.mean([metric(r, s) for r, s in zip(restored, sharp)])) for metric in (metrics.psnr, metrics.ssim)]
        with tempfile.TemporaryDirectory() as folder:
            paths = {part: Path(folder) / f"{part}.mkv" for part in ("blurred", "sharp", "restored")}
            write_clip(paths["blurred"], blurred)
            write_clip(paths["sharp"], sharp)
            subprocess.run([arguments.program, paths["blurred"], "-o", paths["restored"], "--codec", "ffv1", "-q",
                            "--model", arguments.weights], check=True)
            report = json.loads(subprocess.run([arguments.program, "compare", paths["sharp"], paths["restored"], "--json", "-q"],
                                               check=True, capture_output=True).stdout)
        theirs = [report["meanPSNR"], report["meanSSIM"]]
        equal = abs(mine[0] - theirs[0]) <= 0.01 and abs(mine[1] - theirs[1]) <= 1e-4
        differ |= not equal
        print(f"{name:14} PyTorch {mine[0]:.4f} dB {mine[1]:.5f}, program {theirs[0]:.4f} dB {theirs[1]:.5f}"
              + ("" if equal else "  DIFFERENT"), flush=True)
    sys.exit(differ)


if __name__ == "__main__":
    main()
