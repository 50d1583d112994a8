"""The networks of "Video deblurring algorithm based on pyramid pooling and attention mechanism" (Zou, Liu).

``docs/networks.md`` fixes what the paper leaves open; the Swift side implements the same text.
"""

from .config import ModelConfig
from .deblur import DeblurNetwork

__all__ = ["DeblurNetwork", "ModelConfig"]
