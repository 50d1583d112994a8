"""How a flow network begins: layers of unit variance, the coarsest level as the next finer one, slower motion first."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from training import coarsest, unit_variance
from training.data.samples import Samples
from training.networks import DeblurNetwork
from training.networks.flow import FlowNetwork
from training.schedule import Schedule, Stage
from training.train import Trainer


def sizes(network, look):
    """Root mean square of every convolution's output, by name."""
    found, hooks = {}, []
    for name, layer in network.named_modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)):
            def note(layer, inputs, output, name=name):
                found.setdefault(name, float(output.square().mean().sqrt()))
            hooks.append(layer.register_forward_hook(note))
    with torch.no_grad():
        look()
    for hook in hooks:
        hook.remove()
    return found


def test_new_layers_begin_with_unit_variance_and_others_stay(tiny):
    torch.manual_seed(1)
    network = DeblurNetwork(tiny)
    frames = [torch.rand(2, 3, 64, 64) for _ in range(3)]
    look = lambda: network.flow_levels(*frames)
    kept = network.flow.pyramid[0][1].weight.clone()
    scaled = unit_variance.begin(network.flow, look, lambda name: name != "pyramid.0.1")
    found = sizes(network.flow, look)
    assert "pyramid.0.1" not in scaled and network.flow.pyramid[0][1].weight.equal(kept)
    assert {"pyramid.0.0", "pyramid.1.0", "decoder.1.predict", "decoder.0.convolutions.0", "context.convolutions.0"} <= set(scaled)
    for name in scaled:
        assert found[name] == pytest.approx(unit_variance.PREDICTION if name.endswith("predict") else 1, rel=1e-3), name
    assert found["context.predict"] == 0  # as it began


def flow_of(tiny, dense):
    torch.manual_seed(2)
    network = FlowNetwork(replace(tiny.flow, pyramid=[6, 8, 8], decoder=[6, 5], dense=dense), 0.1)
    for p in network.parameters():
        if p.ndim == 1:
            torch.nn.init.normal_(p, std=0.1)
    return network


@pytest.mark.parametrize("dense", [False, True])
def test_the_coarsest_level_decodes_as_the_next_finer_one_without_help(tiny, dense):
    network = flow_of(tiny, dense)
    coarsest.begin(network)
    first, second = torch.randn(2, 1, 8, 8, 8)
    mine, _ = network.decoder["2"](first, second, None, None)
    others, _ = network.decoder["1"](first, second, torch.zeros(1, 2, 4, 4), torch.randn(1, 2, 8, 8))
    assert mine.abs().max() > 1e-3
    torch.testing.assert_close(mine, others)


def test_the_coarsest_level_sees_its_neighbours_features_at_half_the_size(tiny):
    network = flow_of(tiny, False)
    coarsest.begin(network)
    *_, finer, half = network.features(torch.rand(1, 3, 64, 64))
    kernel = (torch.tensor([1.0, 2.0, 1.0]) / 4).outer(torch.tensor([1.0, 2.0, 1.0]) / 4).expand(8, 1, 3, 3)
    smooth = F.conv2d(finer, kernel, stride=2, padding=1, groups=8)
    positive = smooth > 0
    assert positive.any()
    torch.testing.assert_close(half[positive], coarsest.GAIN * smooth[positive])


def test_a_level_alone_has_none_to_begin_as(tiny):
    with pytest.raises(ValueError, match="only one"):
        coarsest.begin(FlowNetwork(replace(tiny.flow, finest=2), 0.1))


def stage_of(**settings):
    return Schedule("s", [Stage("flow", {"flow": 1e-9}, crop=64, batch=2, steps=4, flow_loss=1.0, optimiser="muon", **settings)])


def test_a_run_from_nothing_begins_evenly_and_one_that_takes_over_does_not(tiny, cache):
    trainer = Trainer(tiny, stage_of(), Samples(cache))
    batch = trainer.drawn(0)
    look = lambda: trainer.network.flow_levels(batch["previous"], batch["middle"], batch["next"])
    with torch.no_grad():
        trainer.network.flow.pyramid[1][0].weight.mul_(0.1)
    trainer.advance()
    assert sizes(trainer.network.flow, look)["pyramid.1.0"] == pytest.approx(1, abs=0.3)
    assert trainer.average.values["flow.pyramid.1.0.weight"].allclose(trainer.network.flow.pyramid[1][0].weight, atol=1e-6)

    values = DeblurNetwork(tiny).state_dict()
    second = Trainer(tiny, stage_of(), Samples(cache))
    second.start(values)
    second.advance()
    torch.testing.assert_close(second.network.state_dict()["flow.pyramid.1.0.weight"], values["flow.pyramid.1.0.weight"])


def test_a_stage_begins_the_coarsest_level_and_a_resumed_one_does_not(tiny, cache):
    trainer = Trainer(tiny, stage_of(begin_coarsest=True), Samples(cache))
    trainer.start(DeblurNetwork(tiny).state_dict())
    trainer.advance()
    layer = trainer.network.flow.pyramid[-1][0]
    assert float(layer.weight[0, 0, 1, 1].detach()) == pytest.approx(0.25, abs=1e-6)
    assert trainer.average.values["flow.pyramid.1.0.weight"].allclose(layer.weight, atol=1e-6)
    state = trainer.state_dict()
    state["network"]["flow.pyramid.1.0.weight"] = torch.full_like(layer.weight, 0.5)
    second = Trainer(tiny, stage_of(begin_coarsest=True), Samples(cache))
    second.load_state_dict(state)
    second.advance()
    assert float(second.network.flow.pyramid[-1][0].weight[0, 0, 1, 1].detach()) == pytest.approx(0.5, abs=1e-6)


def test_a_zoom_below_one_slows_the_motion(cache):
    samples = Samples(cache, seed=3)
    speed = lambda zoom: samples.batch(1, 64, 48, sharp_share=0, edge_share=0, zoom=zoom)["flow"].square().mean().sqrt()
    assert samples.batch(1, 2, 48, zoom=0.5)["middle"].shape == (2, 3, 48, 48)
    assert 0.5 * speed(1) < speed(0.5) < 0.95 * speed(1)
