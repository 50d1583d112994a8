"""What parts cost and gain: bytes and quality of an encoder that begins anew, time of --work, two Slurm nodes against one.

    python3 parts.py --program ../.build/release/vdeblur --clip CLIP [--seconds 60] [--only bytes,time,cluster]

Everything is measured in turns. `bytes` needs no quiet machine; `time` and `cluster` do, for wall time; processor time is printed beside it.
A run through a pipe serves as the one without parts: it cannot be read beforehand, so one encoder goes from beginning to end.
The model for N machines is that of whole parts shared out: speed-up = parts / ceil(parts / N), less what planning and joining take.
"""

import argparse
import math
import os
from pathlib import Path
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, stdin: BinaryIO | None = None) -> tuple[float, float]:
    """Seconds by the clock and of the processor, children included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdin=stdin)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def psnr(a: Path, b: Path) -> float:
    """Overall PSNR of the luma of two clips in dB."""
    graph = "[0:v]settb=1/1000000,setpts=N[a];[1:v]settb=1/1000000,setpts=N[b];[a][b]psnr"
    text = subprocess.run(["ffmpeg", "-nostdin", "-i", str(a), "-i", str(b), "-lavfi", graph, "-f", "null", "-"],
                          check=True, capture_output=True, text=True).stderr
    return float(re.search(r"PSNR y:([0-9.]+|inf)", text).group(1))


def measure_bytes(program: Path, source: Path, folder: Path, options: list[str]) -> None:
    """One encoder against one for each part; the pictures are the source's, so that only coding differs."""
    whole, parts = folder / "whole.mkv", folder / "parts.mkv"
    base = ["-q", "-y", "--strength", "0", "-f", "matroska", *options]
    with source.open("rb") as stream:
        run(program, "-", "-o", whole, *base, stdin=stream)
    run(program, source, "-o", parts, *base)
    sizes = [path.stat().st_size for path in (whole, parts)]
    quality = [psnr(source, path) for path in (whole, parts)]
    print(f"bytes: one encoder {sizes[0]}, parts {sizes[1]}: {100 * (sizes[1] / sizes[0] - 1):+.2f} %; "
          f"PSNR {quality[0]:.3f} and {quality[1]:.3f} dB: {quality[1] - quality[0]:+.3f} dB")


def measure_time(program: Path, source: Path, folder: Path, options: list[str], rounds: int) -> None:
    """A plain run against one with --work, in turns."""
    ratios: dict[str, list[float]] = {"clock": [], "processor": []}
    for number in range(rounds):
        plain = run(program, source, "-o", folder / "plain.mkv", "-q", "-y", *options)
        shutil.rmtree(folder / "work", ignore_errors=True)
        work = run(program, source, "-o", folder / "work.mkv", "-q", "-y", *options, "--work", folder / "work")
        assert (folder / "plain.mkv").read_bytes() == (folder / "work.mkv").read_bytes(), "the files differ"
        for key, a, b in zip(ratios, plain, work):
            ratios[key].append(b / a)
        print(f"time, round {number}: plain {plain[0]:.1f} s ({plain[1]:.1f} s of processor), --work {work[0]:.1f} s ({work[1]:.1f})")
    print("time: --work / plain, median: " + ", ".join(f"{key} {statistics.median(values):.4f}" for key, values in ratios.items()))


def measure_cluster(program: Path, source: Path, folder: Path, options: list[str]) -> None:
    """All parts on one Slurm node, then on two. Needs root; see Tests/Cluster."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "SLURM_CONF": str(folder / "slurm/slurm.conf")}
    (folder / "bin").mkdir()
    (folder / "bin/vdeblur").symlink_to(program)
    subprocess.run([ROOT / "Tests/Cluster/slurm.sh", "start", folder / "slurm"], check=True)
    try:
        seconds = {}
        for nodes in ("n1", "n1,n2"):
            work = folder / f"cluster-{len(nodes)}"
            run(program, "plan", source, "-o", folder / f"{work.name}.mkv", "-q", *options, "--work", work)
            began = time.perf_counter()
            job = subprocess.run([ROOT / "packaging/cluster/submit-slurm.sh", work, *(["--exclude=n2"] if nodes == "n1" else [])],
                                 check=True, capture_output=True, text=True, env=environment).stdout.strip()
            while subprocess.run(["squeue", "-h", "-j", job], capture_output=True, text=True, env=environment).stdout:
                time.sleep(0.2)
            seconds[nodes] = time.perf_counter() - began
            print(f"cluster: {nodes}: {seconds[nodes]:.1f} s")
        print(f"cluster: two nodes are {seconds['n1'] / seconds['n1,n2']:.2f} times as fast as one")
    finally:
        subprocess.run([ROOT / "Tests/Cluster/slurm.sh", "stop", folder / "slurm"])


def print_model(parts: int, part_seconds: float, other_seconds: float) -> None:
    for machines in (1, 2, 4, 8, 16, 32):
        total = math.ceil(parts / machines) * part_seconds + other_seconds
        print(f"model: {machines:2d} machines, {parts} parts: {(parts * part_seconds + other_seconds) / total:.1f} times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=Path)
    parser.add_argument("--clip", required=True, type=Path, help="any clip; scaled to 1280×720")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="bytes,time,cluster")
    parser.add_argument("options", nargs="*", help="of vdeblur, after --")
    given = parser.parse_args()
    program = given.program.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.mkv"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", given.clip, "-an", "-t", str(given.seconds), "-vf",
                        "scale=1280:720,format=yuv420p", "-c:v", "libx264", "-crf", "14", "-preset", "veryfast", source], check=True)
        if "bytes" in given.only:
            measure_bytes(program, source, folder, given.options)
        if "time" in given.only:
            measure_time(program, source, folder, given.options, given.rounds)
        if "cluster" in given.only:
            measure_cluster(program, source, folder, given.options)
    # Seconds of one core for a part of 250 frames of 1280×720, and for planning and joining an hour of it.
    print_model(360, 250 * 0.86, 60)


if __name__ == "__main__":
    main()
