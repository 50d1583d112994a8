"""Synthesis: seeds, flow, exposure, compression, loaders."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from training.data import layouts
from training.data.cache import render_one
from training.data.camera import CameraPath, transform
from training.data.clips import sequences_of, write
from training.data.compression import h264
from training.data.photometry import grain, psnr
from training.data.render import Scene, render, shaky
from training.data.samples import Samples, augment
from training.data.second_renderer import SplineCamera
from training.data.stills import held_out
from training.evaluate import remap

from .conftest import picture


def shoot(seed=3, **changes):
    scene = replace(Scene(size=(96, 128), frames=3, speed=5.0, exposure=0.5), **changes)
    return render(np.random.default_rng(seed), scene, picture(1), [picture(2, 60, 70)])


def test_a_seed_means_a_sequence(stills):
    first, again, other = (render_one(seed, stills, (64, 64))[1] for seed in (4, 4, 5))
    for name in ("blurred", "sharp", "flow"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.sharp, other.sharp)


@pytest.mark.parametrize("layers", [0, 1])
def test_flow_aligns_the_sharp_neighbours(layers):
    sequence = shoot(layers=layers)
    inner = (slice(16, -16), slice(16, -16))
    for side, neighbour in enumerate((0, 2)):
        flow = sequence.flow[0, side].astype(np.float32)
        aligned = remap(sequence.sharp[neighbour], flow)
        error = np.abs(aligned[inner].astype(float) - sequence.sharp[1][inner])
        unaligned = np.abs(sequence.sharp[neighbour][inner].astype(float) - sequence.sharp[1][inner])
        # Layers hide and bare what lies behind them, so the mean would punish exact flow: the median does not.
        assert np.median(error) <= 3 and np.mean(error) < 0.5 * np.mean(unaligned)


def test_reversed_flow_does_not_align():
    sequence = shoot()
    error = lambda flow: np.abs(remap(sequence.sharp[2], flow).astype(float) - sequence.sharp[1]).mean()
    flow = sequence.flow[0, 1].astype(np.float32)
    assert error(flow) < 0.3 * error(-flow)


def test_camera_moves_at_the_asked_speed():
    for seed in range(5):
        path = CameraPath(np.random.default_rng(seed), (200, 300), (300, 400), frames=6, speed=12.0)
        assert path.mean_speed(6) == pytest.approx(12.0, rel=0.02)


def test_longer_exposure_blurs_more():
    values = [np.mean(shoot(exposure=e).input_psnr()) for e in (0.1, 0.4, 0.9)]
    assert values[0] > values[1] + 1 > values[2] + 2


def test_no_exposure_leaves_the_frame_untouched():
    sequence = shoot(exposure=0.0)
    assert np.array_equal(sequence.blurred, sequence.sharp)


def test_noise_comes_after_the_blur():
    noisy, clean = shoot(read=0.02), shoot()
    residue = noisy.blurred.astype(float) - clean.blurred
    neighbours = np.corrcoef(residue[:, :, 1:].ravel(), residue[:, :, :-1].ravel())[0, 1]
    assert residue.std() > 1 and abs(neighbours) < 0.1  # blurred noise would be correlated


def test_coarser_compression_loses_more():
    frames = np.stack([picture(1, 96, 128)] * 3)
    assert psnr(h264(frames, 18), frames) > psnr(h264(frames, 40), frames) + 1


def test_held_out_depends_on_the_name_alone():
    names = [f"{n}.png" for n in range(2000)]
    share = np.mean([held_out(n) for n in names])
    assert 0.07 < share < 0.13
    assert all(held_out(n) == held_out(f"/elsewhere/{n}") for n in names[:50])


def test_samples_are_a_function_of_the_step(cache):
    one, two = Samples(cache), Samples(cache)
    two.batch(3, 2, 48)  # drawing another batch first must not matter
    for name, value in one.batch(7, 2, 48).items():
        assert value.equal(two.batch(7, 2, 48)[name])
    assert not one.batch(7, 2, 48)["middle"].equal(one.batch(8, 2, 48)["middle"])


@pytest.mark.parametrize("seed", range(4))
def test_grain_comes_in_blotches_anew_in_each_frame(seed):
    plain = np.full((3, 128, 128, 3), 76, np.uint8)
    noise = grain(plain, np.random.default_rng(seed)).astype(np.float32) - 76
    luma = noise.mean(axis=3)
    alike = lambda a, b: float((a * b).mean() / luma.var())
    assert abs(noise.mean()) < 0.3 and 0.5 < luma.std() < 7
    assert alike(luma[0, :, 1:], luma[0, :, :-1]) > 0.15  # in a picture …
    assert abs(alike(luma[0], luma[1])) < 0.1  # … but not from one to the next
    bright = grain(plain + 160, np.random.default_rng(seed)).astype(np.float32) - 236
    assert bright.mean(axis=3).std() < luma.std()


def test_grain_lies_on_blurred_samples_alone(cache):
    samples = Samples(cache)
    for share, pool, changed in ((0.0, 0.0, False), (1.0, 0.0, True), (1.0, 1.0, False)):
        plain, grained = (samples.batch(1, 4, 48, sharp_share=pool, edge_share=0, grain_share=g) for g in (0.0, share))
        assert grained["target"].equal(plain["target"]) or changed  # what is drawn next differs
        assert (not grained["middle"].equal(plain["middle"])) == changed


def test_augmented_flow_still_aligns():
    sequence = shoot(exposure=0.0)
    for seed in range(8):
        exists = np.array([True, False])
        frames, sharp, flow, exists = augment(np.random.default_rng(seed), sequence.sharp[:3], sequence.sharp[:3],
                                               sequence.flow[0].astype(np.float32), exists)
        assert exists.tolist() == ([True, False] if np.array_equal(frames[0].mean(), sequence.sharp[0].mean()) else [False, True])
        for side, neighbour in enumerate((0, 2)):
            aligned = remap(frames[neighbour], flow[side]).astype(float)
            assert np.abs(aligned - sharp[1]).mean() < 0.5 * np.abs(frames[neighbour].astype(float) - sharp[1]).mean()
            assert np.array_equal(frames, sharp)


def test_slow_clips_become_sequences_and_fast_ones_do_not():
    canvas = picture(3, 150, 700)
    clip = lambda step: [canvas[20:116, round(20 + step * n) : round(20 + step * n) + 128] for n in range(60)]
    made = list(sequences_of(clip(1), np.random.default_rng(1)))
    assert made and made[0].blurred.shape == (5, 96, 128, 3)
    assert np.mean(made[0].input_psnr()) < 40
    assert not list(sequences_of(clip(8), np.random.default_rng(1)))


def write_frames(folder, names):
    folder.mkdir(parents=True)
    for n, name in enumerate(names):
        cv2.imwrite(str(folder / name), picture(n, 20, 30))


def test_dvd_layout(tmp_path):
    for video in ("IMG_0030", "GOPR9634"):
        for side in ("input", "GT"):
            write_frames(tmp_path / "quantitative_datasets" / video / side, ["00001.jpg", "00000.jpg"])
    (name, kind, blurred, sharp, _), = layouts.dvd_test(tmp_path)
    assert (name, kind, len(blurred), len(sharp)) == ("IMG_0030", "dvd", 2, 2)
    assert np.array_equal(blurred[0], sharp[0]) and blurred[0].shape == (20, 30, 3)
    assert blurred.paths[0].name == "00000.jpg"
    assert [clip[0] for clip in layouts.dvd_train(tmp_path)] == ["GOPR9634"]


def test_gopro_layout_names_a_missing_frame(tmp_path):
    write_frames(tmp_path / "GOPR0384" / "blur", ["000001.png", "000002.png"])
    write_frames(tmp_path / "GOPR0384" / "sharp", ["000001.png"])
    with pytest.raises(SystemExit, match="000002.png"):
        list(layouts.gopro(tmp_path))


def test_enlarged_crops_keep_exact_flow(cache):
    samples = Samples(cache)
    batch = samples.batch(1, 6, 64, sharp_share=1.0, edge_share=0.0, zoom=1.8)
    plain = samples.batch(1, 6, 64, sharp_share=1.0, edge_share=0.0)
    assert batch["middle"].shape == (6, 3, 64, 64) and not batch["middle"].equal(plain["middle"])
    x = batch["next"].permute(0, 2, 3, 1).numpy()
    for neighbour, target, flow in zip(x, batch["middle"].permute(0, 2, 3, 1).numpy(), batch["flow"][:, 1].permute(0, 2, 3, 1).numpy()):
        assert np.abs(remap(neighbour, flow) - target).mean() <= np.abs(neighbour - target).mean()


def test_estimated_flow_is_not_learnt_from(tmp_path):
    exact, clip = shoot(seed=3, exposure=0.9), shoot(seed=3, exposure=0.9)
    clip.flow = clip.flow * 0 + 77
    write(tmp_path, 0, exact)
    write(tmp_path, 1, clip)
    record = tmp_path / "00000.json"
    record.write_text(record.read_text().replace('"estimated"', '"exact"'))
    samples = Samples(tmp_path)
    assert len(samples.blurred) == 2 and samples.estimated == {"00001"}
    largest = lambda **options: max(samples.batch(s, 4, 64, edge_share=0, **options)["flow"].max() for s in range(3))
    assert largest(exact_flow=True) < 77 == largest()


def test_a_shaken_camera_turns_from_frame_to_frame():
    scene = Scene()
    def turn(scene):  # change of the motion between two frame intervals, in units of the speed
        paths = [CameraPath(np.random.default_rng(n), (288, 288), (400, 400), 5, 10.0, drift=scene.drift, tremor=scene.tremor) for n in range(12)]
        centre = np.array([[144.0, 144.0]])
        steps = lambda path, a, b: transform(path.motion(a, b), centre) - centre
        return np.mean([np.linalg.norm(steps(p, 2, 1) + steps(p, 2, 3)) for p in paths]) / 10
    assert turn(shaky(np.random.default_rng(1), scene)) > 1.5 * turn(scene)


def test_the_second_renderers_flow_is_where_its_camera_looked():
    camera, scene = SplineCamera(np.random.default_rng(3), 12.0), picture(7, 700, 1000)
    middle, neighbour = camera.shot(scene, 6), camera.shot(scene, 7)
    error = lambda image: np.abs(image.astype(float) - middle)[80:-80, 80:-80].mean()
    assert error(remap(neighbour, camera.flow(6, 7).astype(np.float32))) < 0.2 * error(neighbour)
    speeds = [np.linalg.norm(camera.at(k + 1)[:2] - camera.at(k)[:2]) for k in range(13)]
    assert np.mean(speeds) == pytest.approx(12, rel=1e-6)
