"""The rivals: the same layers and networks in PyTorch, ONNX Runtime and OpenVINO. Each function returns something to call."""

from collections.abc import Callable
import os
from pathlib import Path
import sys
import warnings

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from training.networks import DeblurNetwork, ModelConfig  # noqa: E402
from training.weights import load_network, save_weights  # noqa: E402

# Exporters warn about what they freeze; sizes are fixed here on purpose.
warnings.filterwarnings("ignore")

Run = Callable[[], object]  # one measured call; what it returns is thrown away


def cpu_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    return next((set(line.split()) for line in lines if line.startswith("flags")), set())


# Without instructions for it, bf16 is emulated and no rival.
HAS_BF16 = bool(cpu_flags() & {"avx512_bf16", "amx_bf16"})


def weights_file(name: str, cache: str) -> Path:
    """The shipped weights of a preset, or random ones of the same shape: the time is the same."""
    shipped = ROOT / "Sources/Deblur/Resources" / f"{name}.safetensors"
    if shipped.exists():
        return shipped
    path = Path(cache) / f"{name}.safetensors"
    if not path.exists():
        torch.manual_seed(0)
        config = ModelConfig.load(name)
        save_weights(path, config, DeblurNetwork(config).state_dict())
    return path


class Restoration(torch.nn.Module):
    """Aligned frames and flows in one batch of tensors: what every exporter understands."""

    def __init__(self, network: DeblurNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, frames: torch.Tensor, back: torch.Tensor, ahead: torch.Tensor) -> torch.Tensor:
        return self.network.restoration(frames, (back, ahead))


class Flow(torch.nn.Module):
    """Both flows of three frames."""

    def __init__(self, network: DeblurNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, previous: torch.Tensor, middle: torch.Tensor,
                following: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.network.flows(previous, middle, following)


def network(kind: str, path: Path, height: int, width: int) -> tuple[torch.nn.Module, list[torch.Tensor]]:
    """(module, inputs): restoration or flow of a weights file, channels last."""
    loaded = load_network(path).to(memory_format=torch.channels_last)
    frames = [torch.rand(1, 3, height, width) for _ in range(3)]
    if kind == "flow":
        return Flow(loaded).eval(), frames
    flows = [torch.rand(1, 2, height, width) for _ in range(2)]
    return Restoration(loaded).eval(), [torch.cat(frames, 1).contiguous(memory_format=torch.channels_last), *flows]


def torch_runs(module: torch.nn.Module, inputs: list[torch.Tensor], bf16: bool) -> Run:
    def run() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            module(*inputs)

    return run


def torch_layer(height: int, width: int, inputs: int, outputs: int, kernel: int, stride: int = 1,
                dilation: int = 1) -> Run:
    layer = torch.nn.Conv2d(inputs, outputs, kernel, stride, dilation * (kernel // 2), dilation)
    layer = torch.nn.Sequential(layer, torch.nn.LeakyReLU(0.1)).to(memory_format=torch.channels_last)
    x = torch.rand(1, inputs, height, width).contiguous(memory_format=torch.channels_last)
    return torch_runs(layer, [x], False)


def torch_transposed(height: int, width: int, inputs: int, outputs: int) -> Run:
    layer = torch.nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)
    layer = torch.nn.Sequential(layer, torch.nn.LeakyReLU(0.1)).to(memory_format=torch.channels_last)
    x = torch.rand(1, inputs, height, width).contiguous(memory_format=torch.channels_last)
    return torch_runs(layer, [x], False)


def onnx_runtime(module: torch.nn.Module, inputs: list[torch.Tensor], threads: int, cache: str) -> Run:
    import onnxruntime

    path = os.path.join(cache, "peer.onnx")
    with torch.inference_mode():
        torch.onnx.export(module, tuple(inputs), path, opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feed = {node.name: x.contiguous().numpy() for node, x in zip(session.get_inputs(), inputs)}
    return lambda: session.run(None, feed)


def openvino(module: torch.nn.Module, inputs: list[torch.Tensor], threads: int, bf16: bool) -> Run:
    import openvino as ov

    with torch.inference_mode():
        model = ov.convert_model(module, example_input=tuple(inputs), input=[tuple(x.shape) for x in inputs])
    hints = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
             "PERFORMANCE_HINT": "LATENCY"}
    compiled = ov.Core().compile_model(model, "CPU", hints)
    feed = [x.contiguous().numpy() for x in inputs]
    return lambda: compiled(feed)


def rivals(kind: str, path: Path, height: int, width: int, threads: int, cache: str) -> dict[str, Run | str]:
    """Name → something to call, or the reason why not, for every rival of a network."""
    module, inputs = network(kind, path, height, width)
    makers = {"PyTorch f32": lambda: torch_runs(module, inputs, False),
              "ONNX Runtime f32": lambda: onnx_runtime(module, inputs, threads, cache),
              "OpenVINO f32": lambda: openvino(module, inputs, threads, False)}
    if HAS_BF16:
        makers["PyTorch bf16"] = lambda: torch_runs(module, inputs, True)
        makers["OpenVINO bf16"] = lambda: openvino(module, inputs, threads, True)
    found: dict[str, Run | str] = {}
    for name, make in makers.items():
        try:
            found[name] = make()
            found[name]()
        except Exception as error:  # whatever an exporter throws, it is a rival that cannot run this
            found[name] = (str(error).strip() or type(error).__name__).splitlines()[0]
    return found
