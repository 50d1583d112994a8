"""A clip through a codec and back, as users' files come."""

from fractions import Fraction
import io

import numpy as np

PRESETS = ("ultrafast", "veryfast", "medium")
# Encoder, its pixel format, and the options for a quality: constant rate factor, or quantiser scale of the older ones.
CODECS = {
    "h264": ("libx264", "yuv420p", lambda quality: {"crf": str(quality)}),
    "mpeg4": ("mpeg4", "yuv420p", lambda quality: {"qmin": str(quality), "qmax": str(quality)}),
    "mpeg2": ("mpeg2video", "yuv420p", lambda quality: {"qmin": str(quality), "qmax": str(quality)}),
    "mjpeg": ("mjpeg", "yuvj420p", lambda quality: {"qmin": str(quality), "qmax": str(quality)}),
}


def through(codec: str, frames: np.ndarray, quality: int, **options: str) -> np.ndarray:
    """uint8 [N, H, W, 3], even sides, encoded with chroma at half size at constant ``quality`` and decoded again."""
    import av  # machines that only train on rendered sequences do without

    encoder, pixels, scale = CODECS[codec]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="matroska") as output:
        stream = output.add_stream(encoder, rate=Fraction(30), options={**scale(quality), **options})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = pixels
        stream.codec_context.thread_count = 1
        for image in frames:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer) as source:
        source.streams.video[0].codec_context.thread_count = 1
        decoded = [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]
    if len(decoded) != len(frames):
        raise RuntimeError(f"{codec} returned {len(decoded)} of {len(frames)} frames")
    return np.stack(decoded)


def h264(frames: np.ndarray, crf: int, preset: str = "veryfast") -> np.ndarray:
    """The clip through H.264 at constant rate factor ``crf``."""
    return through("h264", frames, crf, preset=preset)
