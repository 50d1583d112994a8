"""The weights file: safetensors, PyTorch's key names, configuration and card in the metadata. Never pickle."""

import json
import os
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
import torch

from .networks import DeblurNetwork, ModelConfig

FORMAT = "vdeblur-1"


def save_weights(path: Path, config: ModelConfig, values: dict[str, torch.Tensor], version: str = "0",
                 training: dict[str, str | int] | None = None, quality: dict[str, dict[str, float]] | None = None,
                 dtype: torch.dtype = torch.float32) -> None:
    """Write ``values`` (key → tensor) with everything a reader needs to rebuild the network."""
    metadata = {"format": FORMAT, "name": config.name, "version": version, "config": config.to_json(),
                "training": json.dumps(training or {}), "quality": json.dumps(quality or {})}
    save_file({key: value.detach().cpu().to(dtype).contiguous() for key, value in values.items()}, path, metadata)
    # save_file leaves a file that its owner alone may read, whatever the umask says.
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)


def load_weights(path: Path) -> tuple[ModelConfig, dict[str, torch.Tensor], dict[str, str]]:
    """(ModelConfig, key → float32 tensor, metadata); ValueError names the file when it is not one of ours."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        if metadata.get("format") != FORMAT:
            raise ValueError(f"{path}: format {metadata.get('format')!r}, wanted {FORMAT!r}; write it with training.export")
        values = {key: file.get_tensor(key).float() for key in file.keys()}
    return ModelConfig.from_json(metadata["config"]), values, metadata


def load_network(path: Path) -> DeblurNetwork:
    """The network of a weights file, ready to run."""
    config, values, _ = load_weights(path)
    network = DeblurNetwork(config)
    network.load_state_dict(values)
    return network.eval()
