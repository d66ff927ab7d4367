"""Draws the contact sheet of a run: benchmark/python.sh benchmark/contact_sheet.py OUTPUT README.md SHEET.jpg

OUTPUT is the folder of a finished run. Each result contains its record, so no table is read. README.md is that of the catalogue. For each table row `| `id` | caption |` whose id has a result, the sheet shows the
result, the photo, the paintings and the caption, in that order. The sheet is sRGB with a profile, and is saved as JPEG with the highest quality that fits into 1 MB.
"""

import argparse
import base64
import io
import json
import re
import sys
import zlib
from pathlib import Path
from urllib.parse import unquote

from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps

COLUMNS, WIDTH, GAP, THUMB = 3, 512, 28, 96
LIMIT = 1_000_000
INK, PAPER = "#1a1a1a", "#ffffff"


def record(path: Path) -> dict:
    """Reads the record from the text chunk of a PNG, or from the extended XMP of a JPEG (deflated, in Base64)."""
    with Image.open(path) as image:
        if "nst" in image.info:
            return json.loads(image.info["nst"])
        begin, header = b"http://ns.adobe.com/xmp/extension/\0", 75
        packet = b"".join(data[header:] for _, data in image.applist if data.startswith(begin))
    text = re.search(rb"<nst:record>([^<]+)<", packet)[1]
    return json.loads(zlib.decompress(base64.b64decode(text)))


def results(output: Path) -> dict[str, tuple[Path, dict]]:
    """Returns the newest result of each id."""
    found: dict[str, tuple[Path, dict]] = {}
    for path in sorted(output.glob("images/v1/*/*.*"), key=lambda path: path.stat().st_mtime):
        if path.suffix in (".png", ".jpg"):
            request = record(path)["request"]
            found[request["id"]] = (path, request)
    return found


def captions(readme: Path) -> list[tuple[str, str]]:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", readme.read_text(), re.MULTILINE)
    return [(name, caption.strip()) for name, caption in rows]


def picture(uri: str | Path) -> Image.Image:
    path = Path(unquote(str(uri).removeprefix("file:"))) if not isinstance(uri, Path) else uri
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def thumb(uri: str) -> Image.Image:
    image = picture(uri)
    return image.resize((round(image.width * THUMB / image.height), THUMB), Image.Resampling.LANCZOS)


def wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def cell(path: Path, request: dict, caption: str, height: int, fonts: tuple[ImageFont.FreeTypeFont, ImageFont.FreeTypeFont]) -> Image.Image:
    """Draws the result on a background of WIDTH by height, with its inputs and the caption below."""
    plain, small = fonts
    canvas = Image.new("RGB", (WIDTH, height + THUMB + 100), PAPER)
    pen = ImageDraw.Draw(canvas)
    result = picture(path)
    shown = result if result.width == WIDTH else result.resize((WIDTH, round(result.height * WIDTH / result.width)), Image.Resampling.LANCZOS)
    if shown.height > height:
        shown = result.resize((round(result.width * height / result.height), height), Image.Resampling.LANCZOS)
    canvas.paste(shown, ((WIDTH - shown.width) // 2, height - shown.height))
    left = 0
    for uri in (request["content"], *(style["uri"] for style in request["styles"])):
        image = thumb(uri)
        canvas.paste(image, (left, height + 8))
        left += image.width + 8
    pen.text((left + 4, height + 8), f"{result.width} x {result.height} px", INK, small)
    pen.multiline_text((0, height + THUMB + 16), wrapped(pen, caption, plain, WIDTH), INK, plain, spacing=5)
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("readme", type=Path)
    parser.add_argument("sheet", type=Path)
    options = parser.parse_args()
    made = results(options.output)
    named = [(*made[name], caption) for name, caption in captions(options.readme) if name in made]
    if not named:
        sys.exit(f"{options.output} has no result of a row that {options.readme} captions.")
    fonts = (ImageFont.load_default(19), ImageFont.load_default(15))
    rows = [named[start : start + COLUMNS] for start in range(0, len(named), COLUMNS)]
    strips = []
    for row in rows:
        heights = []
        for path, _, _ in row:
            with Image.open(path) as image:
                heights.append(round(image.height * WIDTH / image.width))
        height = min(max(heights), WIDTH)
        strip = Image.new("RGB", (COLUMNS * (WIDTH + GAP) - GAP, height + THUMB + 100), PAPER)
        for column, (path, request, caption) in enumerate(row):
            strip.paste(cell(path, request, caption, height, fonts), (column * (WIDTH + GAP), 0))
        strips.append(strip)
    sheet = Image.new("RGB", (strips[0].width + 2 * GAP, sum(strip.height for strip in strips) + 2 * GAP), PAPER)
    top = GAP
    for strip in strips:
        sheet.paste(strip, (GAP, top))
        top += strip.height
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for quality in range(92, 49, -3):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=True, icc_profile=profile)
        if buffer.tell() <= LIMIT:
            break
    options.sheet.write_bytes(buffer.getvalue())
    print(f"{options.sheet}: {len(named)} results, {sheet.width} x {sheet.height} px, {buffer.tell()} bytes, quality {quality}")


if __name__ == "__main__":
    main()
