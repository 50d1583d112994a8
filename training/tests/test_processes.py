"""One run in several processes: the same steps as in one."""

import json
import os
import signal
import subprocess
import sys

import pytest

from training import checkpoint, weights
from training.networks import DeblurNetwork
from training.processes import Processes

STAGES = [{"name": "f", "train": {"flow": 1e-3}, "crop": 64, "batch": 4, "steps": 3, "optimiser": "adamw", "flow_loss": 1.0},
          {"name": "r", "train": {"restoration": 2e-3, "flow": 1e-4}, "crop": 64, "batch": 4, "steps": 3, "optimiser": "muon", "whiten": True,
           "loss": "log_mse", "coarse_loss": 50, "harm_loss": 2, "local_loss": 0.3}]


def command(tiny, cache, folder, processes, stages):
    (folder / "c.json").write_text(tiny.to_json())
    (folder / "s.json").write_text(json.dumps({"name": "s", "stages": stages}))
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)] if processes > 1 else []
    return [sys.executable, *launch, "-m", *(["--"] if launch else []), "training.train", "--config", folder / "c.json", "--schedule", folder / "s.json",
            "--data", cache, "--out", folder / "run"]


def test_two_processes_take_the_steps_of_one(tiny, cache, tmp_path):
    states = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        subprocess.run(command(tiny, cache, folder, processes, STAGES), check=True, capture_output=True,
                       env={**os.environ, "OMP_NUM_THREADS": "1"})
        states.append(checkpoint.load(folder / "run" / "state.pt"))
    one, two = states
    assert one["total_steps"] == two["total_steps"] == 6
    for name, value in one["network"].items():
        # Sums in another order; a step is 1e-3.
        assert (value - two["network"][name]).abs().max() < 2e-5, name


def test_several_processes_start_from_weights_stop_together_and_save(tiny, cache, tmp_path):
    start = tmp_path / "start.safetensors"
    weights.save_weights(start, tiny, DeblurNetwork(tiny).state_dict())
    process = subprocess.Popen([*command(tiny, cache, tmp_path, 2, [{**STAGES[1], "steps": 10**6}]), "--start", start], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    for line in process.stdout:
        if "minutes left" in line:
            break
    os.killpg(process.pid, signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    assert "saved at step" in rest
    assert checkpoint.load(tmp_path / "run" / "state.pt")["total_steps"] >= 25
    assert len((tmp_path / "run" / "log.csv").read_text().splitlines()) >= 2


def test_a_batch_that_cannot_be_shared_is_refused():
    alone = Processes()
    assert alone.leads and alone.share(3) == range(3) and alone.any(True) and not alone.any(False)
    alone.count = 2
    alone.rank = 1
    assert alone.share(4) == range(2, 4) and not alone.leads
    with pytest.raises(SystemExit, match="batch of 3 cannot be shared evenly by 2 processes"):
        alone.share(3)
