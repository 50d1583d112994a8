"""Local correlation of two feature maps (PWC-Net section 3, cost volume)."""

import torch
import torch.nn.functional as F


def cost_volume(first: torch.Tensor, second: torch.Tensor, radius: int) -> torch.Tensor:
    """[N, (2r+1)², H, W]: channel (dy+r)(2r+1)+(dx+r) = mean over c of first(y,x,c)·second(y+dy,x+dx,c), zero outside.

    Every row of ``first`` is multiplied with a whole row of ``second`` and the band around the diagonal
    is kept: seven times the products, but in GEMMs, and no copy of the features for each displacement.
    """
    # float32: sums over few channels, and half precision makes these batched products slower on a CPU.
    with torch.autocast(first.device.type, enabled=False):
        return _cost_volume(first.float(), second.float(), radius)


def _cost_volume(first: torch.Tensor, second: torch.Tensor, radius: int) -> torch.Tensor:
    n, c, h, w = first.shape
    side = 2 * radius + 1
    rows = first.permute(0, 2, 3, 1).reshape(n * h, w, c)
    padded = F.pad(second, (radius,) * 4).permute(0, 2, 3, 1)  # [N, H+2r, W+2r, C]
    bands = []
    for dy in range(side):
        other = padded[:, dy : dy + h].reshape(n * h, w + 2 * radius, c)
        products = torch.bmm(rows, other.transpose(1, 2)).contiguous()  # [N·H, W, W+2r]
        stride = w + 2 * radius
        bands.append(products.as_strided((n, h, w, side), (h * w * stride, w * stride, stride + 1, 1)))
    return torch.cat(bands, dim=-1).permute(0, 3, 1, 2) / c
