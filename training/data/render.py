"""One sequence from one seed: blurred frames, sharp frames, exact flow."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .camera import CameraPath, flow_field
from .compression import PRESETS, h264
from .layers import MovingLayer
from .objects import MovingObject
from .photometry import Response, boost_highlights, psnr, quantise, sensor_noise

if TYPE_CHECKING:
    from .real import Thing


@dataclass(frozen=True)
class Scene:
    """How a sequence is shot. Sizes in pixels, times in frames, noise in linear light."""

    size: tuple[int, int] = (288, 288)
    frames: int = 5
    speed: float = 10.0
    exposure: float = 0.5
    layers: int = 0
    drift: float = 0.6
    tremor: float = 0.3
    gamma: float = 2.2
    highlights: bool = False
    shot: float = 0.0
    read: float = 0.0
    crf: int | None = None
    preset: str = "veryfast"
    max_samples: int = 41
    # What ``real`` adds (see there).
    recipe: str = "plain"
    canvas: str = "photograph"  # or "regular", "wall", "mixed"
    objects: "tuple[Thing, ...]" = ()
    brightness: float = 1.0  # share of the light; dim rooms
    denoise: float = 0.0  # grey levels that the camera's own noise filter flattens
    grey: bool = False
    enlarge: float = 1.0  # shot smaller by this factor and enlarged
    codecs: tuple[tuple[str, int], ...] = ()  # (codec, quality): once as it was shot, and once more as it is passed on


def draw_scene(rng: np.random.Generator, size: tuple[int, int] = (288, 288), frames: int = 5) -> Scene:
    """Random conditions: every blur strength including none, most of it strong."""
    kind = rng.random()
    speed = float(np.exp(rng.uniform(np.log(1), np.log(6))) if kind < 0.2 else 6 + 24 * rng.random() ** 1.5)
    scene = Scene(
        size=size,
        frames=frames,
        speed=speed,
        # Trails much over 16 pixels leave nothing to restore: the fast ones get a short shutter.
        exposure=float(rng.uniform(0.2, max(0.3, min(1.0, 16 / speed)))),
        layers=int(rng.choice([0, 1, 2], p=[0.5, 0.3, 0.2])),
        drift=float(rng.uniform(0.2, 1)),
        gamma=float(rng.uniform(1.8, 2.5)),
        highlights=bool(rng.random() < 0.3),
    )
    noisy = rng.random() < 0.75
    if noisy:
        scene = replace(scene, shot=float(np.exp(rng.uniform(np.log(1e-5), np.log(6e-4)))),
                        read=float(np.exp(rng.uniform(np.log(2e-4), np.log(4e-3)))))
    if rng.random() < 0.35:
        scene = replace(scene, crf=int(rng.integers(18, 31)), preset=str(rng.choice(PRESETS)))
    if kind > 0.9:  # nothing to mend: a fast shutter or a still camera; must come back untouched
        still = rng.random() < 0.3
        scene = replace(scene, exposure=0.0, speed=0.05 if still else scene.speed, layers=0 if still else scene.layers,
                        shot=0.0 if rng.random() < 0.7 else scene.shot * 0.2,
                        read=0.0 if rng.random() < 0.7 else scene.read * 0.2,
                        crf=None if rng.random() < 0.7 else min(scene.crf or 20, 22))
    return scene


def shaky(rng: np.random.Generator, scene: Scene) -> Scene:
    """The same conditions on a camera that is shaken: the motion turns from frame to frame, trails reach 24 pixels."""
    speed = float(rng.uniform(6, 30))
    return replace(scene, speed=speed, drift=float(rng.uniform(0, 0.3)), tremor=0.45,
                   exposure=float(rng.uniform(0.25, max(0.4, min(1.0, 24 / speed)))))


@dataclass
class Sequence:
    """``blurred``, ``sharp``: uint8 [N, H, W, 3]; ``flow``: float16 [N−2, 2, H, W, 2], from each inner
    frame to its previous and next one, (right, down) in pixels, between the mid-exposure instants."""

    blurred: np.ndarray
    sharp: np.ndarray
    flow: np.ndarray

    def input_psnr(self) -> list[float]:
        return [round(psnr(b, s), 2) for b, s in zip(self.blurred, self.sharp)]


def render(rng: np.random.Generator, scene: Scene, canvas: np.ndarray, textures: list[np.ndarray]) -> Sequence:
    """Shoot ``scene`` over ``canvas`` (uint8 RGB) with layers textured by ``textures``."""
    response = Response(scene.gamma)
    light = response.linear(canvas)
    if scene.highlights:
        light = boost_highlights(light, rng)
    camera = CameraPath(rng, scene.size, canvas.shape[:2], scene.frames, scene.speed, drift=scene.drift, tremor=scene.tremor)
    layers = [MovingLayer(rng, response.linear(texture), scene.size, scene.frames,
                          speed=float(rng.uniform(0, 1.2 * scene.speed + 2)))
              for texture in textures[: scene.layers]]

    def expose(t: float) -> np.ndarray:
        picture = cv2.warpPerspective(light, camera.homography(t), scene.size[::-1],
                                      flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
        for layer in layers:
            picture = layer.paint(picture, t)
        return picture

    blurred, sharp = expose_frames(rng, scene, response, expose, [camera] + [m.path for m in layers])
    if scene.crf is not None:
        blurred = h264(blurred, scene.crf, scene.preset)
    return Sequence(blurred, sharp, exact_flows(camera, layers, scene))


def expose_frames(rng: np.random.Generator, scene: Scene, response: Response, expose: Callable[[float], np.ndarray],
                  paths: Collection[CameraPath | MovingObject]) -> tuple[np.ndarray, np.ndarray]:
    """Blurred and sharp frames, uint8 [N, H, W, 3]: ``expose(t)`` is the light [H, W, 3] at one instant, averaged while the shutter is
    open; ``paths`` tell how far things move meanwhile, and so how many instants are needed."""
    blurred, sharp = [], []
    for frame in range(scene.frames):
        opening, closing = frame - scene.exposure / 2, frame + scene.exposure / 2
        trail = max(path.displacement(opening, closing).max() for path in paths)
        # An odd number of instants puts one at the middle of the exposure: the sharp frame.
        samples = min(scene.max_samples, 2 * int(np.ceil(trail / 2)) + 1)
        total = 0
        for i in range(samples):
            picture = expose(opening + scene.exposure * (i + 0.5) / samples)
            total = total + picture
            if i == samples // 2:
                sharp.append(quantise(response.coded(picture)))
        light_seen = np.clip(total / samples, 0, 1)
        if scene.shot or scene.read:
            light_seen = sensor_noise(light_seen, rng, scene.shot, scene.read)
        blurred.append(quantise(response.coded(light_seen)))
    return np.stack(blurred), np.stack(sharp)


def exact_flows(camera: CameraPath, layers: Collection[MovingLayer | MovingObject], scene: Scene) -> np.ndarray:
    """float16 [N−2, 2, H, W, 2]: from each inner frame to its previous and next one."""
    flows = [[exact_flow(camera, layers, scene.size, k, k + step) for step in (-1, 1)] for k in range(1, scene.frames - 1)]
    return np.array(flows, np.float16).reshape(max(0, scene.frames - 2), 2, *scene.size, 2)


def exact_flow(camera: CameraPath, layers: Collection[MovingLayer | MovingObject], size: tuple[int, int], start: int,
               end: int) -> np.ndarray:
    """[H, W, 2]: motion of what is visible at ``start``, frontmost layer last."""
    flow = flow_field(camera.motion(start, end), size)
    for layer in layers:
        motion = np.linalg.inv(layer.homography(end)) @ layer.homography(start)
        flow = np.where(layer.coverage(size, start)[..., None], flow_field(motion, size), flow)
    return flow
