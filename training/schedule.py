"""A training schedule: stages with lengths, learning rates and batch shapes, as data."""

from dataclasses import asdict, dataclass, field
import json
from math import cos, pi
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).parent / "configs" / "schedules"


@dataclass(frozen=True)
class Stage:
    """One stretch of training. Its length is ``steps``, or ``minutes`` of training time where the clock decides."""

    name: str
    train: dict[str, float]  # network ("flow", "restoration") → base learning rate; the others stay frozen
    crop: int
    batch: int
    steps: int | None = None
    minutes: float | None = None
    optimiser: str = "adamw"
    optimiser_settings: dict[str, float | list[float]] = field(default_factory=dict)
    warm_up: int = 100  # steps
    decay: str = "cosine"  # "cosine" to 1 % | "hold-then-linear": constant for two thirds, then linear to `final`
    final: float = 0.01  # share of the base rate at the end
    loss: str = "relative_l1"
    loss_floor: float = 0.01  # of relative_l1 and log_mse, in [0, 1] intensities
    whiten: bool = False  # the first convolution begins and learns in whitened coordinates; by muon
    gate_bound: float = 1.0  # weight of what keeps attention's gates from saturating
    coarse_loss: float = 0.0  # weight of what the coarse decoders say alone (coarse.py)
    harm_loss: float = 0.0  # weight of what makes a place worse than it was
    local_loss: float = 0.0  # weight of log_mse by patches, so that plain places count
    flow_loss: float = 0.0  # weight of the supervised flow loss
    flow_exponent: float = 0.7  # of its errors: 1 while the flow begins, less makes large ones count less
    begin_coarsest: bool = False  # the flow's coarsest level begins as the next finer one (coarsest.py)
    alignment_loss: float = 0.0  # weight of the difference that the flow leaves between sharp frames; beside flow_loss
    sharp_share: float = 0.1
    edge_share: float = 0.04
    compressed_share: float | None = None  # of blurred samples; None: as rendered
    grain_share: float = 0.0  # of blurred samples, those that get noise in blotches as phones make it in the dark (photometry.py)
    zoom: float = 1.0  # crops enlarged by up to this factor, or shrunk: faster or slower motion for the flow
    clip: float = 1.0  # gradient norm, each network on its own
    ema: float = 0.999

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError(f"stage {self.name}: give steps or minutes, one of them")

    def progress(self, step: int, seconds: float) -> float:
        """0 … 1 through the stage, after ``step`` steps or ``seconds`` of training."""
        return step / self.steps if self.steps else seconds / (60 * self.minutes)

    def rate_factor(self, step: int, seconds: float) -> float:
        """What the base learning rates are multiplied with."""
        warm = min(1.0, (step + 1) / self.warm_up) if self.warm_up else 1.0
        p = min(1.0, self.progress(step, seconds))
        if self.decay == "cosine":
            return warm * (self.final + (1 - self.final) * (1 + cos(pi * p)) / 2)
        if self.decay == "hold-then-linear":
            return warm * (1 - (1 - self.final) * max(0.0, 3 * p - 2))
        raise ValueError(f"stage {self.name}: unknown decay {self.decay!r}")


@dataclass(frozen=True)
class Schedule:
    name: str
    stages: list[Stage]
    seed: int = 0

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """A named schedule of ``configs/schedules`` or any JSON file by its path."""
        path = Path(name) if str(name).endswith(".json") else FOLDER / f"{name}.json"
        fields = json.loads(path.read_text())
        fields.pop("about", None)
        return cls(stages=[Stage(**s) for s in fields.pop("stages")], **fields)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
