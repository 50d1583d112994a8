"""Real data sets as their authors lay them out: DVD (Su et al. 2017) and GoPro (Nah et al. 2017).

Every clip comes as (name, kind, blurred, sharp, None), as ``evaluate.validation_clips`` gives them;
the frames are read when asked for.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .stills import read

DVD_TEST = ("IMG_0030", "IMG_0049", "IMG_0021", "720p_240fps_2", "IMG_0032",
            "IMG_0033", "IMG_0031", "IMG_0003", "IMG_0039", "IMG_0037")


class Frames:
    """A sequence of picture files that reads like a uint8 array [N, H, W, 3]."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:
        return read(self.paths[index])


Pictures = np.ndarray | Frames | list[np.ndarray]  # uint8 [N, H, W, 3], read as a whole or frame by frame
Clip = tuple[str, str, Pictures, Pictures, np.ndarray | None]  # name, kind, blurred, sharp, flow


def pair(blurred: Path, sharp: Path) -> tuple[Frames, Frames]:
    """Frames of two folders, matched by name; a frame missing on one side is an error."""
    names = [sorted(p.name for p in folder.iterdir() if p.suffix in (".png", ".jpg")) for folder in (blurred, sharp)]
    if not names[0] or names[0] != names[1]:
        lost = sorted(set(names[0]) ^ set(names[1]))
        raise SystemExit(f"{blurred} and {sharp} do not hold the same frames: {', '.join(lost[:3]) or 'both are empty'}")
    return Frames([blurred / n for n in names[0]]), Frames([sharp / n for n in names[0]])


def dvd(folder: str | Path, test: bool) -> Iterator[Clip]:
    """``quantitative_datasets/<video>/{input,GT}/NNNNN.jpg``; the ten test videos or the training videos."""
    root = Path(folder)
    root = root / "quantitative_datasets" if (root / "quantitative_datasets").is_dir() else root
    videos = sorted(v for v in root.iterdir() if (v / "input").is_dir() and (v.name in DVD_TEST) == test)
    if not videos:
        raise SystemExit(f"{root}: no {'test' if test else 'training'} videos of the DVD layout (<video>/input, <video>/GT)")
    for video in videos:
        yield (video.name, "dvd", *pair(video / "input", video / "GT"), None)


def dvd_test(folder: str | Path) -> Iterator[Clip]:
    return dvd(folder, test=True)


def dvd_train(folder: str | Path) -> Iterator[Clip]:
    return dvd(folder, test=False)


def gopro(folder: str | Path) -> Iterator[Clip]:
    """``<sequence>/{blur,sharp}/*.png``."""
    sequences = sorted(s for s in Path(folder).iterdir() if (s / "blur").is_dir())
    if not sequences:
        raise SystemExit(f"{folder}: no sequences of the GoPro layout (<sequence>/blur, <sequence>/sharp)")
    for sequence in sequences:
        yield (sequence.name, "gopro", *pair(sequence / "blur", sequence / "sharp"), None)
