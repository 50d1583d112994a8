"""Layers, networks and whole runs, ours and others' in turns; writes the tables into docs/benchmarks.md.

Every row is measured in rounds: each contestant once a round, so that whatever else the machine does meets all of them.
A row shows each one's best time and the median of the ratios within the rounds.
"""

import argparse
from collections.abc import Callable
import os
from pathlib import Path
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import thresholds

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

# H, W, inputs, outputs, kernel, stride, dilation
LAYERS = [(720, 1280, 32, 32, 5, 1, 1), (360, 640, 64, 64, 5, 1, 1), (180, 320, 128, 128, 5, 1, 1),
          (720, 1280, 32, 32, 3, 1, 1), (360, 640, 64, 64, 3, 1, 1), (180, 320, 128, 128, 3, 1, 1),
          (360, 640, 24, 24, 3, 1, 1), (180, 320, 48, 48, 3, 1, 1), (90, 160, 96, 96, 3, 1, 1),
          (180, 320, 32, 32, 3, 1, 4), (360, 640, 32, 64, 5, 2, 1), (360, 640, 24, 48, 3, 2, 1),
          (90, 160, 192, 96, 1, 1, 1)]
TRANSPOSED = [(90, 160, 96, 48), (180, 320, 48, 24)]
NETWORKS = [("fast", "restoration"), ("fast", "flow"), ("paper-published", "restoration"), ("paper-published", "flow")]


class Ours:
    """The measuring program of this package, asked line by line."""

    def __init__(self, program: str, threads: int) -> None:
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ask(f"threads {threads}")

    def ask(self, request: str) -> str:
        self.process.stdin.write(request + "\n")
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            sys.exit(f"measure {request}: {answer or 'ended'}")
        return answer

    def seconds(self, request: str, clock: str) -> float:
        wall, cpu, *_ = map(float, self.ask(request).split())
        return cpu if clock == "cpu" else wall

    def peak(self, clock: str) -> float:
        """Floating-point operations a second of one core."""
        rates = []
        for _ in range(9):
            wall, cpu, operations = map(float, self.ask("peak").split())
            rates.append(operations / (cpu if clock == "cpu" else wall))
        return max(rates)


def timed(run: Callable[[], object], clock: str) -> float:
    now = time.process_time if clock == "cpu" else time.perf_counter
    start = now()
    run()
    return now() - start


def race(contestants: dict[str, Callable[[], float]], rounds: int) -> dict[str, tuple[float, float]]:
    """name → function that returns seconds; the first is ours. name → (best seconds, median ratio to ours)."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            times[name].append(run())
    first = next(iter(times))
    return {name: (min(values), statistics.median(b / a for a, b in zip(times[first], values)))
            for name, values in times.items()}


def layer_table(ours: Ours, options: argparse.Namespace, peak: float) -> tuple[list[str], dict[str, float]]:
    """Lines for the document, and layer → how many times faster than PyTorch."""
    from peers import torch_layer, torch_transposed

    ratios = {}
    rows = ["| layer | ours, ms | GFLOP/s, effective | PyTorch f32, ms | times faster | plain loops, times slower |", "|---|---|---|---|---|---|"]
    cases = [("convolution", layer) for layer in LAYERS] + [("transposed", layer) for layer in TRANSPOSED]
    for kind, numbers in cases:
        request = f"{kind} {' '.join(map(str, numbers))}"
        run = (torch_layer if kind == "convolution" else torch_transposed)(*numbers)
        run()
        ours.ask(request)
        found = race({"ours": lambda request=request: ours.seconds(request, options.clock),
                      "PyTorch": lambda run=run: timed(run, options.clock)}, options.rounds)
        height, width, inputs, outputs = numbers[:4]
        if kind == "convolution":
            kernel, stride, dilation = numbers[4:]
            work = 2 * (height // stride) * (width // stride) * inputs * outputs * kernel**2
            name = f"{inputs}→{outputs}, {kernel}×{kernel}" + (", stride 2" if stride > 1 else "") + (f", dilation {dilation}" if dilation > 1 else "")
        else:
            work, name = 2 * 16 * height * width * inputs * outputs, f"{inputs}→{outputs}, transposed 4×4"
        best, peer = found["ours"][0], found["PyTorch"]
        plain = ""
        if options.plain and kind == "convolution" and stride == dilation == 1:
            # Plain loops take minutes on the whole layer: a few rows of it, scaled up.
            sample = 4 * options.plain
            slow = ours.seconds(f"plain {sample} {sample} {inputs} {outputs} {kernel}", options.clock)
            plain = f"{slow * height * width / sample**2 / best:.0f}"
        rows.append(f"| {height}×{width} {name} | {best * 1e3:.1f} | {work / best / 1e9:.0f} | {peer[0] * 1e3:.1f} | {peer[1]:.1f} | {plain} |")
        ratios[f"{height}×{width} {name}"] = peer[1]
        print(rows[-1], flush=True)
    lead = f"One core's multiply-adds: {peak / 1e9:.0f} GFLOP/s. Effective: operations of the direct sum over the time."
    return [lead, "", *rows], ratios


def network_table(ours: Ours, options: argparse.Namespace, cache: str,
                  peak: float) -> tuple[list[str], dict[str, float]]:
    """Lines for the document, and "network, rival" → how many times faster."""
    import peers

    ratios = {}
    rows = ["| network | contestant | ms | GFLOP/s, effective | ours is … times faster |", "|---|---|---|---|---|"]
    facts = []
    height, width = options.size
    for name, kind in NETWORKS:
        path = peers.weights_file(name, cache)
        request = f"{kind} {path} {height} {width}"
        work = 2 * float(ours.ask(f"work {request}"))
        contestants = {"ours": lambda request=request: ours.seconds(request, options.clock)}
        reasons = {}
        for peer, run in peers.rivals(kind, path, height, width, options.threads, cache).items():
            if isinstance(run, str):
                reasons[peer] = run
            else:
                contestants[peer] = lambda run=run: timed(run, options.clock)
        found = race(contestants, options.rounds)
        for peer, (best, ratio) in found.items():
            rows.append(f"| {name} {kind} | {peer} | {best * 1e3:.0f} | {work / best / 1e9:.0f} | {'' if peer == 'ours' else f'{ratio:.1f}'} |")
            if peer != "ours":
                ratios[f"{name} {kind}, {peer}"] = ratio
            print(rows[-1], flush=True)
        for peer, reason in reasons.items():
            rows.append(f"| {name} {kind} | {peer} | cannot run it: {reason[:80]} | | |")
            print(rows[-1], flush=True)
        if kind == "restoration":
            best, cores = found["ours"][0], 1 if options.clock == "cpu" else options.threads
            facts.append(f"`{name}` restoration, {work / 2e9:.0f} G multiply-adds at this size: {work / best / 1e9:.0f} GFLOP/s effective,")
            facts.append(f"{work / best / peak / cores:.1f} times what {'the core' if cores == 1 else f'the {cores} cores'} can multiply and add.")
    return [*rows, "", *facts], ratios


def make_clip(cache: str, width: int, height: int, frames: int) -> str:
    """A picture that moves as a whole, 8 pixels a frame: nothing of it rests, so nothing is left out."""
    clip = os.path.join(cache, f"{width}x{height}.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate=24", "-vf",
                    f"scroll=h={8 / width}", "-frames:v", str(frames), "-c:v", "libx264", "-pix_fmt", "yuv420p", clip], check=True)
    return clip


def run_program(options: argparse.Namespace, cache: str, clip: str, *arguments: str) -> tuple[float, float, float]:
    """Seconds on the wall, seconds of processor time and peak megabytes of one run."""
    start = time.perf_counter()
    child = subprocess.Popen([options.program, clip, "-o", os.path.join(cache, "out.mp4"), "-y", "-q", *arguments])
    peak = done = 0
    while not done:
        # The peak that the kernel hands out at the end counts this process too, of which the child was a copy before it became the program.
        for line in Path(f"/proc/{child.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                peak = int(line.split()[1])
        time.sleep(0.02)
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
    if status != 0:
        sys.exit(f"{options.program} failed with status {os.waitstatus_to_exitcode(status)} on {clip}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, peak / 1024


def run_table(options: argparse.Namespace, cache: str) -> list[str]:
    """The whole program, from H.264 to H.264: its speed with one and with all threads, its memory on larger frames."""
    import peers

    if not shutil.which("ffmpeg"):
        return ["(no ffmpeg to make a clip with: whole runs were left out)"]
    several = sorted({1, options.threads})
    rows = ["| run | frames a second | processor seconds a frame | of it reading, converting, writing | cores busy | peak memory, MB |",
            "|---|---|---|---|---|---|"]
    walls: dict[tuple[str, int], list[float]] = {}
    for name, width, height, frames, counts in [
            ("fast", 1280, 720, 120, several), ("fast", 1920, 1080, 24, several[-1:]), ("fast", 3840, 2160, 6, several[-1:]),
            ("paper-published", 1280, 720, 4, several[-1:]), ("paper-published", 1920, 1080, 4, several[-1:])]:
        frames = max(4, round(frames * options.clips))
        clip = make_clip(cache, width, height, frames)
        # The same run without the networks.
        _, rest, _ = run_program(options, cache, clip, "--strength", "0")
        for threads in counts:
            wall, busy, memory = run_program(
                options, cache, clip, "--model", str(peers.weights_file(name, cache)), "--threads", str(threads))
            walls.setdefault((name, width), []).append(wall)
            rows.append(f"| {name}, {width}×{height}, {threads} thread{'s' if threads > 1 else ''}, {frames} frames | {frames / wall:.2f} | "
                        f"{busy / frames:.2f} | {100 * rest / busy:.0f} % | {busy / wall:.2f} | {memory:.0f} |")
            print(rows[-1], flush=True)
    one, *rest = walls["fast", 1280]
    return [*rows, "", *(f"{options.threads} threads are {one / all:.2f} times as fast as one." for all in rest)]


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def write(sections: list[tuple[str, list[str]]], options: argparse.Namespace, isa: str) -> None:
    """Puts the sections into the document; those not measured this time stay as they are."""
    clock = "processor time (of all threads)" if options.clock == "cpu" else "wall time"
    header = (f"Measured {time.strftime('%Y-%m-%d')} on {processor()}, {os.cpu_count()} cores, instruction set {isa}, {options.threads} "
              f"thread{'s' if options.threads > 1 else ''}, {clock}, {options.rounds} rounds; load at the end {os.getloadavg()[0]:.1f}.")
    text = DOCUMENT.read_text()
    if BEGIN not in text or END not in text:
        sys.exit(f"{DOCUMENT}: the marks {BEGIN} and {END} are missing; put them where the tables belong")
    before, rest = text.split(BEGIN)
    body, after = rest.split(END)
    found = {part.splitlines()[0].split(",")[0]: part.strip() for part in body.split("### ")[1:]}
    for title, lines in sections:
        found[title.split(",")[0]] = "\n".join([title, "", header, "", *lines])
    DOCUMENT.write_text(before + BEGIN + "\n" + "\n\n".join(f"### {part}" for part in found.values()) + "\n" + END + after)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", required=True, help="the program built from this package")
    parser.add_argument("--program", help="vdeblur, for whole runs")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="cpu with one thread: on a busy machine")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plain", type=int, default=8, help="side of the sample that the plain loops compute, in fours; 0 leaves them out")
    parser.add_argument("--size", type=int, nargs=2, default=[384, 768], metavar=("H", "W"), help="frame of the networks")
    parser.add_argument("--clips", type=float, default=1, help="length of the clips of whole runs, in times of the usual")
    parser.add_argument("--only", choices=["layers", "networks", "runs"], action="append")
    parser.add_argument("--dry", action="store_true", help="print, do not write the document")
    parser.add_argument("--check", action="store_true", help="fail where a ratio is below thresholds.json; writes nothing")
    options = parser.parse_args()
    wanted = options.only or ["layers", "networks", "runs"]

    # Their idle threads must not spin while it is another's turn.
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    ours = Ours(options.measure, options.threads)
    sections, ratios = [], {}
    with tempfile.TemporaryDirectory() as cache:
        peak = ours.peak(options.clock)
        if "layers" in wanted:
            lines, found = layer_table(ours, options, peak)
            sections.append(("Layers", lines))
            ratios |= found
        if "networks" in wanted:
            lines, found = network_table(ours, options, cache, peak)
            sections.append((f"Networks, {options.size[1]}×{options.size[0]}", lines))
            ratios |= found
        if "runs" in wanted and options.program:
            sections.append(("Whole runs", run_table(options, cache)))
    if options.check:
        sys.exit(thresholds.report(thresholds.load(), ratios))
    if not options.dry:
        write(sections, options, ours.ask("isa"))


if __name__ == "__main__":
    main()
