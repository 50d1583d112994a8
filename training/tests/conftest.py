"""Small stand-ins: pictures made of noise and shapes, tiny networks, a tiny cache."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from training.data.cache import write_one
from training.native import library
from training.networks.config import FlowConfig, ModelConfig, RestorationConfig
from training.schedule import Schedule, Stage

torch.set_num_threads(1)


def picture(seed, height=220, width=260):
    """A textured uint8 RGB image with edges at many scales."""
    rng = np.random.default_rng(seed)
    image = cv2.resize(rng.random((9, 11, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(30):
        centre, axes = rng.integers(0, [width, height]), rng.integers(3, 30, 2)
        cv2.ellipse(image, centre.tolist(), axes.tolist(), float(rng.uniform(0, 180)), 0, 360, rng.random(3).tolist(), -1, cv2.LINE_AA)
    return (np.clip(image, 0, 1) * 255).astype(np.uint8)


@pytest.fixture(autouse=True)
def kernels_of_one_test():
    """What a command under test enables in this process does not reach the next test."""
    yield
    library.loaded = None


@pytest.fixture(scope="session")
def stills(tmp_path_factory):
    """Five picture files."""
    folder = tmp_path_factory.mktemp("stills")
    for n in range(5):
        cv2.imwrite(str(folder / f"{n}.png"), picture(n))
    return sorted(folder.glob("*.png"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory, stills):
    """Six rendered sequences of 5 frames 96×96."""
    folder = tmp_path_factory.mktemp("cache")
    for seed in range(6):
        write_one((seed, stills, folder, (96, 96), "plain"))
    return folder


@pytest.fixture
def tiny():
    """Both networks in a few thousand weights."""
    flow = FlowConfig(unshuffle=2, pyramid=[8, 8], convolutions=2, finest=1, radius=2, decoder=[6],
                      dense=False, context=[[6, 1], [6, 2]])
    restoration = RestorationConfig(unshuffle=2, widths=[8, 8, 16], kernel=3, blocks=1, ppm=True, cbam=True,
                                    cbam_ratio=4, flow_input=True, path_samples=2)
    return ModelConfig("tiny", 3, 0.1, flow, restoration)


@pytest.fixture
def single(tiny):
    """The single-frame baseline."""
    return replace(tiny, name="single", frames=1, flow=None, restoration=replace(tiny.restoration, flow_input=False, path_samples=0, motion_gate=0))


@pytest.fixture
def short_schedule():
    """Four steps of flow, then four of restoration with momentum."""
    return Schedule("short", [
        Stage("flow", {"flow": 1e-3}, crop=64, batch=2, steps=4, warm_up=2, flow_loss=1.0, optimiser="muon"),
        Stage("restoration", {"restoration": 2e-3}, crop=64, batch=2, steps=4, warm_up=2, optimiser="muon"),
    ], seed=5)
