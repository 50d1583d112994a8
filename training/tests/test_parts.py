"""Each part left out."""

import numpy as np
import pytest
import torch

from training import parts
from training.networks import DeblurNetwork

from .conftest import picture

ALL = ["encoder 0", "encoder 1", "encoder 2", "pyramid pooling", "channel attention", "spatial attention", "projection", "decoder 0", "decoder 1",
       "decoder 2", "deepest stage as a whole", "flow", "flow: decoder 1", "flow: decoder 0", "flow: context network", "motion path", "flow as an input"]


def awake(config, seed=1):
    """Networks whose layers that are zero at the start do something."""
    torch.manual_seed(seed)
    network = DeblurNetwork(config)
    with torch.no_grad():
        for name, p in network.named_parameters():
            if name.endswith("weight") and not p.any():
                p.normal_(std=0.05)
    return network.eval()


def clip():
    return np.stack([picture(1, 48, 64 + 9)[:, 3 * n : 3 * n + 64] for n in range(3)])


def test_every_part_at_rest_changes_the_picture_and_wakes_again(tiny):
    network, frames = awake(tiny), [torch.rand(1, 3, 64, 64) for _ in range(3)]
    with torch.no_grad():
        whole = network(*frames)
        names = []
        for name, module, rest in parts.parts(network, frames):
            with parts.at_rest(module, rest):
                assert (network(*frames) - whole).abs().max() > 1e-6, name
            assert network(*frames).equal(whole), name
            names.append(name)
    assert names == ALL


def test_a_dead_part_costs_nothing_and_a_live_one_does(tiny):
    network, sharp = awake(tiny), clip()
    with torch.no_grad():
        network.restoration.cbam.spatial.bias.fill_(-300)  # the gate is shut: what lies behind it does nothing
        for p in network.restoration.decoder[0].blocks.parameters():
            p.zero_()
    blurred = np.roll(sharp, 2, axis=2)
    table = parts.gains(network, blurred, sharp, [0, 1, 2])
    lost = {name: np.mean(table["none"]) - np.mean(values) for name, values in table.items()}
    for dead in ("encoder 2", "pyramid pooling", "channel attention", "spatial attention"):
        assert lost[dead] == pytest.approx(0, abs=1e-4), dead
    assert all(len(values) == 3 for values in table.values()) and abs(lost["encoder 0"]) > 1e-3


def test_the_table_tells_what_is_lost_of_both_kinds(single):
    network, sharp = awake(single), clip()
    clips = [("a", "moving", np.roll(sharp, 2, axis=2), sharp, None), ("a-h264", "h264", np.roll(sharp, 3, axis=2), sharp, None),
             ("b", "still", sharp, sharp, None)]
    table = parts.measured(network, clips, 2)
    assert list(table) == ["moving", "h264"] and list(table["moving"]) == ["none", *ALL[:11]]
    lines = parts.markdown(table).splitlines()
    assert lines[0] == "| part at rest | gain lost raw, dB | gain lost through H.264, dB |" and len(lines) == 14
    row = next(line for line in lines if line.startswith("| decoder 1 |")).split("|")
    assert float(row[2]) == pytest.approx(table["moving"]["none"] - table["moving"]["decoder 1"], abs=6e-4)
