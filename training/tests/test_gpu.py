"""The GPU run in small, on the CPU: packing, batches cut on the device, steps, saves, going on."""

from dataclasses import replace
import json
import os
import signal
import sys
import zipfile

import cv2
import numpy as np
import pytest
from safetensors.torch import load_file
import torch

from training import checkpoint, compact
from training.data.cache import render_one, write_one
from training.data.samples import Samples, augment
from training.data.stills import held_out
from training.evaluate import remap
from training.gpu import batches, pack, run
from training.gpu.trainer import DeviceTrainer
from training.networks import DeblurNetwork
from training.schedule import Schedule, Stage
from training.train import Trainer
from training.weights import load_network, load_weights, save_weights


@pytest.fixture(scope="module")
def device_cache(cache):
    held = batches.DeviceCache(8, "cpu", size=(96, 96))
    for record in sorted(cache.glob("*.json")):
        held.load(cache, record.stem)
    return held


def row(**values):
    return torch.tensor([[values.get(name, batches.ONE if name == "zoom" else 0) for name in batches.COLUMNS]], dtype=torch.int32)


class Scripted:
    """Stands for the generator in ``augment``: does what it is told, in the order that ``augment`` asks."""

    def __init__(self, *decisions):
        self.decisions = list(decisions)

    def random(self):
        return 0.0 if self.decisions.pop(0) else 0.99


@pytest.mark.parametrize("turned", [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 1, 1, 1), (1, 0, 1, 1)])
def test_a_gather_cuts_and_turns_like_the_samples_of_the_cpu(cache, device_cache, turned):
    got = device_cache.batch(row(slot=2, frame=2, y=10, x=20, blurred=1, **dict(zip(("mirror", "flip", "turn", "back"), turned))), 40)
    load = lambda kind: np.load(cache / f"{sorted(cache.glob('*.json'))[2].stem}.{kind}.npy")
    area = (slice(None), slice(10, 50), slice(20, 60))
    frames, sharp, flow = load("blurred")[1:4][area], load("sharp")[1:4][area], load("flow")[1][area].astype(np.float32)
    frames, sharp, flow, _ = augment(Scripted(*turned, 0), frames, sharp, flow, np.array([True, True]))
    for n, name in enumerate(("previous", "middle", "next")):
        assert np.array_equal((got[name][0].permute(1, 2, 0) * 255).round().byte().numpy(), frames[n]), name
    assert np.array_equal((got["sharp"][0].permute(0, 2, 3, 1) * 255).round().byte().numpy(), sharp)
    assert torch.equal(got["target"], got["sharp"][:, 1])
    assert np.array_equal(got["flow"][0].permute(0, 2, 3, 1).numpy(), flow) and bool(got["blurred"][0])


def test_colours_change_places_and_a_missing_neighbour_is_the_middle_frame(device_cache):
    plain = device_cache.batch(row(slot=1, frame=1), 32)
    other = device_cache.batch(row(slot=1, frame=1, colours=4, missing=1), 32)
    order = device_cache.orders[4].tolist()
    assert torch.equal(other["target"], plain["target"][:, order]) and order != [0, 1, 2]
    assert torch.equal(other["previous"], other["middle"]) and torch.equal(other["next"], plain["next"][:, order])
    assert not other["flow"][0, 0].any() and torch.equal(other["flow"][0, 1], plain["flow"][0, 1])
    assert [bool(other[k]) for k in ("has_previous", "has_next")] == [False, True]


def test_enlarged_crops_keep_exact_flow(device_cache):
    rows = torch.cat([row(slot=s, frame=2, y=8, x=8, zoom=int(1.6 * batches.ONE)) for s in range(6)])
    batch = device_cache.batch(rows, 80, zoom=True)
    assert batch["middle"].shape == (6, 3, 80, 80)
    errors = []
    for neighbour, middle, flow in zip(batch["sharp"][:, 2], batch["target"], batch["flow"][:, 1]):
        image = lambda x: x.permute(1, 2, 0).numpy()
        errors.append([np.abs(a - image(middle)).mean() for a in (remap(image(neighbour), image(flow)), image(neighbour))])
    aligned, unaligned = np.mean(errors, axis=0)
    assert aligned < 0.6 * unaligned


def test_what_is_drawn_follows_the_stage_and_the_step_alone(device_cache):
    stage = Stage("s", {"restoration": 1e-3}, crop=48, batch=400, steps=1, sharp_share=0.25, edge_share=0.3, compressed_share=0.8, zoom=1.5)
    rows = device_cache.choose(5, 7, stage)
    assert torch.equal(rows, device_cache.choose(5, 7, stage)) and not torch.equal(rows, device_cache.choose(5, 8, stage))
    columns = dict(zip(batches.COLUMNS, rows.T))
    share = lambda x: float(x.float().mean())
    assert 0.18 < 1 - share(columns["blurred"]) < 0.32 and 0.2 < share(columns["missing"] > 0) < 0.4
    drawn = list(zip(columns["slot"].tolist(), columns["frame"].tolist()))
    blurred = [d for d, b in zip(drawn, columns["blurred"]) if b]
    assert 0.7 < np.mean([d in device_cache.pools["compressed"] for d in blurred]) < 0.9
    assert all(d in device_cache.pools["sharp"] for d, b in zip(drawn, columns["blurred"]) if not b)
    assert 0 <= columns["y"].min() and columns["y"].max() <= 48 and columns["zoom"].min() >= batches.ONE
    assert columns["zoom"].max() <= 1.5 * batches.ONE and set(columns["colours"].tolist()) == set(range(6))


@pytest.mark.parametrize("option", [{"zoom": 0.5}, {"grain_share": 0.1}])
def test_what_a_gpu_does_not_draw_is_refused(device_cache, option):
    with pytest.raises(ValueError, match="for a CPU alone"):
        device_cache.choose(0, 0, Stage("s", {"restoration": 1e-3}, crop=48, batch=4, steps=1, **option))


@pytest.mark.parametrize("changes", [{"loss": "log_mse", "harm_loss": 2.0}, {"flow_loss": 1.0, "alignment_loss": 5.0, "train": {"flow": 1e-3}}])
def test_losses_steps_and_figures_are_those_of_the_cpu_training(tiny, cache, device_cache, changes):
    stage = Stage(**{"name": "s", "train": {"restoration": 1e-3}, "crop": 32, "batch": 3, "steps": 5, "sharp_share": 0.3, "warm_up": 2,
                     "optimiser": "muon", **changes})
    schedule, kept = Schedule("s", [stage]), Samples(cache)
    usual, device = Trainer(tiny, schedule, kept), DeviceTrainer(tiny, schedule, device_cache)
    usual.drawn = device.drawn  # what both begin from
    usual.batches = iter([device_cache.batch(device_cache.choose(0, step, stage), 32) for step in range(3)])
    rows, seen = [usual.advance() for _ in range(3)], []
    for step in range(3):
        device.advance(seen.extend if step == 1 else None)  # a look at the health changes nothing
    for name, value in usual.network.state_dict().items():
        assert value.equal(device.network.state_dict()[name]), name
        assert torch.allclose(usual.average.values[name], device.average.values[name], atol=1e-7), name
    figures = device.figures()
    for name in {name for row in rows for name in row} & set(DeviceTrainer.NAMES) - {"gain", "sharp_psnr"}:
        assert figures[name] == pytest.approx(np.mean([row[name] for row in rows]), rel=1e-4), name
    assert ("gain" in figures) == ("restoration" in stage.train) and figures["step"] == 3 and len(seen) > 4
    assert not device.counts.any()


def test_a_resumed_run_is_the_run_that_was_not_stopped(tiny, device_cache):
    schedule = Schedule("s", [Stage("flow", {"flow": 1e-3}, crop=32, batch=1, steps=1, warm_up=2, flow_loss=1.0, optimiser="muon"),
                              Stage("restoration", {"restoration": 4e-3}, crop=32, batch=2, steps=3, warm_up=2, optimiser="muon")])
    whole, first, second = (DeviceTrainer(tiny, schedule, device_cache) for _ in range(3))
    while not whole.finished:
        whole.advance()
    for _ in range(2):
        first.advance()
    second.load_state_dict(first.state_dict())
    while not second.finished:
        second.advance()
    assert second.total_steps == whole.total_steps == 4
    for name, value in whole.network.state_dict().items():
        assert value.equal(second.network.state_dict()[name]), name
        assert whole.average.values[name].equal(second.average.values[name]), name


def test_a_step_along_infinity_is_no_step(tiny, device_cache):
    schedule = Schedule("s", [Stage("restoration", {"restoration": 1e-2}, crop=32, batch=1, steps=9, warm_up=0, optimiser="muon")])
    trainer = DeviceTrainer(tiny, schedule, device_cache)
    before = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    usual = trainer.loss
    trainer.loss = lambda stage, batch: (usual(stage, batch)[0] * float("inf"), {})
    trainer.advance()
    assert all(v.equal(before[k]) for k, v in trainer.network.state_dict().items())


def test_the_pack_holds_training_pictures_only_and_fits(stills, tiny, tmp_path):
    save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    weights = (tmp_path / "w.safetensors").stat().st_size
    count, side, quality = pack.pack([stills[0].parent], tmp_path / "large", 10 * 2**20, tmp_path / "w.safetensors")
    assert count == sum(not held_out(p) for p in stills) == len(list((tmp_path / "large" / "pictures").iterdir()))
    assert (side, quality) == pack.TRIES[0]
    assert load_weights(tmp_path / "large" / "start.safetensors")[0] == tiny
    total = sum(f.stat().st_size for f in (tmp_path / "large" / "pictures").iterdir())
    limit = int(0.8 * total) + weights
    assert pack.pack([stills[0].parent], tmp_path / "small", limit, tmp_path / "w.safetensors")[2] < quality
    assert sum(f.stat().st_size for f in (tmp_path / "small").rglob("*") if f.is_file()) <= limit + 4096
    with pytest.raises(SystemExit, match="do not fit"):
        pack.pack([stills[0].parent], tmp_path / "none", 1000)


def test_pyav_travels_in_the_pack_and_its_absence_is_said(tmp_path, monkeypatch, capsys):
    with zipfile.ZipFile(tmp_path / "av-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("av/__init__.py", "travelled = True")
    pack.repacked(tmp_path / "av-1-py3-none-any.whl", tmp_path / "av.tar.xz")
    monkeypatch.setattr(sys, "path", [])  # nothing is installed
    for name in [n for n in sys.modules if n == "av" or n.startswith("av.")]:
        monkeypatch.delitem(sys.modules, name)
    assert not run.codecs_available(tmp_path / "nowhere", tmp_path / "empty")
    assert "not compressed" in capsys.readouterr().out
    assert run.codecs_available(tmp_path, tmp_path / "work") and sys.modules.pop("av").travelled


def test_every_kind_of_state_is_a_starting_point(tiny, short_schedule, cache, tmp_path):
    trainer = Trainer(tiny, short_schedule, Samples(cache))
    trainer.advance()
    checkpoint.save(tmp_path / "state.pt", trainer.state_dict())
    compact.pack(trainer.state_dict(), tmp_path / "state.safetensors")
    save_weights(tmp_path / "w.safetensors", tiny, trainer.average.values)
    for name in ("state.pt", "state.safetensors", "w.safetensors"):
        config, values = pack.starting_point(tmp_path / name)
        assert config == tiny and all(torch.allclose(values[k], v, atol=1e-3) for k, v in trainer.average.values.items())


def test_without_codecs_the_same_scenes_are_not_compressed(stills):
    for seed in range(30):
        scene, sequence = render_one(seed, stills, (64, 64), recipe="uncompressed")
        coded, other = render_one(seed, stills, (64, 64), recipe="real")
        assert scene == replace(coded, codecs=()) and np.array_equal(sequence.sharp, other.sharp)
        if coded.codecs:
            assert not np.array_equal(sequence.blurred, other.blurred)
            return
    raise AssertionError("no compressed sequence among thirty")


def test_the_whole_run_in_small(stills, tiny, tmp_path, monkeypatch, capsys):
    """Packed, rendered by two processes, trained, stopped, gone on with, and joined to a state that the CPU can go on from."""
    save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    pack.pack([stills[0].parent], tmp_path / "pack", 10 * 2**20, tmp_path / "w.safetensors")
    schedule = {"name": "toy", "seed": 3, "stages": [
        {"name": "flow", "train": {"flow": 1e-3}, "crop": 32, "batch": 1, "minutes": 1, "flow_loss": 1.0, "zoom": 1.2, "optimiser": "muon"},
        {"name": "restoration", "train": {"restoration": 1e-3}, "crop": 32, "batch": 1, "minutes": 2, "optimiser": "muon"}]}
    (tmp_path / "toy.json").write_text(json.dumps(schedule))
    monkeypatch.setattr(run, "SAVING", 0)
    monkeypatch.setattr(run, "PIECE", 200_000)

    arguments = ["run", "--pack", tmp_path / "pack", "--out", tmp_path / "out", "--schedule", tmp_path / "toy.json", "--train-seconds", 1,
                 "--seconds", 900, "--count", 6, "--first", 4, "--size", 64, "--workers", 2, "--recipe", "plain", "--device", "cpu"]
    monkeypatch.setattr(sys, "argv", list(map(str, arguments)))
    usual = DeviceTrainer.advance

    def advance(self, watch=None):
        usual(self, watch)
        if self.total_steps == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(DeviceTrainer, "advance", advance)
    run.main()
    assert "2 steps" in capsys.readouterr().out and checkpoint.load(tmp_path / "pack-work" / "state.pt")["total_steps"] == 2
    run.main()
    second = capsys.readouterr().out
    assert "resumed at step 2" in second and "the schedule is done" in second
    files = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert len(files) <= run.MOST_FILES and {"weights.safetensors", "log.csv", "health.csv"} <= set(files)
    assert {"state.safetensors.0", "state.safetensors.1"} <= set(files)
    joined = tmp_path / "state.safetensors"
    joined.write_bytes(b"".join((tmp_path / "out" / name).read_bytes() for name in files if name.startswith("state.")))
    state = compact.unpack(joined)
    assert state["stage"] == 1 and 4 <= state["sequences"] <= 6
    assert set(load_file(tmp_path / "out" / "weights.safetensors")) == set(state["network"])
    assert isinstance(load_network(tmp_path / "out" / "weights.safetensors"), DeblurNetwork)
    assert len((tmp_path / "out" / "log.csv").read_text().splitlines()) >= 3


def test_a_failing_renderer_ends_the_run_with_its_reason(tmp_path, stills):
    broken = tmp_path / "broken.png"
    cv2.imwrite(str(broken), np.zeros((8, 8, 3), np.uint8))
    broken.write_bytes(b"no picture")
    renderer = run.Renderer([broken], tmp_path / "sequences", 2, (64, 64), "plain", 1)
    renderer.start(batches.DeviceCache(2, "cpu", size=(64, 64)))
    renderer.thread.join(60)
    renderer.stop()
    assert "broken.png" in str(renderer.error)


def test_stretched_minutes_keep_their_shares():
    schedule = run.stretched(Schedule.load("fast-gpu"), 330)
    assert sum(60 * s.minutes for s in schedule.stages) == pytest.approx(330)
    given = Schedule.load("fast-gpu").stages
    assert schedule.stages[0].minutes / schedule.stages[1].minutes == pytest.approx(given[0].minutes / given[1].minutes)


def test_a_too_large_state_is_kept_and_said(tiny, device_cache, tmp_path, monkeypatch):
    trainer = DeviceTrainer(tiny, Schedule("s", [Stage("r", {"restoration": 1e-3}, crop=48, batch=1, steps=1)]), device_cache)
    monkeypatch.setattr(run, "PIECE", 2_000)
    with pytest.raises(SystemExit, match="too large"):
        run.Keeper(tmp_path / "out", tmp_path).save(trainer)
    assert checkpoint.load(tmp_path / "state.pt")["total_steps"] == 0


def test_a_sequence_that_arrives_is_drawn_from(cache, stills, tmp_path):
    held = batches.DeviceCache(2, "cpu", size=(64, 64), flow=False)
    write_one((0, stills, tmp_path, (64, 64), "plain"))
    held.load(tmp_path, "00000")
    assert held.count == 1 and sum(map(len, held.pools.values())) > 0
    assert not held.batch(row(slot=0, frame=2), 32)["flow"].any()
