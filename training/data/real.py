"""The recipe ``real``: what users' clips show and smooth photographs under a smooth camera do not.

Beside hand-held and shaken cameras (``render``) a fourth of the sequences rest on a tripod while things move, or chase something fast;
thin, fast and perforated things cover and bare what is behind them; surfaces are regular texture, lettering and bare walls as well
as photographs; rooms are dim and noisy; clips are grey, coarsely compressed by old codecs, twice, and enlarged; trails reach 40 pixels.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import textures
from .camera import CameraPath
from .compression import PRESETS, through
from .objects import SHAPES, MovingObject, shape_mask
from .photometry import Response, boost_highlights
from .render import Scene, Sequence, exact_flows, expose_frames
from .stills import random_canvas

LONGEST_TRAIL = 40.0  # pixels; what moves farther while the shutter is open leaves nothing to restore
CAMERAS, CAMERA_SHARES = ("hand", "shaken", "tripod", "chase"), (0.43, 0.27, 0.18, 0.12)


@dataclass(frozen=True)
class Thing:
    """An object before the background; ``speed`` in pixels a frame, ``world``: beside the camera's own motion."""

    shape: str
    surface: str  # "photograph", "regular", "wall"
    size: tuple[int, int]
    speed: float
    world: bool


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def draw_scene(rng: np.random.Generator, size: tuple[int, int] = (288, 288), frames: int = 5) -> Scene:
    """Random conditions of one sequence."""
    camera = str(rng.choice(CAMERAS, p=CAMERA_SHARES))
    speed, drift, tremor = {
        "hand": (log_uniform(rng, 1, 6) if rng.random() < 0.22 else 6 + 24 * rng.random() ** 1.5, rng.uniform(0.2, 1), 0.3),
        "shaken": (rng.uniform(6, 36), rng.uniform(0, 0.3), 0.45),
        "tripod": (log_uniform(rng, 0.02, 1), rng.uniform(0, 1), 0.45),
        "chase": (rng.uniform(24, 50), rng.uniform(0.4, 1), 0.3),
    }[camera]
    things = draw_things(rng, size, camera, speed)
    fastest = max([speed] + [thing.speed for thing in things])
    scene = Scene(
        size=size, frames=frames, recipe="real", speed=float(speed), drift=float(drift), tremor=tremor, objects=things,
        exposure=float(np.clip(log_uniform(rng, 4, LONGEST_TRAIL) / fastest, 0.08, 1)), max_samples=47,
        canvas=str(rng.choice(["photograph", "mixed", "regular", "wall"], p=[0.62, 0.2, 0.06, 0.12])),
        gamma=float(rng.uniform(1.8, 2.5)), highlights=bool(rng.random() < 0.25), grey=bool(rng.random() < 0.08),
    )
    scene = draw_light(rng, scene)
    if rng.random() < 0.1:  # nothing to mend: a fast shutter or everything at rest; must come back untouched
        still = rng.random() < 0.3
        scene = replace(scene, exposure=0.0, speed=0.02 if still else scene.speed, objects=() if still else scene.objects)
        return scene if rng.random() < 0.3 else replace(scene, shot=0.0, read=0.0, denoise=0.0)
    return draw_compression(rng, scene)


def draw_things(rng: np.random.Generator, size: tuple[int, int], camera: str, speed: float) -> tuple[Thing, ...]:
    count = int(rng.choice(5, p=[0, 0.35, 0.3, 0.2, 0.15] if camera == "tripod" else [0.36, 0.28, 0.2, 0.1, 0.06]))
    things = []
    for _ in range(count):
        shape = str(rng.choice(SHAPES, p=[0.36, 0.16, 0.18, 0.08, 0.08, 0.09, 0.05]))
        side = log_uniform(rng, 16, 80) if shape == "ball" else rng.uniform(60, 230)
        box = tuple(int(s) for s in side * (np.ones(2) if shape == "ball" else rng.uniform(0.6, 1.2, 2)))
        kind = rng.random()
        if shape == "caption" or (kind < 0.12 and camera != "tripod"):  # fixed to the picture: sharp beside what moves
            own, world = 0.01, False
        elif kind < 0.5:  # nearer or farther than the background: parallax
            own, world = rng.uniform(0.1, 0.9) * speed + rng.uniform(0, 4), True
        else:
            own, world = log_uniform(rng, 3, 48), bool(rng.random() < 0.5)
        surface = str(rng.choice(["photograph", "regular", "wall"], p=[0.6, 0.2, 0.2]))
        things.append(Thing(shape, surface, box, float(own), world))
    return tuple(things)


def draw_light(rng: np.random.Generator, scene: Scene) -> Scene:
    """Daylight, or a dim room whose noise the camera has partly smeared away."""
    kind = rng.random()
    if kind < 0.22:
        return scene
    if kind < 0.72:
        return replace(scene, shot=log_uniform(rng, 1e-5, 6e-4), read=log_uniform(rng, 2e-4, 4e-3))
    dim = replace(scene, brightness=log_uniform(rng, 0.15, 0.9), shot=log_uniform(rng, 3e-4, 4e-3), read=log_uniform(rng, 1e-3, 1e-2))
    return replace(dim, denoise=log_uniform(rng, 6, 40)) if rng.random() < 0.6 else dim


def draw_compression(rng: np.random.Generator, scene: Scene) -> Scene:
    """Half of the sequences are compressed: most by H.264 at usual rates, the others coarsely, by old codecs, twice or enlarged."""
    kind = rng.random()
    usual = ("h264", int(rng.integers(18, 31)))
    if kind > 0.55:
        return scene
    preset = str(rng.choice(PRESETS))
    if kind > 0.28:
        return replace(scene, codecs=(usual,), preset=preset)
    coarse = {"h264": ("h264", int(rng.integers(29, 37))), "mpeg4": ("mpeg4", int(rng.integers(3, 18))),
              "mpeg2": ("mpeg2", int(rng.integers(3, 16))), "mjpeg": ("mjpeg", int(rng.integers(3, 16)))}
    first = coarse[str(rng.choice(list(coarse), p=[0.32, 0.38, 0.08, 0.22]))]
    again = (("mpeg4", int(rng.integers(2, 9))) if rng.random() < 0.25 else usual,) if rng.random() < 0.4 else ()
    enlarge = float(rng.uniform(1.05, 2.0)) if rng.random() < 0.35 else 1.0
    return replace(scene, codecs=(first, *again), preset=preset, enlarge=enlarge)


def render(rng: np.random.Generator, scene: Scene, photograph: Callable[[], np.ndarray]) -> Sequence:
    """The Sequence of ``scene``; ``photograph()`` draws a still, uint8 RGB [H, W, 3]."""
    if scene.enlarge > 1:
        return enlarged(rng, scene, photograph)
    response = Response(scene.gamma)
    pictures = [photograph() for _ in range(2 if scene.objects else 1)]
    margin = int(min(360, 40 + 4.5 * scene.speed))
    camera = CameraPath(rng, scene.size, tuple(s + margin for s in scene.size), scene.frames, scene.speed, drift=scene.drift, tremor=scene.tremor)
    light = lit(rng, scene, response, background(rng, scene, pictures[0], camera))
    camera.centre = np.array(light.shape[1::-1]) / 2
    objects = []
    for thing in scene.objects:
        skin = lit(rng, scene, response, surface(rng, thing.surface, thing.size, pictures[-1]))
        objects.append(MovingObject(rng, skin, shape_mask(rng, thing.shape, thing.size), scene.size, scene.frames, thing.speed,
                                    camera if thing.world else None))
    scene = replace(scene, exposure=bounded_exposure(scene, [camera, *objects]))
    still = {}

    def backdrop(t: float) -> np.ndarray:
        frame = round(t)
        if camera.displacement(frame - scene.exposure / 2, frame + scene.exposure / 2).max() < 0.02:
            t = frame
        if t not in still:
            still.clear()
            still[t] = cv2.warpPerspective(light, camera.homography(t), scene.size[::-1],
                                           flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
        return still[t].copy()

    def expose(t: float) -> np.ndarray:
        picture = backdrop(t)
        for thing in objects:
            picture = thing.paint(picture, t)
        return picture

    blurred, sharp = expose_frames(rng, scene, response, expose, [camera, *objects])
    if scene.denoise:
        blurred = np.stack([noise_filter(image, scene.denoise) for image in blurred])
    for codec, quality in scene.codecs:
        blurred = through(codec, blurred, quality, **({"preset": scene.preset} if codec == "h264" else {}))
    if scene.grey:
        blurred, sharp = grey(blurred), grey(sharp)
    return Sequence(blurred, sharp, exact_flows(camera, objects, scene))


def enlarged(rng: np.random.Generator, scene: Scene, photograph: Callable[[], np.ndarray]) -> Sequence:
    """The same shot in fewer pixels, compressed, enlarged, and compressed once more where the scene says so."""
    height, width = (2 * round(s / scene.enlarge / 2) for s in scene.size)
    factor = scene.size[0] / height
    things = tuple(replace(t, size=tuple(max(16, int(s / factor)) for s in t.size), speed=t.speed / factor) for t in scene.objects)
    small = render(rng, replace(scene, size=(height, width), enlarge=1.0, speed=scene.speed / factor, objects=things, codecs=scene.codecs[:1]),
                   photograph)
    method = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(2))]
    large = lambda frames: np.stack([cv2.resize(image, scene.size[::-1], interpolation=method) for image in frames])
    blurred, sharp = large(small.blurred), large(small.sharp)
    for codec, quality in scene.codecs[1:]:
        blurred = through(codec, blurred, quality, **({"preset": scene.preset} if codec == "h264" else {}))
    scale = np.array([scene.size[1] / width, scene.size[0] / height], np.float32)
    # Nearest: a mixture of two objects' motions would be neither's.
    flow = np.array([[cv2.resize(one.astype(np.float32), scene.size[::-1], interpolation=cv2.INTER_NEAREST) * scale for one in both]
                     for both in small.flow], np.float16)
    return Sequence(grey(blurred) if scene.grey else blurred, sharp, flow)


def background(rng: np.random.Generator, scene: Scene, photograph: np.ndarray, camera: CameraPath) -> np.ndarray:
    """uint8 RGB canvas, large enough for the camera's way where the still allows."""
    reach = [camera.homography(t) for t in np.linspace(-0.5, scene.frames - 0.5, 13)]
    corners = np.array([[x, y, 1] for x in (0, scene.size[1]) for y in (0, scene.size[0])], float)
    seen = np.concatenate([(corners @ h.T)[:, :2] / (corners @ h.T)[:, 2:] for h in reach])
    width, height = (2 * np.abs(seen - camera.centre).max(0) + 8).astype(int)
    size = (int(np.clip(height, 64, 900)), int(np.clip(width, 64, 900)))
    if scene.canvas == "photograph":
        return random_canvas(rng, photograph, size)
    canvas = random_canvas(rng, photograph, size) if scene.canvas == "mixed" else textures.draw(rng, size, scene.canvas)
    kinds = {"mixed": ("regular", "wall"), "wall": ("photograph", "photograph", "regular"), "regular": ("photograph", "wall")}[scene.canvas]
    for _ in range(int(rng.integers(1, 5))):  # what stands in the scene: bare in a rich one, rich in a bare one
        box = tuple(min(side, int(rng.uniform(60, 330))) for side in canvas.shape[:2])
        y, x = (int(rng.integers(side - part + 1)) for side, part in zip(canvas.shape, box))
        area = (slice(y, y + box[0]), slice(x, x + box[1]))
        canvas[area] = textures.blend(canvas[area], surface(rng, str(rng.choice(kinds)), box, photograph), shape_mask(rng, "patch", box))
    return canvas


def surface(rng: np.random.Generator, kind: str, size: tuple[int, int], photograph: np.ndarray) -> np.ndarray:
    """uint8 RGB of ``size``: a part of the photograph, "regular" or "wall"."""
    if kind != "photograph":
        return textures.draw(rng, size, kind)
    return cv2.resize(random_canvas(rng, photograph, size), size[::-1], interpolation=cv2.INTER_AREA)


def lit(rng: np.random.Generator, scene: Scene, response: Response, picture: np.ndarray) -> np.ndarray:
    """uint8 RGB to the light that it sends, as bright as the scene is."""
    light = response.linear(grey(picture) if scene.grey else picture)
    if scene.highlights:
        light = boost_highlights(light, rng)
    return light * np.float32(scene.brightness)


def bounded_exposure(scene: Scene, paths: Collection[CameraPath | MovingObject]) -> float:
    """The scene's exposure, shortened so that nothing leaves a longer trail than the longest."""
    exposure = scene.exposure
    for _ in range(3):  # a shaken path turns: its trail is not quite linear in time
        trail = max(path.displacement(k - exposure / 2, k + exposure / 2).max() for k in range(scene.frames) for path in paths)
        exposure *= min(1.0, LONGEST_TRAIL / max(trail, 1e-6))
    return exposure


def noise_filter(image: np.ndarray, strength: float) -> np.ndarray:
    """What cameras do in the dark: edges kept, grain under ``strength`` grey levels flattened, colour smeared."""
    luma, *chroma = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    luma = cv2.bilateralFilter(luma, 5, strength, 2.0)
    chroma = [cv2.GaussianBlur(c, (0, 0), 0.6 + strength / 20) for c in chroma]
    return cv2.cvtColor(cv2.merge([luma, *chroma]), cv2.COLOR_YCrCb2RGB)


def grey(images: np.ndarray) -> np.ndarray:
    """uint8 [..., 3] with R = G = B."""
    luma = np.rint(images @ np.float32([0.299, 0.587, 0.114])).astype(np.uint8)
    return np.repeat(luma[..., None], 3, axis=-1)
