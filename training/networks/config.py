"""The configuration that distinguishes presets and ablations: data, never code."""

from dataclasses import asdict, dataclass
import json
from math import lcm
from pathlib import Path
from typing import Self

CONFIGS = Path(__file__).parent.parent / "configs"


@dataclass(frozen=True)
class FlowConfig:
    """PWC-Net: widths per pyramid level, finest first; context as [width, dilation]."""

    unshuffle: int
    pyramid: list[int]
    convolutions: int
    finest: int
    radius: int
    decoder: list[int]
    dense: bool
    context: list[list[int]]

    @property
    def stride(self) -> int:
        return self.unshuffle << len(self.pyramid)

    @property
    def upscale(self) -> int:
        """From the finest flow to the frame."""
        return self.unshuffle << self.finest


@dataclass(frozen=True)
class RestorationConfig:
    unshuffle: int
    widths: list[int]
    kernel: int
    blocks: int
    ppm: bool
    cbam: bool
    cbam_ratio: int
    flow_input: bool
    path_samples: int = 0  # each way along the motion path
    bend_samples: int = 0  # each way along its bend
    motion_gate: float = 0  # pixels a frame; what moves by less comes back as it was

    @property
    def points(self) -> int:
        """Samples of brightness at every pixel."""
        return 2 * self.path_samples + 2 * self.bend_samples

    @property
    def stride(self) -> int:
        return self.unshuffle * 4


@dataclass(frozen=True)
class ModelConfig:
    name: str
    frames: int
    slope: float
    flow: FlowConfig | None
    restoration: RestorationConfig

    def __post_init__(self) -> None:
        if self.frames not in (1, 3) or (self.frames == 1) != (self.flow is None):
            raise ValueError(f"{self.name}: frames must be 3 with a flow network or 1 without, got {self.frames}")
        if self.frames == 1 and (self.restoration.flow_input or self.restoration.points or self.restoration.motion_gate):
            raise ValueError(f"{self.name}: flow_input, path_samples, bend_samples and motion_gate need frames 3")

    @property
    def stride(self) -> int:
        """Frames are padded to a multiple of this."""
        return lcm(self.flow.stride if self.flow else 1, self.restoration.stride)

    @classmethod
    def from_json(cls, text: str) -> Self:
        fields = json.loads(text)
        flow = fields.pop("flow")
        return cls(flow=FlowConfig(**flow) if flow else None,
                   restoration=RestorationConfig(**fields.pop("restoration")), **fields)

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """A preset by its name (``fast``, ``paper``) or any JSON file by its path."""
        path = Path(name) if str(name).endswith(".json") else CONFIGS / f"{name}.json"
        return cls.from_json(path.read_text())

    def to_json(self) -> str:
        return json.dumps(asdict(self))
