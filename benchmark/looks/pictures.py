"""Reads, resizes and recolours images on any device, as documented in Knob.java."""

import math
from functools import lru_cache

import numpy as np
import torch
from PIL import Image

Shape = tuple[int, int]  # height, width


def half_up(value: float) -> int:
    return max(1, math.floor(value + 0.5))


def times(shape: Shape, factor: float) -> Shape:
    return half_up(shape[0] * factor), half_up(shape[1] * factor)


def longest(shape: Shape, side: float) -> Shape:
    return times(shape, side / max(shape))


def shape_of(image: torch.Tensor) -> Shape:
    return tuple(image.shape[-2:])


def scales(full: Shape, steps: int, smallest: float, ratio: float, share: float) -> list[tuple[Shape, int]]:
    """Returns [(shape, steps)] from the smallest to the full size."""
    shapes, side = [], smallest
    while 0 < math.floor(side + 0.5) < max(full):
        shapes.append(times(full, half_up(side) / max(full)))
        side *= ratio
    coarse = min(steps - 1, math.floor(steps * share + 0.5))
    shapes = shapes[max(0, len(shapes) - coarse) :]
    result, left = [], coarse
    for index, shape in enumerate(shapes):
        own = left // (len(shapes) - index)
        result.append((shape, own))
        left -= own
    return [*result, (full, steps - coarse + left)]


def read(path) -> torch.Tensor:
    """Reads RGB, (3, H, W) float32 in [0, 1]."""
    levels = np.asarray(Image.open(path).convert("RGB"))
    return torch.from_numpy(levels.copy()).permute(2, 0, 1).to(torch.float32) / 255


@lru_cache(maxsize=None)
def lanczos(old: int, new: int) -> np.ndarray:
    """Returns the matrix (new, old) of Pillow's Lanczos filter, computed from the columns of an identity matrix."""
    if old == new:
        return np.eye(old, dtype=np.float32)
    identity = Image.fromarray(np.eye(old, dtype=np.float32))
    return np.asarray(identity.resize((old, new), Image.Resampling.LANCZOS)).copy()


def resized(images: torch.Tensor, shape: Shape) -> torch.Tensor:
    """Resizes (..., H, W) with the Lanczos filter, clamped to [0, 1]."""
    if shape_of(images) == shape:
        return images
    down, across = (
        torch.from_numpy(lanczos(old, new)).to(images.device, torch.float64)
        for old, new in zip(shape_of(images), shape)
    )
    return (down @ images.to(torch.float64) @ across.T).clamp(0, 1).to(torch.float32).to(images.dtype)


def power(symmetric: torch.Tensor, exponent: float) -> torch.Tensor:
    values, vectors = torch.linalg.eigh(symmetric)
    return vectors @ torch.diag(values.clamp_min(1e-12) ** exponent) @ vectors.T


def recolored(image: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Maps the colours to those of another image by the linear Monge-Kantorovich map."""

    def moments(of: torch.Tensor):
        pixels = of.to("cpu", torch.float64).reshape(3, -1)
        mean = pixels.mean(1, keepdim=True)
        return pixels, mean, (pixels - mean) @ (pixels - mean).T / pixels.shape[1]

    pixels, mean, covariance = moments(image)
    _, other_mean, other_covariance = moments(like)
    root, inverse_root = power(covariance, 0.5), power(covariance, -0.5)
    transport = inverse_root @ power(root @ other_covariance @ root, 0.5) @ inverse_root
    values = (transport @ (pixels - mean) + other_mean).clamp(0, 1).reshape(image.shape)
    return values.to(torch.float32).to(image.device, image.dtype)


def noise(shape: Shape, seed: int) -> torch.Tensor:
    return torch.rand((3, *shape), generator=torch.Generator().manual_seed(seed))


def eight_bit(images: torch.Tensor) -> torch.Tensor:
    return torch.floor(images.to(torch.float32).clamp(0, 1) * 255 + 0.5).to(torch.uint8)
