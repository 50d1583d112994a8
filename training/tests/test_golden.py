"""The committed golden files are what the code computes today."""

from pathlib import Path

import pytest
from safetensors import safe_open
import torch

from training import golden
from training.networks import DeblurNetwork, ModelConfig

FOLDER = Path(__file__).parents[2] / "Tests/DeblurTests/Fixtures/golden"


@pytest.mark.parametrize("config", list(golden.tiny_configurations()), ids=lambda c: c.name)
def test_tiny_networks(config):
    with safe_open(FOLDER / f"{config.name}.safetensors", "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}
        assert ModelConfig.from_json(file.metadata()["config"]) == config
    network = DeblurNetwork(config)
    network.load_state_dict({k.removeprefix("weight."): v for k, v in tensors.items() if k.startswith("weight.")})
    with torch.no_grad():
        restored = network(*(tensors[f"frame{i}"][None] for i in range(3)))[0]
    assert torch.allclose(restored, tensors["restored"], atol=1e-4)
