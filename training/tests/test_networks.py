"""Networks: identity at the start, each part against a plain computation, every configuration."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from training.networks import DeblurNetwork, ModelConfig
from training.networks.blocks import pad_to_multiple, reflected_indices
from training.networks.cost_volume import cost_volume
from training.networks.motion_path import SCALE, motion_path
from training.networks.warp import warp


def frames(height=37, width=50, count=3):
    generator = torch.Generator().manual_seed(1)
    return [torch.rand(1, 3, height, width, generator=generator) for _ in range(count)]


def randomise(network):
    torch.manual_seed(2)
    for p in network.parameters():
        torch.nn.init.normal_(p, std=0.1)
    return network


@pytest.mark.parametrize("preset", ["fast", "paper", "paper-published"])
def test_an_untrained_network_is_the_identity(preset):
    network = DeblurNetwork(ModelConfig.load(preset))
    previous, middle, next_frame = frames()
    with torch.no_grad():
        assert torch.equal(network(previous, middle, next_frame), middle)


def test_fast_stays_within_its_size():
    network = DeblurNetwork(ModelConfig.load("fast"))
    assert sum(p.numel() for p in network.parameters()) < 1.5e6


@pytest.mark.parametrize("ppm", [False, True])
@pytest.mark.parametrize("cbam", [False, True])
@pytest.mark.parametrize("flow_input", [False, True])
def test_ablations_are_configurations(tiny, ppm, cbam, flow_input):
    config = replace(tiny, restoration=replace(tiny.restoration, ppm=ppm, cbam=cbam, flow_input=flow_input))
    network = randomise(DeblurNetwork(config))
    keys = network.state_dict().keys()
    assert any(".ppm." in k for k in keys) == ppm and any(".cbam." in k for k in keys) == cbam
    assert any(".project." in k for k in keys) == ppm
    restored = network(*frames())
    assert restored.shape == (1, 3, 37, 50) and not torch.equal(restored, frames()[1])


def test_a_frame_without_colour_gets_none(tiny):
    network = randomise(DeblurNetwork(tiny))
    grey = [f.mean(1, keepdim=True).expand(-1, 3, -1, -1) for f in frames()]
    restored = network(*grey)
    assert torch.equal(restored.amax(1), restored.amin(1)) and not torch.equal(restored, grey[1])
    coloured = network(*frames())
    both = network(*(torch.cat([a, b]) for a, b in zip(frames(), grey)))
    assert torch.allclose(both, torch.cat([coloured, restored]), atol=1e-5)


def test_single_frame_baseline_ignores_its_neighbours(single, tiny):
    one, two, three = frames()
    assert torch.equal(randomise(DeblurNetwork(single))(one, two, three), randomise(DeblurNetwork(single))(three, two, one))
    network = randomise(DeblurNetwork(tiny))
    assert not torch.equal(network(one, two, three), network(three, two, one))


def test_contradicting_configurations_are_refused(tiny):
    with pytest.raises(ValueError, match="frames"):
        replace(tiny, frames=1)
    with pytest.raises(ValueError, match="flow_input"):
        replace(tiny, frames=1, flow=None)


def test_configuration_survives_json(tiny, single):
    for config in (tiny, single, ModelConfig.load("paper"), ModelConfig.load("paper-published")):
        assert ModelConfig.from_json(config.to_json()) == config


def test_strides():
    assert [ModelConfig.load(name).stride for name in ("fast", "paper", "paper-published")] == [32, 32, 64]


def test_cost_volume_is_the_mean_of_products():
    a, b = torch.randn(2, 5, 6, 9), torch.randn(2, 5, 6, 9)
    volume = cost_volume(a, b, 2)
    padded = F.pad(b, (2, 2, 2, 2))
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            shifted = padded[:, :, 2 + dy : 8 + dy, 2 + dx : 11 + dx]
            assert torch.allclose(volume[:, (dy + 2) * 5 + dx + 2], (a * shifted).mean(1), atol=1e-6)


def test_warp_samples_at_the_flow_and_clamps():
    image = torch.arange(12.0).reshape(1, 1, 3, 4)
    flow = torch.zeros(1, 2, 3, 4)
    flow[:, 0] = 1.5
    expected = torch.tensor([1.5, 2.5, 3.0, 3.0]) + 4 * torch.arange(3.0)[:, None]
    assert torch.allclose(warp(image, flow)[0, 0], expected, atol=1e-5)


def test_reflection_is_a_triangle_wave():
    assert reflected_indices(4, 6).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3]
    assert reflected_indices(1, 2).tolist() == [0, 0, 0]
    x = torch.rand(1, 3, 20, 30)
    assert torch.equal(pad_to_multiple(x, 16), F.pad(x, (0, 2, 0, 12), mode="reflect"))


def test_flow_is_in_pixels_of_the_frame_and_points_right_and_down(tiny):
    """Supervised for a moment on one shift, the network must say that shift, not its mirror image."""
    torch.manual_seed(0)
    network = DeblurNetwork(tiny)
    texture = F.interpolate(torch.rand(1, 3, 20, 20), scale_factor=4, mode="bicubic")
    first, second = texture[..., 8:72, 8:72], texture[..., 6:70, 4:68]  # the picture moves 4 right, 2 down
    optimiser = torch.optim.Adam(network.flow.parameters(), lr=3e-3)
    truth = torch.tensor([4.0, 2.0]).reshape(1, 2, 1, 1)
    for _ in range(60):
        optimiser.zero_grad()
        flow = network.flow(first - 0.5, second - 0.5)
        (flow - truth).abs().mean().backward()
        optimiser.step()
    aligned = warp(second, flow.detach())[..., 8:-8, 8:-8]
    assert (aligned - first[..., 8:-8, 8:-8]).abs().mean() < 0.5 * (second - first)[..., 8:-8, 8:-8].abs().mean()


def test_golden_and_training_agree_on_the_window_order(tiny):
    """Exchanging the neighbours exchanges the two flows."""
    network = randomise(DeblurNetwork(tiny))
    one, two, three = frames(32, 48)
    with torch.no_grad():
        forward, backward = network.flows(one, two, three), network.flows(three, two, one)
    assert np.allclose(forward[0], backward[1], atol=1e-5) and np.allclose(forward[1], backward[0], atol=1e-5)


def test_a_missing_neighbour_is_replaced_by_the_middle_frame_and_turned_motion(tiny):
    network = randomise(DeblurNetwork(tiny))
    seen = []
    network.restoration.forward = lambda aligned, flows: seen.append((aligned, flows)) or aligned[:, 3:6]
    one, two, three = frames(32, 48)
    with torch.no_grad():
        backward, forward = network.flows(one, two, three)
        network(None, two, three)
        network(one, two, None)
        network(None, two, None)
    (first, first_flows), (last, last_flows), (lone, lone_flows) = seen
    assert torch.equal(first[:, :3], two) and torch.allclose(first[:, 6:], warp(three, forward))
    assert torch.equal(last[:, 6:], two) and torch.allclose(last[:, :3], warp(one, backward))
    assert torch.allclose(first_flows[0], -forward) and torch.allclose(first_flows[1], forward)
    assert torch.allclose(last_flows[1], -backward) and torch.allclose(last_flows[0], backward)
    assert torch.equal(lone, torch.cat([two] * 3, dim=1)) and not any(f.any() for f in lone_flows)


def test_neighbours_may_be_missing_in_some_of_a_batch(tiny):
    network = randomise(DeblurNetwork(tiny))
    one, two, three = frames(32, 48)
    pair = [torch.cat([f, f]) for f in (one, two, three)]
    with torch.no_grad():
        both = network.restore(*pair, network.flows(*pair), torch.tensor([True, False]), torch.tensor([True, True]))
        assert torch.allclose(both[:1], network(one, two, three), atol=1e-5)
        assert torch.allclose(both[1:], network(None, two, three), atol=1e-5)


def test_what_rests_comes_back_as_it_was(tiny):
    network = randomise(DeblurNetwork(replace(tiny, restoration=replace(tiny.restoration, motion_gate=2))))
    one, two, three = frames(32, 48)
    resting, moving = torch.zeros(1, 2, 32, 48), torch.tensor([2.0, 0.0]).reshape(1, 2, 1, 1).expand(1, 2, 32, 48)
    with torch.no_grad():
        assert torch.equal(network.restore(one, two, three, (resting, moving)), two)
        assert not torch.equal(network.restore(one, two, three, (resting, 1.1 * moving)), two)
        ungated = randomise(DeblurNetwork(tiny)).restore(one, two, three, (resting, 1.5 * moving))
        assert torch.allclose(network.restore(one, two, three, (resting, 1.5 * moving)), ungated, atol=1e-5)


def test_the_bend_of_a_path_leads_from_the_centroid_to_the_middle_of_the_exposure():
    """A point that turns: p(t) = a·t²/2, so the flows sum up to a. Its blur's centroid lies at a·e²/24; samples along the bend reach it."""
    flows = [torch.zeros(1, 2, 40, 60) for _ in range(2)]
    for flow in flows:
        flow[:, 0] = 6  # a = 12 pixels a frame², to the right
    ramp = torch.arange(60.0).expand(1, 3, 40, 60) / 60
    path = motion_path(ramp, flows, 2, 1)
    assert path.shape == (1, 6, 40, 60)
    assert path[:, :4].abs().max() < 1e-4  # no motion from the previous frame to the next
    inner = path[0, 4:, 20, 20:40]
    assert torch.allclose(inner, SCALE / 60 * torch.tensor([[-12 / 16], [12 / 16]]).expand(2, 20), atol=1e-5)
    assert motion_path(ramp, flows, 0, 3)[0, :, 20, 30].tolist() == pytest.approx(
        [SCALE / 60 * 12 / 48 * k for k in (-3, -2, -1, 1, 2, 3)], abs=1e-5)
