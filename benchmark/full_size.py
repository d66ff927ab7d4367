"""Compares pictures that `publish --size original` enlarged with the same pictures, only resized.

    benchmark/python.sh benchmark/full_size.py PHOTOS PUBLISHED ENLARGED SHEET.jpg [LARGE]

LARGE has pictures that were made at a larger image_size, such as 1024, of which each is compared in the photo's size. The folders have files of the same names, whatever their extensions: the photos, the pictures as they are, and the enlarged ones. Prints
the sharpness of each: the mean absolute Laplacian of the luma. Draws a part of each: photo, resized, enlarged, and made large.
"""

import sys
from pathlib import Path

import numpy
from PIL import Image

PART = (500, 335)
GAP = 18


def named(folder: Path, stem: str) -> Image.Image:
    return Image.open(next(file for file in sorted(folder.iterdir()) if file.stem == stem)).convert("RGB")


def sharpness(image: Image.Image) -> float:
    luma = numpy.asarray(image.convert("L"), dtype=float) / 255
    inner = luma[1:-1, 1:-1]
    return float(numpy.abs(4 * inner - luma[:-2, 1:-1] - luma[2:, 1:-1] - luma[1:-1, :-2] - luma[1:-1, 2:]).mean())


def middle(image: Image.Image) -> Image.Image:
    left, top = (image.width - PART[0]) // 2, (image.height - PART[1]) // 2
    return image.crop((left, top, left + PART[0], top + PART[1]))


def in_size(folder: Path, stem: str, size: tuple[int, int]) -> Image.Image:
    image = named(folder, stem)
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def main() -> None:
    photos, published, enlarged = (Path(argument) for argument in sys.argv[1:4])
    large = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    titles = ["photo", "sharpness of the photo", "of the picture, resized", "of the picture with detail"]
    titles += ["of the picture made at a larger size"] if large else []
    names = sorted(file.stem for file in enlarged.iterdir() if file.suffix in (".png", ".jpg"))
    columns = len(titles) - 1
    sheet = Image.new("RGB", (columns * (PART[0] + GAP) - GAP, len(names) * (PART[1] + GAP) - GAP), "white")
    print("| " + " | ".join(titles) + " |\n" + "|---" * len(titles) + "|")
    for row, name in enumerate(names):
        photo = named(photos, name)
        images = [photo] + [in_size(folder, name, photo.size) for folder in (published, enlarged, large) if folder]
        print(f"| {name} | " + " | ".join(f"{sharpness(image):.4f}" for image in images) + " |")
        for column, image in enumerate(images):
            sheet.paste(middle(image), (column * (PART[0] + GAP), row * (PART[1] + GAP)))
    sheet.save(sys.argv[4], quality=88, optimize=True)


if __name__ == "__main__":
    main()
