"""Warping (warp.c) and the restoration network's input (restoration_input.c) where neither needs a gradient."""

from collections.abc import Sequence
import ctypes

import torch

from . import library


def usable(*tensors: torch.Tensor) -> bool:
    """Whether the kernels compute what is made of these [N, C, H, W]: float32 on the CPU, without gradients."""
    return (library.loaded is not None and not torch.is_autocast_enabled("cpu")
            and not (torch.is_grad_enabled() and any(t.requires_grad for t in tensors))
            and all(t.device.type == "cpu" and t.dtype == torch.float32 and min(t.shape[2:]) > 1 for t in tensors))


def warp(image: torch.Tensor, flow: torch.Tensor) -> torch.Tensor:
    """As ``training.networks.warp``."""
    image, flow = image.contiguous(), flow.contiguous()
    out = torch.empty_like(image)
    library.loaded.warp_images(image.data_ptr(), flow.data_ptr(), out.data_ptr(), *image.shape, torch.get_num_threads())
    return out


def restoration_input(frames: torch.Tensor, flows: Sequence[torch.Tensor], factor: int, samples: int, bend: int, flow_input: bool,
                      path_scale: float, flow_scale: float) -> torch.Tensor:
    """Space to depth of frames − ½, of ``samples`` each way along the motion path and ``bend`` along its bend times ``path_scale``, and the flows' averages times
    ``flow_scale``: [N, depth, H / factor, W / factor], channels last."""
    n, channels, height, width = frames.shape
    frames, flows = frames.contiguous(), [flow.contiguous() for flow in flows]
    depth = (channels + 2 * samples + 2 * bend) * factor**2 + (4 if flow_input else 0)
    out = torch.empty((n, depth, height // factor, width // factor), memory_format=torch.channels_last)
    shape = library.InputShape(n, channels, height, width, factor, samples, bend, flow_input, -0.5, path_scale, flow_scale)
    library.loaded.restoration_input(ctypes.byref(shape), frames.data_ptr(), *([flow.data_ptr() for flow in flows] or [0, 0]), out.data_ptr(),
                                     torch.get_num_threads())
    return out
