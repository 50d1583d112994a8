"""The recipe ``real``: objects, surfaces, light, codecs."""

from dataclasses import replace
import json

import cv2
import numpy as np
import pytest

from training.data import real, textures
from training.data.cache import render_one, write_one
from training.data.camera import CameraPath
from training.data.compression import CODECS, through
from training.data.objects import SHAPES, MovingObject, shape_mask
from training.data.photometry import psnr
from training.data.render import Scene
from training.data.samples import Samples
from training.evaluate import remap

from .conftest import picture


def shoot(seed=3, **changes):
    scene = replace(Scene(size=(96, 128), frames=3, speed=5.0, exposure=0.5, recipe="real"), **changes)
    return real.render(np.random.default_rng(seed), scene, lambda: picture(1, 400, 500))


def misaligned(sequence, side):
    """Differences of the sharp neighbour, aligned by the exact flow, and of the unaligned one, to the sharp middle frame."""
    neighbour, inner = sequence.sharp[2 * side].astype(np.float32), (slice(12, -12), slice(12, -12))
    aligned = remap(neighbour, sequence.flow[0, side].astype(np.float32))
    return [np.abs(image[inner] - sequence.sharp[1][inner]) for image in (aligned, neighbour)]


def thing(shape="patch", speed=9.0, world=True, surface="photograph", size=(60, 60)):
    return real.Thing(shape, surface, size, speed, world)


def test_a_seed_means_a_sequence_of_any_recipe(stills, tmp_path):
    first, again = (render_one(9, stills, (64, 64), recipe="real") for _ in range(2))
    assert first[0] == again[0] and all(np.array_equal(getattr(first[1], n), getattr(again[1], n)) for n in ("blurred", "sharp", "flow"))
    assert not np.array_equal(first[1].sharp, render_one(9, stills, (64, 64), recipe="shaky")[1].sharp)
    write_one((9, stills, tmp_path, (64, 64), "real"))
    assert np.array_equal(np.load(tmp_path / "00009.blurred.npy"), first[1].blurred)
    assert json.loads((tmp_path / "00009.json").read_text())["scene"]["recipe"] == "real"


@pytest.mark.parametrize("changes", [
    {}, {"objects": (thing(), thing(world=False, surface="regular"))}, {"objects": (thing("fence"), thing("limb", surface="wall"))},
    {"canvas": "mixed"}, {"canvas": "wall"}, {"canvas": "regular", "speed": 2.0}, {"enlarge": 1.7, "objects": (thing(size=(70, 80)),)},
    {"speed": 0.02, "objects": (thing(world=False),)}])
def test_flow_aligns_the_sharp_neighbours(changes):
    for seed in (3, 4):
        sequence = shoot(seed, exposure=0.0, **changes)
        for side in (0, 1):
            aligned, unaligned = misaligned(sequence, side)
            # What is covered or bared has no match, so the mean would punish exact flow: three quarters do not.
            assert np.quantile(aligned, 0.75) <= max(3, np.quantile(unaligned, 0.75)) and aligned.mean() < 0.8 * unaligned.mean() + 0.3


def test_an_object_fixed_to_the_camera_rests_and_one_of_the_world_moves_with_it():
    moves = {}
    for world in (True, False):
        camera = CameraPath(np.random.default_rng(1), (96, 128), (300, 300), 3, 12.0)
        light, mask = picture(1, 50, 50).astype(np.float32) / 255, shape_mask(np.random.default_rng(2), "ball", (50, 50))
        moves[world] = MovingObject(np.random.default_rng(5), light, mask, (96, 128), 3, 0.01, camera if world else None)
    assert moves[False].displacement(0, 1).max() < 0.1 < 3 < moves[True].displacement(0, 1).mean()


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_have_soft_edges_and_leave_their_border_empty(shape):
    for seed in range(6):
        mask = shape_mask(np.random.default_rng(seed), shape, (90, 120))
        assert mask.shape == (90, 120) and 0 <= mask.min() and mask.max() <= 1 + 1e-6
        assert mask[0].max() < 0.3 and mask[:, 0].max() < 0.3  # an edge that the picture's border would cut straight
    shares = [shape_mask(np.random.default_rng(seed), shape, (90, 120)) for seed in range(12)]
    assert 0.002 < np.mean(shares) < 0.8 and np.mean([(0.1 < m) & (m < 0.9) for m in shares]) > 0.001


@pytest.mark.parametrize("make", (*textures.REGULAR, textures.wall))
def test_surfaces_have_the_size_that_is_asked_for_and_something_to_see(make):
    pictures = [make(np.random.default_rng(seed), (80, 120)) for seed in range(4)]
    assert all(p.shape == (80, 120, 3) and np.isfinite(p).all() for p in pictures)
    assert np.mean([p.std() for p in pictures]) > 0.02


def test_regular_surfaces_repeat_and_walls_do_not_ring():
    regular = textures.grating(np.random.default_rng(2), (128, 128)).mean(2)
    spectrum = np.abs(np.fft.fft2(regular - regular.mean()))
    assert spectrum.max() > 50 * np.median(spectrum)
    drawn = textures.draw(np.random.default_rng(4), (96, 96), "wall")
    assert drawn.shape == (96, 96, 3) and drawn.dtype == np.uint8


@pytest.mark.parametrize("codec, fine, coarse", [("h264", 18, 38), ("mpeg4", 2, 20), ("mpeg2", 2, 20), ("mjpeg", 2, 20)])
def test_coarser_compression_loses_more_by_every_codec(codec, fine, coarse):
    frames = np.stack([picture(1, 96, 128)] * 3)
    better, worse = psnr(through(codec, frames, fine), frames), psnr(through(codec, frames, coarse), frames)
    assert better > worse + 1 and {"h264", "mpeg4", "mpeg2", "mjpeg"} == set(CODECS)


@pytest.mark.parametrize("changes", [{}, {"codecs": (("mpeg4", 8), ("h264", 24))}, {"codecs": (("mjpeg", 6),), "enlarge": 1.5},
                                     {"shot": 1e-3, "denoise": 12.0, "codecs": (("h264", 26),)}])
def test_grey_stays_grey_on_every_way(changes):
    sequence = shoot(grey=True, objects=(thing(),), **changes)
    for frames in (sequence.blurred, sequence.sharp):
        assert np.ptp(frames, axis=-1).max() == 0 and frames.std() > 5
    assert np.ptp(shoot(objects=(thing(),), **changes).blurred, axis=-1).max() > 20


def test_two_generations_lose_more_than_one_and_enlarging_takes_the_detail():
    once, twice = (shoot(codecs=c) for c in ((("mpeg4", 10),), (("mpeg4", 10), ("mpeg4", 10))))
    assert np.array_equal(once.sharp, twice.sharp) and not np.array_equal(once.blurred, twice.blurred)
    detail = lambda s: cv2.Laplacian(s.sharp[1], cv2.CV_32F).std()
    assert detail(shoot(enlarge=2.0)) < 0.6 * detail(shoot()) and shoot(enlarge=1.37).blurred.shape == (3, 96, 128, 3)


def test_the_dark_is_dim_and_noisy_and_the_filter_takes_some_of_the_noise():
    day, dim, filtered = shoot(), shoot(brightness=0.3, shot=3e-3), shoot(brightness=0.3, shot=3e-3, denoise=25.0)
    assert dim.sharp.mean() < 0.7 * day.sharp.mean()
    grain = lambda s: np.abs(cv2.GaussianBlur(s.blurred[1], (0, 0), 1).astype(float) - s.blurred[1]).mean()
    assert grain(dim) > 1.2 * grain(filtered)


def test_nothing_leaves_a_trail_of_more_than_forty_pixels():
    rng = np.random.default_rng(0)
    for _ in range(20):
        scene = real.draw_scene(rng, (96, 96), 5)
        camera = CameraPath(rng, scene.size, (400, 400), 5, 60.0)
        half = real.bounded_exposure(replace(scene, exposure=1.0), [camera]) / 2
        assert max(camera.displacement(k - half, k + half).max() for k in range(5)) < 1.05 * real.LONGEST_TRAIL


def test_the_mixture_holds_what_was_asked_for():
    scenes = [real.draw_scene(np.random.default_rng([1, n])) for n in range(600)]
    share = lambda test: np.mean([bool(test(s)) for s in scenes])
    assert 0.05 < share(lambda s: s.grey) < 0.12 and 0.07 < share(lambda s: s.exposure == 0) < 0.13
    assert 0.4 < share(lambda s: s.codecs) < 0.6 and 0.03 < share(lambda s: len(s.codecs) == 2) and 0.04 < share(lambda s: s.enlarge > 1)
    assert 0.55 < share(lambda s: s.objects) < 0.8 and {t.shape for s in scenes for t in s.objects} == set(SHAPES)
    assert {c for s in scenes for c, _ in s.codecs} == set(CODECS) and {s.canvas for s in scenes} == {"photograph", "mixed", "regular", "wall"}
    assert 0.2 < share(lambda s: s.brightness < 1) < 0.35 and share(lambda s: s.speed > 30) > 0.08 and share(lambda s: s.tremor == 0.45) > 0.2


def test_samples_know_which_were_compressed(tmp_path, stills):
    for seed in range(14):
        write_one((seed, stills, tmp_path, (64, 64), "real"))
    coded = {p.stem for p in tmp_path.glob("*.json") if json.loads(p.read_text())["scene"]["codecs"]}
    samples = Samples(tmp_path)
    assert {name for name, _ in samples.compressed} <= coded and not {name for name, _ in samples.raw} & coded and samples.compressed
