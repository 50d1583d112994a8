"""The compiled kernels."""

import ctypes
from functools import cache
from pathlib import Path
import shutil
import subprocess
import tempfile

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parents[1] / "Sources" / "CKernels"

loaded = None  # the kernels, once enabled


def enable():
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
    """``input_shape`` of sampling.c."""

    _fields_ = ([(name, ctypes.c_int) for name in ("images", "channels", "height", "width", "factor", "samples", "flows")]
                + [(name, ctypes.c_float) for name in ("offset", "path_scale", "flow_scale")])


@cache
def build(clang):
    """The library, compiled once a process."""
    target = Path(tempfile.mkdtemp()) / "convolution.so"
    sources = [*sorted(HERE.glob("*.c")), ENGINE / "pack.c"]
    subprocess.run([clang, "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC", "-pthread", f"-I{ENGINE}",
                    f"-I{ENGINE / 'include'}", *map(str, sources), "-o", str(target)], check=True)
    library = ctypes.CDLL(str(target))
    shutil.rmtree(target.parent)
    shape, pointer, number = ctypes.POINTER(Geometry), ctypes.c_void_p, ctypes.c_int
    library.convolve.argtypes = [shape] + [pointer] * 4 + [ctypes.c_float, pointer, number]
    library.weight_gradient.argtypes = [shape] + [pointer] * 3 + [number]
    library.warp_images.argtypes = [pointer] * 3 + [number] * 5
    library.restoration_input.argtypes = [ctypes.POINTER(InputShape)] + [pointer] * 4 + [number]
    for name in ("convolve", "weight_gradient", "warp_images", "restoration_input"):
        getattr(library, name).restype = None
    return library
