"""Draws the pictures of docs/algorithm.md: python -m looks.sheet --help."""

import argparse
import io
import tarfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CHOICE = "four-zeros-cw0.05"
WEIGHTS = (0.3, 0.1, 0.05, 0.03)
# Every held-out photo and painting at least once.
BALANCED = (
    ("grace_hopper", "rhone"),
    ("grace_hopper", "woman_with_hat"),
    ("douglass", "gris_picasso"),
    ("kitten", "woman_with_hat"),
    ("kitten", "mondrian_1913"),
    ("mountain_tarn", "ocean_waves"),
    ("mountain_tarn", "mondrian_1913"),
    ("casa_mila", "rhone"),
    ("night_bridge", "water_lilies"),
    ("grand_canyon", "gris_picasso"),
    ("desert_night", "water_lilies"),
    ("desert_night", "woman_with_hat"),
)
COMPARED = (("grace_hopper", "ocean_waves"), ("kitten", "gris_picasso"))
MOST_BYTES, GAP = 700_000, 6


class Pictures:
    def __init__(self, folder: Path, out: Path):
        self.folder = folder
        self.tars = [tarfile.open(path) for path in sorted(out.glob("pictures-*.tar"))]
        self.members = {member.name: (tar, member) for tar in self.tars for member in tar.getmembers()}

    def made(self, photo: str, painting: str, label: str) -> Image.Image:
        tar, member = self.members[f"held/512/{photo}--{painting}/{label}@30.jpg"]
        return Image.open(io.BytesIO(tar.extractfile(member).read())).convert("RGB")

    def photo(self, name: str) -> Image.Image:
        return Image.open(self.folder / "photos" / f"{name}.png").convert("RGB")

    def painting(self, name: str) -> Image.Image:
        return Image.open(self.folder / "paintings" / f"{name}.jpg").convert("RGB")


def fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = min(width / image.width, height / image.height)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    cell = Image.new("RGB", (width, height), "white")
    cell.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return cell


def grid(cells: list[Image.Image], columns: int) -> Image.Image:
    width, height = cells[0].size
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) - GAP, rows * (height + GAP) - GAP), "white")
    for index, cell in enumerate(cells):
        sheet.paste(cell, (index % columns * (width + GAP), index // columns * (height + GAP)))
    return sheet


def with_originals(pictures: Pictures, photo: str, painting: str, width: int, height: int) -> Image.Image:
    """Draws the image, with the photo and the painting below it at a small size."""
    small = height // 3
    cell = Image.new("RGB", (width, height + GAP + small), "white")
    cell.paste(fitted(pictures.made(photo, painting, CHOICE), width, height), (0, 0))
    half = (width - GAP) // 2
    cell.paste(fitted(pictures.photo(photo), half, small), (0, height + GAP))
    cell.paste(fitted(pictures.painting(painting), half, small), (half + GAP, height + GAP))
    return cell


def named(cell: Image.Image, text: str) -> Image.Image:
    larger = Image.new("RGB", (cell.width, cell.height + 24), "white")
    larger.paste(cell, (0, 24))
    ImageDraw.Draw(larger).text((4, 3), text, fill="black", font=ImageFont.load_default(16))
    return larger


def save(sheet: Image.Image, path: Path) -> None:
    """Saves the image with full colour resolution and the highest quality for the number of bytes."""
    for quality in range(92, 40, -2):
        stream = io.BytesIO()
        sheet.save(stream, "JPEG", quality=quality, subsampling=0, optimize=True)
        if len(stream.getvalue()) <= MOST_BYTES:
            break
    path.write_bytes(stream.getvalue())
    print(f"{path}: {sheet.width} x {sheet.height}, quality {quality}, {len(stream.getvalue())} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh sheet",
        description="Draws held-out pairs at 512 px with the chosen setting, and two of them over content weights. OUT must hold what"
        " `grid --plan third` wrote.",
    )
    parser.add_argument("folder", type=Path, help="the output of `prepare`")
    parser.add_argument("out", type=Path)
    parser.add_argument("balanced", type=Path, help="a JPEG file to write")
    parser.add_argument("weights", type=Path, help="a JPEG file to write")
    options = parser.parse_args()
    pictures = Pictures(options.folder, options.out)
    save(grid([with_originals(pictures, *pair, 400, 268) for pair in BALANCED], 4), options.balanced)
    rows = []
    for photo, painting in COMPARED:
        rows += [named(fitted(pictures.photo(photo), 360, 270), "photo")]
        rows += [
            named(fitted(pictures.made(photo, painting, f"four-zeros-cw{weight:g}"), 360, 270), f"content_weight={weight:g}")
            for weight in WEIGHTS
        ]
        rows += [named(fitted(pictures.painting(painting), 360, 270), "painting")]
    save(grid(rows, 3), options.weights)


if __name__ == "__main__":
    main()
