"""Pictures of both sides in one: python -m comparison.montage WORK CASE TARGET.jpg PROGRAM [PROGRAM ...]

WORK is compare.sh's folder, CASE is 256px-50, a PROGRAM is neural-style-pt-2x1 or ours-bf16/run0. One row a photo: the photo, then what each made.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, CAPTION = 200, 150, 14


def main() -> None:
    work, case, target, *programs = sys.argv[1:]
    photos = sorted(path for path in (Path(work) / case.split("-")[0]).glob("*.png") if not path.name.startswith("style_"))
    rows = [row for row in ([photo, *(Path(work) / case / program / photo.name for program in programs)] for photo in photos) if all(path.exists() for path in row)]
    sheet = Image.new("RGB", (WIDTH * (1 + len(programs)), CAPTION + HEIGHT * len(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, name in enumerate(("photo", *programs)):
        pen.text((4 + WIDTH * column, 1), name, fill="black")
    for row, paths in enumerate(rows):
        for column, path in enumerate(paths):
            picture = Image.open(path).convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(picture, (WIDTH * column, CAPTION + HEIGHT * row))
    sheet.save(target, quality=88)


if __name__ == "__main__":
    main()
