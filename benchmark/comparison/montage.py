"""Shows the images of several programs side by side: python -m comparison.montage WORK SIDE TARGET.jpg PAIR,PAIR,... PROGRAM [PROGRAM ...]

WORK is compare.sh's folder. One row for each pair, PHOTO--PAINTING, with the photo, the painting and the image of each program: neural-style-pt-50, ours-24,
balanced.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, CAPTION = 256, 171, 15


def picture(folder: Path, pair: str, program: str) -> Image.Image:
    photo, painting = pair.split("--")
    if program in ("photo", "painting"):
        file = folder / f"{program}s" / f"{dict(photo=photo, painting=painting)[program]}.png"
    elif program.startswith("neural-style-pt-"):
        evaluations = program.rsplit("-", 1)[1]
        on_the_way = sorted(folder.glob(f"neural-style-pt-*/{pair}_{evaluations}.png"))
        file = on_the_way[0] if on_the_way else folder / program / f"{pair}.png"
    else:
        file = folder / program / f"{pair}.png"
    return Image.open(file).convert("RGB")


def fitted(image: Image.Image) -> Image.Image:
    """Centres the whole image in a white cell."""
    image.thumbnail((WIDTH - 4, HEIGHT - 4), Image.Resampling.LANCZOS)
    cell = Image.new("RGB", (WIDTH, HEIGHT), "white")
    cell.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    return cell


def main() -> None:
    work, side, target, pairs, *programs = sys.argv[1:]
    columns, rows = ["photo", "painting", *programs], pairs.split(",")
    sheet = Image.new("RGB", (WIDTH * len(columns), CAPTION + HEIGHT * len(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, program in enumerate(columns):
        pen.text((4 + WIDTH * column, 2), program, fill="black")
        for row, pair in enumerate(rows):
            sheet.paste(fitted(picture(Path(work) / f"{side}px", pair, program)), (WIDTH * column, CAPTION + HEIGHT * row))
    sheet.save(target, quality=88)


if __name__ == "__main__":
    main()
