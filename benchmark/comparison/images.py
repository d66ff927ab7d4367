"""Reads and writes images as tensors, and prepares the images of the comparison."""

from pathlib import Path

import numpy
import torch
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png"}


def read(path) -> torch.Tensor:
    """(1, 3, H, W) RGB in [0, 1]."""
    pixels = numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous()


def write(pixels: torch.Tensor, path) -> None:
    rounded = (pixels.detach().clamp(0, 1) * 255).round().to(torch.uint8)[0].permute(1, 2, 0)
    Image.fromarray(rounded.numpy()).save(path)


def sized(image: Image.Image, side: int) -> Image.Image:
    """Resizes to this longest side, with both sides a multiple of 16, so that no program has to resize or drop a row."""
    scale = side / max(image.size)
    size = tuple(max(16, round(length * scale / 16) * 16) for length in image.size)
    return image.resize(size, Image.Resampling.LANCZOS)


def files(named: list[Path]) -> list[Path]:
    """All images in files and folders."""
    found = []
    for path in named:
        found += sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    return found


def prepared(sources: list[Path], side: int, folder: Path) -> list[Path]:
    """The images as PNG files of the working size."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"{source.stem}.png" for source in sources]
    for source, target in zip(sources, made):
        if not target.exists():
            sized(Image.open(source).convert("RGB"), side).save(target)
    return made
