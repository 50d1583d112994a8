"""Training: resuming, schedules, what is frozen, weights files, figures."""

from dataclasses import replace
import json
import math
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch

from training import checkpoint, compact, export, losses, metrics
from training.data.samples import Samples
from training.evaluate import deblur, flicker, measure_clip, summary
from training.networks import DeblurNetwork, ModelConfig
from training.optimisers import Muon, orthogonalised
from training.schedule import Schedule, Stage
from training.train import Trainer
from training.weights import load_network, load_weights, save_weights

from .conftest import picture


def trainer_of(tiny, schedule, cache):
    return Trainer(tiny, schedule, Samples(cache, seed=schedule.seed))


@pytest.mark.parametrize("killed_after", [2, 4, 6])  # within a stage, between two, within the next
def test_a_resumed_run_is_the_run_that_was_not_killed(tiny, short_schedule, cache, tmp_path, killed_after):
    whole = trainer_of(tiny, short_schedule, cache)
    while not whole.finished:
        whole.advance()
    first = trainer_of(tiny, short_schedule, cache)
    for _ in range(killed_after):
        first.advance()
    checkpoint.save(tmp_path / "state.pt", first.state_dict())
    second = trainer_of(tiny, short_schedule, cache)
    second.load_state_dict(checkpoint.load(tmp_path / "state.pt"))
    while not second.finished:
        second.advance()
    assert second.total_steps == whole.total_steps == 8
    for name, value in whole.network.state_dict().items():
        assert value.equal(second.network.state_dict()[name]), name
        assert whole.average.values[name].equal(second.average.values[name]), name


def test_a_stage_trains_only_its_networks(tiny, short_schedule, cache):
    trainer = trainer_of(tiny, short_schedule, cache)
    start = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    for _ in range(4):
        trainer.advance()
    after_flow = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    assert all(after_flow[k].equal(start[k]) == k.startswith("restoration") for k in start if k.endswith("weight"))
    for _ in range(4):
        trainer.advance()
    end = trainer.network.state_dict()
    assert all(end[k].equal(after_flow[k]) for k in start if k.startswith("flow"))
    assert not end["restoration.output.weight"].equal(start["restoration.output.weight"])


def test_time_left_counts_all_stages(tiny, cache):
    stages = [Stage("a", {"restoration": 1e-3}, crop=64, batch=2, steps=10), Stage("b", {"restoration": 1e-3}, crop=64, batch=4, steps=10),
              Stage("c", {"restoration": 1e-3}, crop=64, batch=4, minutes=3)]
    trainer = trainer_of(tiny, Schedule("s", stages), cache)
    trainer.step, trainer.seconds = 5, 60.0
    assert trainer.minutes_left() == pytest.approx(1 + 4 + 3)


def test_weights_may_be_read_by_whom_the_umask_lets(tiny, tmp_path):
    before = os.umask(0o027)
    try:
        save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    finally:
        os.umask(before)
    assert (tmp_path / "w.safetensors").stat().st_mode & 0o777 == 0o640


def test_an_interruption_saves_and_says_so(tiny, short_schedule, cache, tmp_path):
    """Ctrl-C as a user presses it: the whole group of processes gets the signal."""
    (tmp_path / "c.json").write_text(tiny.to_json())
    stage = {"name": "r", "train": {"restoration": 1e-3}, "crop": 64, "batch": 2, "steps": 10**6}
    (tmp_path / "s.json").write_text(json.dumps({"name": "s", "stages": [stage]}))
    command = [sys.executable, "-m", "training.train", "--config", tmp_path / "c.json", "--schedule", tmp_path / "s.json", "--data", cache,
               "--out", tmp_path / "run", "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    for line in process.stdout:
        if "minutes left" in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in rest and "saved at step" in rest
    assert checkpoint.load(tmp_path / "run" / "state.pt")["total_steps"] >= 25


def test_restoration_learns(tiny, cache):
    schedule = Schedule("s", [Stage("restoration", {"restoration": 4e-3}, crop=64, batch=4, steps=60, warm_up=5,
                                    optimiser="muon", sharp_share=0.0)])
    trainer = trainer_of(tiny, schedule, cache)
    figures = [trainer.advance() for _ in range(60)]
    assert np.mean([f["gain"] for f in figures[-15:]]) > 0.1


def test_another_configuration_is_refused(tiny, single, short_schedule, cache):
    state = trainer_of(tiny, short_schedule, cache).state_dict()
    other = Schedule("s", [Stage("restoration", {"restoration": 1e-3}, crop=64, batch=1, steps=1)])
    with pytest.raises(SystemExit, match="another configuration"):
        Trainer(single, other, Samples(cache)).load_state_dict(state)


def test_schedules_load_and_decay():
    for name in ("fast-cpu", "fast-4", "fast-5", "fast-6", "fast-7", "flow-5", "quick", "ablation", "paper-cpu", "paper-2", "paper-published",
                 "paper-published-gpu"):
        schedule = Schedule.load(name)
        for stage in schedule.stages:
            length = stage.steps or 60 * stage.minutes
            at = lambda p, stage=stage, length=length: stage.rate_factor(int(10 + p * length) if stage.steps else 10**6, p * length)
            assert at(0.5) >= at(1.0) == pytest.approx(stage.final, abs=1e-3)
    joint = Schedule.load("paper-published").stages[1]
    assert joint.rate_factor(100_000, 0) == 1 and joint.rate_factor(200_000, 0) < 0.3
    with pytest.raises(ValueError, match="steps or minutes"):
        Stage("x", {}, crop=8, batch=1)


def test_muon_updates_are_orthogonal_and_leave_other_shapes_alone():
    matrix = orthogonalised(torch.randn(3, 8, 40))
    values = torch.linalg.svdvals(matrix)
    assert values.min() > 0.6 and values.max() < 1.3
    weight = torch.nn.Parameter(torch.zeros(16, 8, 3, 3))
    weight.grad = torch.randn_like(weight)
    Muon([weight], lr=1.0).step()
    assert weight.square().mean().sqrt().item() == pytest.approx(0.2, rel=0.25)


def test_losses():
    target, middle = torch.zeros(2, 3, 4, 4), torch.full((2, 3, 4, 4), 0.1)
    assert losses.l1(middle / 2, target, middle, 0) == pytest.approx(0.05)
    assert losses.relative_l1(middle / 2, target, middle, 0.01) == pytest.approx(0.05 / 0.11, rel=1e-4)
    wide, target = torch.full((1, 3, 32, 32), 0.1), torch.zeros(1, 3, 32, 32)
    assert losses.harm(wide / 2, target, wide) == 0
    half = torch.cat([torch.zeros(1, 3, 32, 16), torch.full((1, 3, 32, 16), 0.2)], dim=3)
    # Three columns of patches: mended, one half of each (0.02 of 0.01: grown by 0.01), and grown by 0.03.
    assert losses.harm(half, target, wide) == pytest.approx((0 + 0.01 + 0.03) / 3 / (0.01 + losses.HARMLESS**2), rel=1e-4)
    truth = torch.ones(1, 2, 8, 8) * torch.tensor([3.0, 4.0]).reshape(1, 2, 1, 1)
    assert losses.end_point_error(torch.zeros_like(truth), truth).mean() == pytest.approx(5.0)
    exact = [truth[..., :2, :2] / 4, truth[..., :4, :4] / 2]  # each level in its own pixels
    assert losses.flow_loss(exact, truth) < 0.3 < losses.flow_loss([e * 0 for e in exact], truth)


def test_a_plain_place_counts_like_the_edge_beside_it():
    target = torch.zeros(1, 3, 32, 64)
    error = target.clone()
    error[..., 32:] = 0.2  # the trail of an edge
    ripple = error.clone()
    ripple[..., :24] = 0.02
    whole = [float(losses.log_mse(x, target, target, 0.004)) for x in (error, ripple)]
    local = [float(losses.local_log_mse(x, target)) for x in (error, ripple)]
    assert whole[1] - whole[0] < 0.05 and local[1] - local[0] > 2
    assert losses.local_log_mse(target, target) == pytest.approx(20 * math.log10(2 / 255), rel=1e-4)


def test_the_alignment_loss_is_least_at_the_true_flow_and_ignores_what_leaves_the_picture():
    wide = torch.from_numpy(picture(5, 40, 60)).permute(2, 0, 1)[None].float() / 255
    middle, neighbour = wide[..., 6:54], wide[..., 2:50]  # what is at x lies at x + 4 in the neighbour
    errors = {x: float(losses.alignment_loss(torch.tensor([x, 0.0]).reshape(1, 2, 1, 1).expand(1, 2, 40, 48), middle, neighbour))
              for x in (0.0, 3.0, 4.0, 5.0)}
    assert min(errors, key=errors.get) == 4 and errors[4] == pytest.approx(0.01, abs=1e-6)  # the root of its 1e-4
    assert errors[3] < errors[0]
    flow = torch.full((1, 2, 40, 48), 3.5).requires_grad_()
    losses.alignment_loss(flow, middle, neighbour).backward()
    assert flow.grad[:, 0, :, 10:30].abs().sum() > 0 and flow.grad[..., 46:].abs().sum() == 0


def test_batches_drawn_ahead_are_the_same(tiny, short_schedule, cache):
    alone = trainer_of(tiny, short_schedule, cache)
    ahead = Trainer(tiny, alone.schedule, alone.samples, workers=1)
    first = [ahead.advance()["loss"]]
    for worker in torch.multiprocessing.active_children():
        worker.terminate()  # what stops the whole group must not take the workers from under a parent that is still saving
    assert [alone.advance()["loss"] for _ in range(6)] == first + [ahead.advance()["loss"] for _ in range(5)]


@pytest.mark.parametrize("dtype, tolerance", [(torch.float32, 0.0), (torch.float16, 1e-3)])
def test_weights_file_roundtrip(tiny, tmp_path, dtype, tolerance):
    network = DeblurNetwork(tiny)
    path = tmp_path / "tiny.safetensors"
    save_weights(path, tiny, network.state_dict(), "3", {"steps": 5}, {"moving": {"gain": 1.0}}, dtype)
    config, values, metadata = load_weights(path)
    assert config == tiny and metadata["version"] == "3" and json.loads(metadata["training"]) == {"steps": 5}
    for key, value in network.state_dict().items():
        assert torch.allclose(values[key], value, atol=tolerance, rtol=tolerance)
    assert isinstance(load_network(path), DeblurNetwork)


def test_foreign_weights_are_refused(tmp_path):
    from safetensors.torch import save_file
    save_file({"a": torch.zeros(1)}, tmp_path / "foreign.safetensors")
    with pytest.raises(ValueError, match="foreign.safetensors"):
        load_weights(tmp_path / "foreign.safetensors")


def test_psnr_and_ssim():
    image = picture(1, 60, 60)
    brighter = np.clip(image.astype(int) + 10, 0, 255).astype(np.uint8)
    assert metrics.psnr(image, image) == float("inf") and metrics.ssim(image, image) == pytest.approx(1)
    assert metrics.psnr(np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 10, np.uint8)) == pytest.approx(28.13, abs=0.01)
    noise = np.random.default_rng(0).integers(0, 255, image.shape).astype(np.uint8)
    assert metrics.ssim(image, brighter) > 0.9 > 0.3 > metrics.ssim(image, noise)


def test_harm_counts_whole_patches_whose_error_grows_by_half_and_by_four_grey_levels():
    sharp = np.full((70, 100, 3), 100, np.uint8)  # 2×3 whole patches, the rest is left out
    before, after = sharp.copy(), sharp.copy()
    before[:32, :32], after[:32, :32] = 110, 111  # 100 → 121: less than half more
    before[:32, 32:64], after[:32, 32:64] = 103, 105  # 9 → 25: grows by 16, not by more
    before[32:64, :32], after[32:64, :32] = 103, 106  # 9 → 36: harmed
    after[32:64, 32:64, 1] = 112  # 0 → 48, in one channel: harmed
    before[32:64, 64:96], after[32:64, 64:96] = 130, 100  # mended
    after[64:], after[:, 96:] = 255, 255  # in no whole patch
    harmed, patches, growth = metrics.harm(before, after, sharp)
    assert (harmed, patches) == (2, 6) and growth == pytest.approx(48**0.5)
    assert metrics.harm(before, before, sharp) == (0, 6, 0.0) and metrics.harm(before[:20], before[:20], sharp[:20]) == (0, 0, 0.0)


def test_a_report_tells_harm_by_kind_and_the_model_card_takes_it(tiny):
    blurred, sharp = (np.stack([picture(n, 64, 64) for n in numbers]) for numbers in ((0, 1, 2), (3, 4, 5)))
    row = {"clip": "a", "kind": "moving", **measure_clip(DeblurNetwork(tiny).eval(), blurred, sharp)}
    assert row["harm"] == 0 and row["largest_growth"] == 0  # untrained: the identity
    table = summary([row, {**row, "harm": 0.02, "largest_growth": 9.0, "gain": -1.0}])["moving"]
    assert table["harm"] == pytest.approx(0.01) and table["largest_growth"] == 9 and table["worst_gain"] == -1
    old = {"input_psnr": 20.0, "output_psnr": 22.0, "gain": 2.0}
    card = export.quality_summary({"summary": {"moving": table, "sharp": {**table, "input_psnr": 99.0}, "old": old}})
    assert card["moving"]["harm"] == pytest.approx(0.01) and card["moving"]["worst_gain"] == -1
    assert set(card["sharp"]) == {"output_psnr", "harm", "largest_growth"} and set(card["old"]) == {"input_psnr", "output_psnr", "gain"}


def test_evaluation_uses_the_clip_ends_and_every_frame(tiny):
    clip = np.stack([picture(n, 40, 48) for n in range(3)])
    restored = deblur(DeblurNetwork(tiny).eval(), clip)  # untrained: identity
    assert len(restored) == 3 and all(np.array_equal(a, b) for a, b in zip(restored, clip))
    assert flicker(clip[:1].repeat(2, 0)) == 0


def test_presets_load():
    assert ModelConfig.load("fast").restoration.flow_input
    published, paper = ModelConfig.load("paper-published").restoration, ModelConfig.load("paper")
    assert not published.flow_input and not published.path_samples
    # `paper`: that restoration, with the flow of `fast` and what `fast` makes of it.
    assert paper.flow == ModelConfig.load("fast").flow
    assert paper.restoration == replace(published, flow_input=True, path_samples=4, bend_samples=1, motion_gate=2)


@pytest.mark.parametrize("name, crops", [("paper-cpu", [128, 192, 288]), ("paper-2", [192, 288])])
def test_the_paper_on_a_cpu_is_an_afternoon_of_growing_crops(name, crops):
    stages = Schedule.load(name).stages
    assert [s.crop for s in stages] == crops and all(list(s.train) == ["restoration"] for s in stages)
    assert 1.5 < sum(s.steps * s.batch * s.crop**2 for s in stages) * 19e-6 / 3600 < 5  # core-hours
    assert all(s.batch % 2 == 0 for s in stages)  # for two processes
    for before, after in zip(stages, stages[1:]):  # the rate goes on where it was
        assert before.train["restoration"] * before.final == pytest.approx(after.train["restoration"], rel=0.02)


def test_a_compact_state_goes_on_like_the_full_one(tiny, short_schedule, cache, tmp_path):
    trainer = trainer_of(tiny, short_schedule, cache)
    for _ in range(6):
        trainer.advance()
    compact.pack(trainer.state_dict(), tmp_path / "state.safetensors")
    other = trainer_of(tiny, short_schedule, cache)
    other.load_state_dict(compact.unpack(tmp_path / "state.safetensors"))
    for name, value in trainer.network.state_dict().items():
        assert value.equal(other.network.state_dict()[name])
        assert torch.allclose(trainer.average.values[name], other.average.values[name], atol=1e-3)
    mine, its = trainer.advance(), other.advance()
    assert its["step"] == mine["step"] == 7 and its["loss"] == pytest.approx(mine["loss"], rel=1e-6)
    for name, value in trainer.network.state_dict().items():
        assert torch.allclose(value, other.network.state_dict()[name], atol=1e-4), name


@pytest.mark.parametrize("count", [1, 2])
def test_figures_of_a_clip_of_one_or_two_frames_are_numbers(single, count):
    frames = np.stack([picture(n)[:32, :32] for n in range(count)])
    figures = measure_clip(DeblurNetwork(single).eval(), frames, frames)
    assert all(np.isfinite(value) for value in figures.values()), figures
    json.dumps(figures, allow_nan=False)
