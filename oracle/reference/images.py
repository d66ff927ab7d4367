"""The generated images of the fixtures, and the processing of images before and after the optimisation.

Stored images are float32, whatever the arithmetic: reading, resampling, recolouring and mixing round their results.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image

from .hashing import uniform
from .sizes import Size, size_of

SEED = 20160627
GRAINS = (1, 2, 4, 5)


def content(width: int, height: int) -> np.ndarray:
    """Draws a sky over hills with a disc and a house, with gradients, edges and corners; (H, W, 3) in [0, 1]."""
    x = (np.arange(width) + 0.5) / width
    y = ((np.arange(height) + 0.5) / height)[:, None]
    hills = y > 0.62 + 0.10 * np.sin(7 * x) + 0.05 * np.cos(17 * x)
    disc = (x - 0.72) ** 2 + (y - 0.27) ** 2 < 0.025
    house = (abs(x - 0.3) < 0.13) & (y > 0.40) & (y < 0.78)
    red = np.where(hills, 0.25 + 0.3 * x, 0.35 + 0.45 * y)
    green = np.where(hills, 0.45 + 0.25 * np.sin(23 * x * y), 0.55 + 0.3 * y)
    blue = np.where(hills, 0.15 + 0.1 * y, 0.95 - 0.4 * y * x)
    shades = np.stack([red, green, blue], axis=-1)
    shades[disc] = (0.98, 0.86, 0.35)
    shades[house] = (0.62, 0.24, 0.18)
    return shades


def swirl(width: int, height: int) -> np.ndarray:
    """Draws curved bands around two centres, in blue and yellow."""
    x = (np.arange(width) + 0.5) / width
    y = ((np.arange(height) + 0.5) / height)[:, None]
    near, far = np.hypot(x - 0.35, y - 0.4), np.hypot(x - 0.8, y - 0.75)
    band = np.sin(38 * near + 5 * np.arctan2(y - 0.4, x - 0.35)) * np.cos(21 * far)
    return np.stack([0.45 + 0.4 * band, 0.45 + 0.3 * band + 0.15 * x, 0.6 - 0.35 * band * y], -1)


def mosaic(width: int, height: int) -> np.ndarray:
    """Draws small tiles in warm colours with dark joints."""
    column, row = np.arange(width) // 5, (np.arange(height) // 4)[:, None]
    tile = (column * 7 + row * 11) % 13 / 12.0
    joint = (np.arange(width) % 5 == 0) | ((np.arange(height) % 4 == 0)[:, None])
    shades = np.stack([0.5 + 0.45 * tile, 0.2 + 0.5 * tile**2, 0.15 + 0.25 * (1 - tile)], -1)
    shades[joint] = (0.12, 0.08, 0.1)
    return shades


def grained(shades: np.ndarray, stream: int) -> np.ndarray:
    """Adds a little noise, so that no Gram matrix is singular and no gradient is zero."""
    grain = uniform(SEED, stream, shades.size).reshape(shades.shape) - 0.5
    return shades + 0.06 * grain


def start(width: int, height: int) -> np.ndarray:
    """Mixes the content with noise, so that no term is zero."""
    noise = uniform(SEED, 100, width * height * 3).reshape(height, width, 3)
    return 0.55 * content(width, height) + 0.45 * noise


def walls(width: int, height: int) -> np.ndarray:
    """Increases the contrast of the start beyond black and white in many places."""
    return 0.5 + 2.2 * (start(width, height) - 0.5)


def ramp(width: int, height: int, flipped: bool) -> np.ndarray:
    """Draws a mask that increases from 0 to 1 across the middle of the image, at an angle; (H, W)."""
    x = (np.arange(width) + 0.5) / width
    y = ((np.arange(height) + 0.5) / height)[:, None]
    rise = np.clip((x + 0.4 * y - 0.7) * 5 + 0.5, 0, 1)
    return 1 - rise if flipped else rise


def half(width: int, height: int) -> np.ndarray:
    """Draws a mask that is 1 below a hard oblique edge and 0 above it; (H, W)."""
    x = (np.arange(width) + 0.5) / width
    y = ((np.arange(height) + 0.5) / height)[:, None]
    return (y + 0.5 * x > 0.8).astype(np.float64)


def spot(width: int, height: int) -> np.ndarray:
    """Draws a mask that is 1 in an ellipse around the centre and decreases to 0; (H, W)."""
    x = (np.arange(width) + 0.5) / width
    y = ((np.arange(height) + 0.5) / height)[:, None]
    return np.clip((0.42 - np.hypot(x - 0.45, y - 0.55)) * 8, 0, 1)


FIXTURES = {
    **{
        f"content-40x32-{grain}.png": lambda grain=grain: grained(content(40, 32), 10 + grain)
        for grain in GRAINS
    },
    "content-64x48.png": lambda: grained(content(64, 48), 2),
    "start-40x32.png": lambda: start(40, 32),
    "walls-40x32.png": lambda: walls(40, 32),
    "swirl-32x40.png": lambda: grained(swirl(32, 40), 3),
    "swirl-40x32.png": lambda: grained(swirl(40, 32), 4),
    "swirl-48x64.png": lambda: grained(swirl(48, 64), 5),
    "mosaic-40x32.png": lambda: grained(mosaic(40, 32), 6),
    "mask-left-40x32.png": lambda: ramp(40, 32, True),
    "mask-right-40x32.png": lambda: ramp(40, 32, False),
    "mask-spot-32x40.png": lambda: spot(32, 40),
    "mask-hard-52x44.png": lambda: half(52, 44),
}


def chequered(shades: np.ndarray) -> np.ndarray:
    """Rounds to 8-bit levels that are even where x + y is even and odd elsewhere, so that no two neighbours are equal.

    At equal neighbours, tv_term=absolute and d2l are not differentiable, and rounding errors determine the sign.
    """
    height, width = shades.shape[:2]
    parity = (np.arange(width) + np.arange(height)[:, None]) % 2
    halves = np.rint(np.clip(shades, 0, 1) * 127)
    return (2 * halves + parity[..., None]).astype(np.uint8)


def write_fixtures(folder: Path) -> None:
    for name, make in FIXTURES.items():
        shades = make()
        if shades.ndim == 2:
            levels = np.rint(np.clip(shades, 0, 1) * 255).astype(np.uint8)
        else:
            levels = chequered(shades)
        Image.fromarray(levels).save(folder / name, optimize=True)


def at_rest(image: torch.Tensor) -> torch.Tensor:
    """Rounds to float32 without changing the type."""
    return image.to(torch.float32).to(image.dtype)


def read(path: Path, dtype: torch.dtype) -> torch.Tensor:
    """Reads RGB, (3, H, W) in [0, 1]."""
    levels = np.asarray(Image.open(path).convert("RGB"))
    return (torch.from_numpy(levels.copy()).permute(2, 0, 1).to(torch.float32) / 255).to(dtype)


def read_mask(path: Path, dtype: torch.dtype) -> torch.Tensor:
    """Reads a greyscale image, (H, W) in [0, 1]."""
    levels = np.asarray(Image.open(path).convert("L"))
    return (torch.from_numpy(levels.copy()).to(torch.float32) / 255).to(dtype)


def resized(image: torch.Tensor, size: Size) -> torch.Tensor:
    """Resizes planes (..., H, W) with Pillow's Lanczos filter in float32, clamped to [0, 1]."""
    if size_of(image) == size:
        return image
    planes = [
        np.asarray(
            Image.fromarray(plane.to(torch.float32).numpy()).resize(
                (size.width, size.height), Image.Resampling.LANCZOS
            )
        )
        for plane in image.reshape(-1, *image.shape[-2:])
    ]
    together = torch.from_numpy(np.stack(planes)).clamp(0, 1).to(image.dtype)
    return together.reshape(*image.shape[:-2], size.height, size.width)


def cropped(image: torch.Tensor, size: Size) -> torch.Tensor:
    """Scales the image to cover the size, and crops the centre."""
    own = size_of(image)
    cover = own.times(max(size.width / own.width, size.height / own.height))
    large = resized(image, Size(max(cover.width, size.width), max(cover.height, size.height)))
    left = (size_of(large).width - size.width) // 2
    top = (size_of(large).height - size.height) // 2
    return large[..., top : top + size.height, left : left + size.width]


def padded(image: torch.Tensor, size: Size) -> torch.Tensor:
    """Crops the centre as torchvision's CenterCrop, with a black border if the image is too small."""
    width, height = size_of(image).width, size_of(image).height
    wide, tall = max(0, size.width - width), max(0, size.height - height)
    large = functional.pad(image, [wide // 2, (wide + 1) // 2, tall // 2, (tall + 1) // 2])
    left = int(round((size_of(large).width - size.width) / 2.0))
    top = int(round((size_of(large).height - size.height) / 2.0))
    return large[..., top : top + size.height, left : left + size.width]


def noise(size: Size, seed: int, dtype: torch.dtype) -> torch.Tensor:
    """Returns (3, H, W) successive values of java.util.Random(seed).nextFloat(), whose Javadoc defines the generator."""
    mask, multiplier = (1 << 48) - 1, 0x5DEECE66D
    state, values = (seed ^ multiplier) & mask, []
    for _ in range(3 * size.height * size.width):
        state = (state * multiplier + 0xB) & mask
        values.append((state >> 24) * 2.0**-24)
    return torch.tensor(values, dtype=torch.float64).to(dtype).reshape(3, size.height, size.width)


def feathered(mask: torch.Tensor, pixels: float) -> torch.Tensor:
    """Blurs (H, W) with a Gaussian of deviation pixels / 4, truncated at three deviations; border values are repeated."""
    if pixels == 0:
        return mask
    radius = math.ceil(0.75 * pixels)
    taps = torch.arange(-radius, radius + 1, dtype=torch.float64) / (pixels / 4)
    kernel = torch.exp(-0.5 * taps**2)
    kernel = kernel / kernel.sum()
    for _ in range(2):  # first horizontally, then vertically, by transposing twice
        padded = functional.pad(
            mask.to(torch.float64)[None], [radius, radius], mode="replicate"
        )[0]
        windows = padded.unfold(1, 2 * radius + 1, 1)
        mask = at_rest((windows @ kernel).to(mask.dtype)).T
    return mask.clamp(max=1)


def eight_bit(image: torch.Tensor) -> torch.Tensor:
    """Rounds to the nearest level from 0 to 255, halves up."""
    return torch.floor(image.to(torch.float32).clamp(0, 1) * 255 + 0.5).to(torch.uint8)


def power(symmetric: torch.Tensor, exponent: float) -> torch.Tensor:
    values, vectors = torch.linalg.eigh(symmetric)
    return vectors @ torch.diag(values**exponent) @ vectors.T


def recolored(image: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Maps the colours to those of another image by the linear Monge-Kantorovich map (Pitie & Kokaram 2007).

    Computed in float64 and clamped to [0, 1].

    T = C^-1/2 (C^1/2 S C^1/2)^1/2 C^-1/2 maps the colour covariance C of the image to that of the other, S.
    """

    def moments(of: torch.Tensor):
        pixels = of.to(torch.float64).reshape(3, -1)
        mean = pixels.mean(1, keepdim=True)
        return pixels, mean, (pixels - mean) @ (pixels - mean).T / pixels.shape[1]

    pixels, mean, covariance = moments(image)
    _, other_mean, other_covariance = moments(like)
    root, inverse_root = power(covariance, 0.5), power(covariance, -0.5)
    transport = inverse_root @ power(root @ other_covariance @ root, 0.5) @ inverse_root
    values = (transport @ (pixels - mean) + other_mean).clamp(0, 1).reshape(image.shape)
    return values.to(torch.float32).to(image.dtype)
