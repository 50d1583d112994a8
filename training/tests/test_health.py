"""Parts that die are seen: gates, activations, gradients; and what keeps them alive."""

import csv
from dataclasses import replace

import pytest
import torch

from training import health, losses
from training.data.samples import Samples
from training.networks import DeblurNetwork
from training.networks.attention import BlockAttention
from training.optimisers import Muon, build
from training.schedule import Schedule, Stage
from training.train import Trainer, run


def restoration_trainer(tiny, cache, **changes):
    stage = Stage("restoration", {"restoration": 2e-3}, crop=64, batch=2, steps=30, warm_up=2, optimiser="muon", **changes)
    return Trainer(tiny, Schedule("s", [stage], seed=5), Samples(cache, seed=5))


def looked_at(trainer, steps=3):
    """The health of the last of some steps: the output begins at zero and so does the deepest stage, so gradients reach it in the third."""
    rows = []
    for _ in range(steps):
        trainer.advance(lambda facts: rows.__setitem__(slice(None), facts))
    return rows


def test_every_trained_part_is_watched_and_healthy(tiny, cache):
    rows = looked_at(restoration_trainer(tiny, cache))
    assert [row["part"] for row in rows] == ["encoder 0", "encoder 1", "encoder 2", "pyramid pooling", "attention", "channel gate",
                                             "spatial gate", "projection", "decoder 0", "decoder 1", "decoder 2", "output"]
    health.Check()(rows)
    gates = [row for row in rows if "open" in row]
    assert all(0.8 < row["open"] < 0.95 and row["saturated"] == 0 for row in gates)
    assert all(row["gradient"] > 0 and row["activation"] > 0 for row in rows if row not in gates)


def test_flow_is_watched_where_it_is_trained(tiny, short_schedule, cache):
    trainer = Trainer(tiny, short_schedule, Samples(cache, seed=5))
    names = [row["part"] for row in looked_at(trainer, 1)]
    assert names == ["flow pyramid 0", "flow pyramid 1", "flow decoder 1", "flow decoder 0", "flow context"]


def shut(network):
    network.restoration.cbam.spatial.bias.data.fill_(-300)


def explode(network):
    network.restoration.encoder[2].convolution.weight.data.mul_(1e6)


def cut(network):
    """What the deepest stage gives is not used, as behind a gate that is 0 in float32."""
    network.restoration.decoder[0].upsample.weight.data.zero_()


@pytest.mark.parametrize("damage, message", [(shut, "spatial gate is dead: open to 0"), (explode, "encoder 2 is dead: mean |activation|"),
                                             (cut, "step 50: encoder 2 is dead: gradient 0")])
def test_training_stops_with_a_clear_line(tiny, cache, tmp_path, damage, message):
    trainer = restoration_trainer(tiny, cache, gate_bound=0)
    trainer.advance()
    trainer.total_steps = 24  # so that the next step is looked at
    advance = trainer.advance

    def damaged(watch=None):
        damage(trainer.network)
        return advance(watch)

    trainer.advance = damaged
    with pytest.raises(health.PartDied) as died:
        run(trainer, tmp_path)
    assert message in str(died.value)
    assert len(list(csv.DictReader((tmp_path / "health.csv").open()))) == 12 * (2 if "step 50" in message else 1)


def test_one_batch_in_which_nothing_moves_is_no_death():
    """The motion gate keeps back every gradient there; a part that gets none in two looks is dead."""
    rows = lambda step, gradient: [{"step": step, "part": "decoder 2", "activation": 0.1, "gradient": gradient}]
    check = health.Check()
    for step, gradient in ((25, 0.0), (50, 1.0), (75, 0.0), (100, 1.0), (125, 0.0)):
        check(rows(step, gradient))
    with pytest.raises(health.PartDied, match="step 150: decoder 2 is dead"):
        check(rows(150, 0.0))


def test_gates_begin_open_and_are_called_back():
    attention = BlockAttention(16, 4)
    x = torch.randn(2, 16, 9, 9)
    y = attention(x)
    assert torch.allclose(y, x * torch.sigmoid(torch.tensor(2.0)) ** 2, atol=1e-6)
    assert losses.attention_bound(attention.logits) == 0
    lost = torch.tensor([-300.0], requires_grad=True)
    assert torch.sigmoid(lost).item() == 0  # in float32: no gradient comes through
    losses.attention_bound([lost]).backward()
    assert lost.grad.item() == pytest.approx(-2 * 297)


def test_muon_takes_small_steps_on_vanishing_gradients():
    sizes = (1, 3, 0.01, 1e-7, 1e-18)
    parameters = [torch.nn.Parameter(torch.zeros(16, 8, 3, 3)) for _ in sizes]
    for p, size in zip(parameters, sizes):
        p.grad = size * torch.randn(16, 8, 3, 3, generator=torch.Generator().manual_seed(1))
    Muon(parameters, lr=1.0).step()
    steps = [p.detach().square().mean().sqrt().item() for p in parameters]
    assert steps[:3] == pytest.approx([0.2] * 3, rel=0.25)
    assert steps[3] < 0.05 * steps[0] and steps[4] < 1e-6


def test_attention_learns_by_adamw_at_its_own_rate(tiny):
    network = DeblurNetwork(tiny).restoration
    chosen = build("muon", network, 1e-3, {"gate_rate": 0.1})
    rates = {id(p): (type(o).__name__, group["base"]) for o in chosen for group in o.param_groups for p in group["params"]}
    assert len(rates) == len(list(network.parameters()))
    for name, p in network.named_parameters():
        kind, rate = rates[id(p)]
        assert rate == pytest.approx(1e-4 if name.startswith("cbam") else 1e-3), name
        assert kind == "AdamW" or not name.startswith("cbam")


def test_a_start_takes_over_all_but_the_fresh_parts(tiny, cache):
    old, new = restoration_trainer(tiny, cache), restoration_trainer(tiny, cache)
    for value in old.network.state_dict().values():
        value.add_(1)
    new.start(old.network.state_dict(), ["restoration.cbam", "restoration.encoder.2"])
    fresh = restoration_trainer(tiny, cache).network.state_dict()
    for name, value in new.network.state_dict().items():
        source = fresh if name.startswith(("restoration.cbam", "restoration.encoder.2")) else old.network.state_dict()
        assert value.equal(source[name]) and new.average.values[name].equal(value), name
    assert all(value.equal(new.average.values[name]) for name, value in new.network.state_dict().items())
    with pytest.raises(SystemExit, match="--fresh"):
        new.start({name: v for name, v in old.network.state_dict().items() if "decoder" not in name})


def test_a_start_takes_the_flow_alone_where_the_restorations_differ(tiny, cache):
    old = restoration_trainer(tiny, cache).network.state_dict()
    deeper = replace(tiny, restoration=replace(tiny.restoration, unshuffle=1, widths=[6, 8, 12], kernel=5, blocks=2))
    new = restoration_trainer(deeper, cache)
    before = {name: value.clone() for name, value in new.network.state_dict().items()}
    with pytest.raises(SystemExit, match="differ in restoration.encoder.0.convolution.weight.*--fresh"):
        new.start(old)
    assert all(value.equal(before[name]) for name, value in new.network.state_dict().items())  # nothing half taken over
    new.start({name: value + 1 for name, value in old.items()}, ["restoration"])
    for name, value in new.network.state_dict().items():
        assert value.equal(old[name] + 1 if name.startswith("flow.") else before[name]), name
        assert value.equal(new.average.values[name])
