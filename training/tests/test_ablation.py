"""Table 1: the variants, their common start, runs that go on, what a table needs to count."""

from dataclasses import asdict, replace
import json

import numpy as np
import pytest
import torch

from training import ablation, health
from training.data.samples import Samples
from training.networks import DeblurNetwork
from training.schedule import Schedule, Stage
from training.train import Trainer, run
from training.weights import save_weights

from .conftest import picture

STAGE = Stage("restoration", {"restoration": 2e-3}, crop=64, batch=1, steps=25, warm_up=2, optimiser="muon", optimiser_settings={"gate_rate": 0.1})


@pytest.fixture
def schedule(tmp_path):
    path = tmp_path / "schedule.json"
    path.write_text(json.dumps({"name": "s", "seed": 3, "stages": [asdict(STAGE)]}))
    return path


@pytest.fixture
def validation(tmp_path):
    """One moving clip of two frames, raw and compressed alike."""
    clip = tmp_path / "validation" / "moving-01"
    clip.mkdir(parents=True)
    (clip / "clip.json").write_text(json.dumps({"kind": "moving"}))
    sharp = np.stack([picture(n, 40, 48) for n in range(2)])
    for name in ("sharp", "input", "h264", "flow"):
        np.save(clip / f"{name}.npy", sharp // 2 if name != "sharp" else sharp)
    return clip.parent


def test_the_variants_are_the_papers_four_and_what_they_stand_beside(tiny):
    names, configs = zip(*ablation.variants(tiny))
    assert [(c.restoration.ppm, c.restoration.cbam) for c in configs[:4]] == [(False, False), (True, False), (False, True), (True, True)]
    assert list(names[:4]) == list(ablation.PAPER) and names[4:] == (ablation.PLAIN, ablation.SINGLE) and configs[-1].frames == 1


def test_variants_begin_alike_in_all_that_they_share(tiny, cache):
    schedule = Schedule("s", [STAGE], seed=3)
    flow = {name: value + 1 for name, value in DeblurNetwork(tiny).state_dict().items() if name.startswith("flow.")}
    torch.manual_seed(3)
    whole = DeblurNetwork(tiny)
    starts = {}
    for name, config in ablation.variants(tiny):
        trainer = Trainer(config, schedule, Samples(cache, seed=3))
        ablation.begin(trainer, whole, flow)
        starts[name] = trainer.network.state_dict()
        assert all(value.equal(trainer.average.values[key]) for key, value in starts[name].items())
    for name, start in starts.items():
        for key, value in start.items():
            if key.startswith("flow."):
                assert value.equal(flow[key])
            elif value.shape == whole.state_dict().get(key, value[..., :0]).shape:
                assert value.equal(whole.state_dict()[key]), (name, key)
    assert "restoration.decoder.0.blocks.0.convolution1.weight" in starts["none"] and starts[ablation.SINGLE].keys() < starts["PPM and CBAM"].keys()


def test_the_table_from_nothing_and_once_more(tiny, cache, schedule, validation, tmp_path, capsys):
    save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    document = tmp_path / "d.md"
    document.write_text(f"before\n{ablation.BEGIN}\nold\n{ablation.END}\nafter\n")
    command = ["--weights", tmp_path / "w.safetensors", "--data", cache, "--validation", validation, "--schedule", schedule, "--out", tmp_path / "runs",
               "--frames", 1, "--seeds", 3, 4, "--variants", "none", "PPM and CBAM", ablation.SINGLE, "--document", document]
    ablation.main(list(map(str, command)))
    table = json.loads((tmp_path / "runs/table.json").read_text())
    assert sorted((r["variant"], r["seed"]) for r in table) == sorted((v, s) for v in ("none", "PPM and CBAM", ablation.SINGLE) for s in (3, 4))
    for row in table:
        assert row["steps"] == 25 and np.isfinite([row["moving"], row["h264"]]).all()
        assert set(row["gates"]) == (set() if row["variant"] == "none" else set(ablation.GATES))
        assert all(0.5 < gate["least_open"] <= gate["open"] < 1 for gate in row["gates"].values())
    text = document.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "| 30.61 / 0.9005 | +0.19 |" in text and "±" in text and "seeds 3, 4" in text
    states = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").glob("seed-*/*/state.pt")}
    ablation.main(list(map(str, command)))
    assert len(states) == 6 and all(path.stat().st_mtime_ns == time for path, time in states.items())  # nothing is trained twice
    schedule.write_text(json.dumps({"name": "s", "seed": 3, "stages": [asdict(replace(STAGE, steps=50))]}))
    with pytest.raises(SystemExit, match="another schedule"):
        ablation.main(list(map(str, command)))


def test_an_unknown_variant_and_a_document_without_marks_are_told_at_once(tiny, cache, schedule, tmp_path):
    save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    command = list(map(str, ["--weights", tmp_path / "w.safetensors", "--data", cache, "--validation", tmp_path, "--schedule", schedule,
                             "--out", tmp_path / "runs"]))
    with pytest.raises(SystemExit, match="'PMP' is unknown; choose of: none; PPM"):
        ablation.main([*command, "--variants", "PMP"])
    (tmp_path / "d.md").write_text("no marks")
    with pytest.raises(SystemExit, match="marks"):
        ablation.main([*command, "--document", str(tmp_path / "d.md")])


def test_a_run_that_was_stopped_goes_on_to_the_same_end(tiny, cache, tmp_path):
    schedule = Schedule("s", [STAGE], seed=3)
    whole = DeblurNetwork(tiny)
    values = DeblurNetwork(tiny).state_dict()
    ends = {}
    measure = lambda name: lambda trainer: ends.setdefault(name, trainer.network.state_dict()) and {"moving": 0.0, "h264": 0.0}
    ablation.result("PPM", tiny, schedule, whole, values, cache, tmp_path / "once", measure("once"))
    trainer = Trainer(tiny, schedule, Samples(cache, seed=3))
    ablation.begin(trainer, whole, values)
    (tmp_path / "twice").mkdir()
    for _ in range(7):
        trainer.advance()
    torch.save(trainer.state_dict(), tmp_path / "twice/state.pt")
    ablation.result("PPM", tiny, schedule, whole, values, cache, tmp_path / "twice", measure("twice"))
    assert all(value.equal(ends["twice"][name]) for name, value in ends["once"].items())


def test_a_run_counts_only_if_its_log_tells_of_every_part_to_the_end_and_all_lived(tiny, cache, tmp_path):
    trainer = Trainer(tiny, Schedule("s", [STAGE], seed=3), Samples(cache, seed=3))
    run(trainer, tmp_path)
    assert set(ablation.looked_after(tmp_path, trainer.network, 25)) == set(ablation.GATES)
    with pytest.raises(ValueError, match="step 50"):
        ablation.looked_after(tmp_path, trainer.network, 50)
    health.append(tmp_path / "health.csv", [{"step": 50, "part": name, "activation": 1.0, "gradient": 1.0} for name, _ in health.parts(trainer.network)])
    health.append(tmp_path / "health.csv", [{"step": 50, "part": "spatial gate", "open": 0.001, "saturated": 1.0}])
    with pytest.raises(health.PartDied, match="spatial gate"):
        ablation.looked_after(tmp_path, trainer.network, 50)


def test_a_run_with_a_dead_part_is_told_and_left_out(tiny, cache, schedule, validation, tmp_path, monkeypatch):
    save_weights(tmp_path / "w.safetensors", tiny, DeblurNetwork(tiny).state_dict())
    trained = ablation.result
    def dies(name, *rest):
        if name == "PPM":
            raise health.PartDied("step 5: encoder 2 is dead")
        return trained(name, *rest)
    monkeypatch.setattr(ablation, "result", dies)
    with pytest.raises(SystemExit, match="(?s)do not count.*seed-3/PPM: step 5: encoder 2"):
        ablation.main(list(map(str, ["--weights", tmp_path / "w.safetensors", "--data", cache, "--validation", validation, "--schedule", schedule,
                                     "--out", tmp_path / "runs", "--seeds", 3, "--variants", "PPM", "none"])))
    assert [r["variant"] for r in json.loads((tmp_path / "runs/table.json").read_text())] == ["none"]
