"""A clip through H.264 and back, as users' files come."""

from fractions import Fraction
import io

import av
import numpy as np

PRESETS = ("ultrafast", "veryfast", "medium")


def h264(frames, crf, preset="veryfast"):
    """uint8 [N, H, W, 3] encoded as yuv420p at constant rate factor ``crf`` and decoded again."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="matroska") as output:
        stream = output.add_stream("libx264", rate=Fraction(30), options={"crf": str(crf), "preset": preset})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for image in frames:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer) as source:
        source.streams.video[0].codec_context.thread_count = 1
        decoded = [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]
    if len(decoded) != len(frames):
        raise RuntimeError(f"H.264 returned {len(decoded)} of {len(frames)} frames")
    return np.stack(decoded)
