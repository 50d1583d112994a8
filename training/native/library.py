"""The compiled kernels."""

from collections.abc import Callable
import ctypes
from functools import cache
from pathlib import Path
import shutil
import subprocess
import tempfile

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parents[1] / "Sources" / "CKernels"

loaded = None  # the kernels, once enabled


def enable() -> bool:
    """Run convolutions on the engine's kernels from now on. False where clang is not installed."""
    global loaded
    clang = shutil.which("clang")
    if clang and loaded is None:
        loaded = build(clang)
    return loaded is not None


class Geometry(ctypes.Structure):
    """``convolution`` of convolution.c."""

    _fields_ = [(name, ctypes.c_int) for name in (
        "kernel", "padding", "dilation", "input_step", "output_step", "staggered",
        "images", "input_height", "input_width", "output_height", "output_width", "depth", "channels")]


class InputShape(ctypes.Structure):
    """``input_shape`` of restoration_input.c."""

    _fields_ = ([(name, ctypes.c_int) for name in ("images", "channels", "height", "width", "factor", "samples", "bend", "flows")]
                + [(name, ctypes.c_float) for name in ("offset", "path_scale", "flow_scale")])


@cache
def build(clang: str) -> ctypes.CDLL:
    """The library, compiled once a process."""
    target = Path(tempfile.mkdtemp()) / "convolution.so"
    sources = [*sorted(HERE.glob("*.c")), ENGINE / "pack.c"]
    subprocess.run([clang, "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", "-pthread", f"-I{ENGINE}",
                    f"-I{ENGINE / 'include'}", *map(str, sources), "-o", str(target)], check=True)
    library = ctypes.CDLL(str(target))
    shutil.rmtree(target.parent)
    geometry, shape, pointer, number = ctypes.POINTER(Geometry), ctypes.POINTER(InputShape), ctypes.c_void_p, ctypes.c_int
    for name, arguments in {"convolve": [geometry] + [pointer] * 4 + [ctypes.c_float, pointer, number],
                            "weight_gradient": [geometry] + [pointer] * 3 + [number],
                            "warp_images": [pointer] * 3 + [number] * 5,
                            "restoration_input": [shape] + [pointer] * 4 + [number]}.items():
        for function in (getattr(library, variant, None) for variant in (name, f"{name}_wide")):
            if function:
                function.argtypes, function.restype = arguments, None
    return library


def for_channels(name: str, *channels: int) -> Callable:
    """The function that computes with these numbers of channels: the one with wide vectors if they fill them."""
    wide = loaded.lanes_wide()
    return getattr(loaded, f"{name}_wide" if wide and all(count % wide == 0 for count in channels) else name)
