"""Makes the images in this folder, which Java cannot write. Run: python3 fixtures.py (Pillow 10 or later)

Each has four quarters in plain colours:
top left red (200, 40, 30), top right green (40, 160, 60), bottom left blue (30, 60, 180), bottom right white.
"""
from pathlib import Path

from PIL import Image

here = Path(__file__).parent
picture = Image.new("RGB", (64, 48), (255, 255, 255))
picture.paste((200, 40, 30), (0, 0, 32, 24))
picture.paste((40, 160, 60), (32, 0, 64, 24))
picture.paste((30, 60, 180), (0, 24, 32, 48))

# Pillow writes Adobe's segment and inverts the inks, as Photoshop does.
picture.convert("CMYK").save(here / "cmyk-adobe.jpg", quality=95)
picture.save(here / "progressive.jpg", quality=95, progressive=True)
picture.save(here / "lossy.webp", quality=95)

exif = Image.Exif()
exif[0x0112] = 6
picture.save(here / "turned.webp", lossless=True, exif=exif)

clear = picture.convert("RGBA")
clear.putalpha(Image.new("L", picture.size, 255))
clear.paste((0, 0, 0, 0), (32, 24, 64, 48))
clear.save(here / "alpha.webp", lossless=True)

inverted = picture.point(lambda level: 255 - level)
picture.save(here / "animated.webp", save_all=True, append_images=[inverted], duration=100, lossless=True)
picture.save(here / "animated.gif", save_all=True, append_images=[inverted], duration=100)
picture.save(here / "pages.tiff", save_all=True, append_images=[inverted], compression="tiff_lzw")
picture.convert("CMYK").save(here / "cmyk.tiff")
picture.save(here / "turned.tiff", tiffinfo={0x0112: 8})
picture.save(here / "animated.png", save_all=True, append_images=[inverted], duration=100)
