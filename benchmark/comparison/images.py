"""Images as tensors, and the catalogue that is measured."""

from pathlib import Path

import numpy
import torch
from PIL import Image

MIDDLE = 0.6  # of each side: the second picture that every photo gives


def read(path) -> torch.Tensor:
    """(1, 3, H, W) RGB in [0, 1]."""
    pixels = numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous()


def write(pixels: torch.Tensor, path) -> None:
    rounded = (pixels.detach().clamp(0, 1) * 255).round().to(torch.uint8)[0].permute(1, 2, 0)
    Image.fromarray(rounded.numpy()).save(path)


def sized(image: Image.Image, side: int) -> Image.Image:
    """With its longest side so long, both sides a multiple of 16, that no program has to resize or drop an odd row."""
    scale = side / max(image.size)
    size = tuple(max(16, round(length * scale / 16) * 16) for length in image.size)
    return image.resize(size, Image.Resampling.LANCZOS)


def middle(image: Image.Image) -> Image.Image:
    width, height = image.size
    left, top = (1 - MIDDLE) / 2 * width, (1 - MIDDLE) / 2 * height
    return image.crop((round(left), round(top), round(width - left), round(height - top)))


def catalogue(photos: list[Path], style: Path, side: int, folder: Path) -> tuple[list[Path], Path]:
    """Every photo whole and its middle, and the style, as PNG of the working size."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for photo in photos:
        image = Image.open(photo).convert("RGB")
        for part, picture in (("", image), ("_middle", middle(image))):
            made.append(folder / f"{photo.stem}{part}.png")
            sized(picture, side).save(made[-1])
    painting = folder / f"style_{style.stem}.png"
    sized(Image.open(style).convert("RGB"), side).save(painting)
    return made, painting
