"""Render many sequences to disk, in parallel and resumable.

    python -m training.data.cache --stills PICTURES --out CACHE --count 1500 --workers 2

Sequence *i* depends on its seed alone, so any number of workers, killed and restarted at will, write
the same files: ``00042.blurred.npy``, ``00042.sharp.npy``, ``00042.flow.npy``, and last ``00042.json``.
"""

import argparse
from dataclasses import asdict, replace
import json
from multiprocessing import Pool
import os
from pathlib import Path
import signal
import time

import cv2
import numpy as np

from . import real
from .render import Scene, Sequence, draw_scene, render, shaky
from .stills import find_stills, held_out, random_canvas, read

RECIPES = ("plain", "shaky", "real", "uncompressed")  # the last: real without codecs, where PyAV is missing
Job = tuple[int, list[Path], Path, tuple[int, int], str]  # seed, stills, folder of the cache, size, recipe


def render_one(seed: int, stills: list[Path], size: tuple[int, int] = (288, 288), frames: int = 5,
               recipe: str = "plain") -> tuple[Scene, Sequence]:
    """(Scene, Sequence) of one seed."""
    mixed = recipe in ("real", "uncompressed")
    rng = np.random.default_rng([2027 if mixed else 2026, seed])
    pick = lambda: read(stills[int(rng.integers(len(stills)))])
    if mixed:
        scene = real.draw_scene(rng, size, frames)
        if recipe == "uncompressed":
            scene = replace(scene, codecs=())
        return scene, real.render(rng, scene, pick)
    scene = draw_scene(rng, size, frames)
    if recipe == "shaky":
        scene = shaky(rng, scene)
    margin = int(min(140, 20 + 3 * scene.speed))
    canvas = random_canvas(rng, pick(), (size[0] + margin, size[1] + margin))
    textures = [random_canvas(rng, pick(), (int(rng.integers(size[0] // 4, size[0])), int(rng.integers(size[1] // 4, size[1]))))
                for _ in range(scene.layers)]
    return scene, render(rng, scene, canvas, textures)


def write_one(job: Job) -> None:
    seed, stills, out, size, recipe = job
    cv2.setNumThreads(1)
    done = out / f"{seed:05d}.json"
    if done.exists():
        return
    scene, sequence = render_one(seed, stills, size, recipe=recipe)
    for name in ("blurred", "sharp", "flow"):
        np.save(out / f"{seed:05d}.{name}.npy", getattr(sequence, name))
    partial = done.with_suffix(f".tmp{os.getpid()}")
    partial.write_text(json.dumps({"psnr": sequence.input_psnr(), "scene": asdict(scene)}))
    partial.rename(done)


def leave_interruptions_to_the_parent() -> None:
    """Ctrl-C reaches the whole group of processes; one line about it is enough."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stills", nargs="+", required=True, help="folders of sharp pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--size", type=int, default=288)
    parser.add_argument("--recipe", choices=RECIPES, default="plain", help="plain: smooth motion over photographs; "
                        "shaky: a shaken camera, longer trails; real: the mixture that real clips call for; "
                        "uncompressed: the same but through no codec")
    parser.add_argument("--shaky", dest="recipe", action="store_const", const="shaky", help="the same as --recipe shaky")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    stills = [p for p in find_stills(arguments.stills) if not held_out(p)]
    jobs = [(seed, stills, arguments.out, (arguments.size, arguments.size), arguments.recipe)
            for seed in range(arguments.first, arguments.first + arguments.count)]
    started = time.monotonic()
    with Pool(arguments.workers, initializer=leave_interruptions_to_the_parent) as pool:
        try:
            for n, _ in enumerate(pool.imap_unordered(write_one, jobs), 1):
                if n % 50 == 0:
                    left = (time.monotonic() - started) / n * (len(jobs) - n)
                    print(f"{n} of {len(jobs)} sequences, {left / 60:.0f} minutes left", flush=True)
        except KeyboardInterrupt:
            print("stopped; what is rendered stays, and the same command goes on from there", flush=True)
            raise SystemExit(130) from None


if __name__ == "__main__":
    main()
