"""How a restoration begins and learns from nothing: whitened input, a teacher for the depth."""

import pytest
import torch

from training import checkpoint, compact, whitening
from training.coarse import CoarseHeads
from training.data.samples import Samples
from training.networks import DeblurNetwork, ModelConfig
from training.optimisers import Muon, build
from training.schedule import Schedule, Stage
from training.train import FAR, Trainer


def trainer_of(config, cache, seed=5, steps=8, **changes):
    stage = Stage("r", {"restoration": 2e-3}, crop=64, batch=2, steps=steps, warm_up=2, optimiser="muon",
                  **{"whiten": True, "coarse_loss": 20, "loss": "log_mse", **changes})
    return Trainer(config, Schedule("s", [stage], seed=seed), Samples(cache, seed=seed))


def second_moment(trainer, matrix=None):
    """Of the first convolution's input, over the batches that whitening looks at."""
    seen = []
    network = trainer.network
    hook = whitening.layer(network).register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    with torch.no_grad():
        for n in range(whitening.BATCHES):
            b = trainer.drawn(FAR + n)
            network(b["previous"], b["middle"], b["next"]) if network.flow else network.restoration(b["middle"])
    hook.remove()
    x = torch.cat([x.movedim(1, -1).flatten(0, 2) for x in seen]).double()
    if matrix is not None:
        x = x @ matrix.double()
    return x.T @ x / len(x)


def condition(moment):
    values = torch.linalg.eigvalsh(moment).clamp(min=1e-12)
    return (values[-1] / values[len(values) // 2]).sqrt().item()


@pytest.mark.parametrize("kind", ["tiny", "single"])
def test_whitened_channels_are_of_one_size(kind, cache, request):
    trainer = trainer_of(request.getfixturevalue(kind), cache, edge_share=0, coarse_loss=0)
    trainer.whiten()
    before, after = second_moment(trainer), second_moment(trainer, trainer.whitening)
    assert condition(before) > 8 and condition(after) < 1.5
    # Directions of noise alone are left small; the power is that of the others, shared evenly.
    assert torch.linalg.eigvalsh(after)[-1] == pytest.approx(before.trace().item() / len(before), rel=0.05)


def test_a_new_convolution_begins_whitened_and_one_taken_over_does_not(tiny, cache):
    trainer = trainer_of(tiny, cache)
    drawn = whitening.layer(trainer.network).weight.detach().clone()
    trainer.whiten()
    begun = whitening.layer(trainer.network).weight
    assert torch.allclose(begun, torch.einsum("ijkl,jm->imkl", drawn, trainer.whitening))
    assert trainer.average.values["restoration.encoder.0.convolution.weight"].equal(begun)
    other = trainer_of(tiny, cache, seed=6)
    other.start(trainer.network.state_dict())
    other.whiten()
    assert whitening.layer(other.network).weight.equal(begun)


def test_muon_steps_evenly_in_whitened_coordinates():
    """Learning W·P is learning W' of W = W'·P: the step of W' is orthogonal, and W moves by it times P."""
    generator = torch.Generator().manual_seed(1)
    root = torch.randn(8, 8, generator=generator) + 3 * torch.eye(8)
    matrix = root @ root.T / 8
    gradient = torch.randn(8, 8, 3, 3, generator=generator)
    inner, outer = torch.nn.Parameter(torch.zeros(8, 8, 3, 3)), torch.nn.Parameter(torch.zeros(8, 8, 3, 3))
    inner.grad = torch.einsum("ijkl,jm->imkl", gradient, matrix)  # of the loss with respect to W', by the chain rule
    outer.grad = gradient
    Muon([inner], lr=1.0).step()
    muon = Muon([outer], lr=1.0)
    muon.whitened[outer] = matrix
    muon.step()
    assert torch.allclose(outer, torch.einsum("ijkl,jm->imkl", inner, matrix), atol=1e-5)
    assert outer.detach().norm() > 1


@pytest.mark.parametrize("preset", ["fast", "paper"])
def test_muon_steps_the_output_however_few_its_channels(preset):
    network = DeblurNetwork(ModelConfig.load(preset)).restoration
    chosen = build("muon", network, 1e-3, {"gate_rate": 0.1})
    mine = {id(p) for o in chosen if isinstance(o, Muon) for group in o.param_groups for p in group["params"]}
    assert id(network.output.weight) in mine
    assert not mine & {id(p) for p in network.cbam.parameters()}


def test_the_depth_gets_a_gradient_of_its_own(tiny, cache):
    """With the output at rest, as at the start, the restoration's own loss reaches nothing; the heads', once they say something, all before them."""
    trainer = trainer_of(tiny, cache)
    batch = trainer.drawn(0)
    for head in trainer.coarse.heads:
        torch.nn.init.normal_(head.weight, std=0.1)
    trainer.loss(trainer.stage, batch)[0].backward()
    restoration = trainer.network.restoration
    norm = lambda part: sum(p.grad.norm().item() for p in part.parameters() if p.grad is not None)
    assert norm(restoration.decoder[0]) > 0 and norm(restoration.decoder[2]) == 0
    trainer = trainer_of(tiny, cache, coarse_loss=0)
    assert trainer.coarse is None
    trainer.loss(trainer.stage, batch)[0].backward()
    assert norm(trainer.network.restoration.decoder[0]) == 0


def test_heads_compare_with_the_frame_shrunk_to_their_size(tiny):
    network = DeblurNetwork(tiny)
    heads = CoarseHeads(network.restoration)
    x = [torch.rand(1, 3, 32, 48) for _ in range(3)]
    network(*x)
    assert [tuple(seen.shape[1:]) for seen in heads.seen.values()] == [(8, 8, 12), (8, 16, 24)]
    change = torch.zeros(1, 3, 32, 48)
    change[..., ::2] = 0.5  # 0.25 in the mean of every 2×2 and 4×4
    assert heads.loss(change).item() == pytest.approx(0.5)  # heads begin at rest


def test_whitening_and_heads_go_on_after_a_stop(tiny, cache, tmp_path):
    whole, first = (trainer_of(tiny, cache) for _ in range(2))
    while not whole.finished:
        whole.advance()
    for _ in range(4):
        first.advance()
    checkpoint.save(tmp_path / "state.pt", first.state_dict())
    second = trainer_of(tiny, cache)
    second.load_state_dict(checkpoint.load(tmp_path / "state.pt"))
    compact.pack(first.state_dict(), tmp_path / "state.safetensors")
    third = trainer_of(tiny, cache)
    third.load_state_dict(compact.unpack(tmp_path / "state.safetensors"))
    assert third.whitening.equal(first.whitening)
    assert all(value.equal(first.coarse.state_dict()[name]) for name, value in third.coarse.state_dict().items())
    while not second.finished:
        second.advance()
    for name, value in whole.network.state_dict().items():
        assert value.equal(second.network.state_dict()[name]), name
    assert all(value.equal(second.coarse.state_dict()[name]) for name, value in whole.coarse.state_dict().items())
    assert any(value.abs().sum() > 0 for name, value in second.coarse.state_dict().items() if name.endswith("weight"))
