"""Makes the corpus: images by independent encoders, and the pixels that must be decoded from them.

    python3 corpus.py

Needs Pillow 13.0, numpy, tifffile 2026.3 and imagecodecs 2026.3 from PyPI, and from Debian 12 the packages imagemagick,
ffmpeg, webp, libvips-tools, libtiff-tools and libimage-exiftool-perl. It writes files/ (what is decoded), expected/ (PNG,
named by a digest of the pixels) and corpus.tsv (a line a file: the file, what is expected, the encoder). The expectation is the name of a PNG, or an error code. credited/ has photos with credits. Pixels are those of Pillow, for WebP those of libwebp's dwebp, or, if neither reads the file correctly, the pixels before encoding. Transparent pixels are blended with white.
"""
import hashlib
import io
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

HERE = Path(__file__).parent
FILES = HERE / "files"
EXPECTED = HERE / "expected"
CREDITED = HERE / "credited"
WORK = Path(tempfile.mkdtemp())
CONVERT = shutil.which("convert-im6.q16") or "convert"
lines = []


def tool(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def picture(width=48, height=40):
    """Draws smooth colours with two hard edges, so that chroma subsampling, colour shifts and swapped channels are visible."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack(
        [40 + 180 * x / width, 60 + 150 * y / height, 128 + 90 * np.sin(x / 9) * np.cos(y / 7)], axis=-1)
    rgb[height // 4:height // 2, width // 3:width // 2] = (200, 40, 30)
    rgb[5:12, width - 14:width - 4] = (250, 250, 245)
    return rgb.round().astype(np.uint8)


def over_white(rgb, alpha):
    """(height, width, 3) of 0..255 under a plane of shares."""
    share = alpha[..., None]
    return (rgb * share + 255 * (1 - share)).round().astype(np.uint8)


def pixels(image):
    """Returns the pixels of Pillow: upright, on white."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = np.asarray(image.convert("RGBA")).astype(float)
        return over_white(rgba[..., :3], rgba[..., 3] / 255)
    return np.asarray(image.convert("RGB"))


def case(name, content, encoder, expected=None):
    """Adds a file. Without an expectation, the pixels of Pillow are expected."""
    data = content if isinstance(content, bytes) else Path(content).read_bytes()
    (FILES / name).write_bytes(data)
    if expected is None:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            expected = pixels(image)
    if not isinstance(expected, str):
        shown = np.ascontiguousarray(expected)
        digest = hashlib.sha256(repr(shown.shape).encode() + shown.tobytes()).hexdigest()[:12]
        expected = digest + ".png"
        Image.fromarray(shown).save(EXPECTED / expected, optimize=True)
    lines.append(f"{name}\t{expected}\t{encoder}")


def saved(image, **how):
    data = io.BytesIO()
    image.save(data, **how)
    return data.getvalue()


def segments_of(jpeg):
    """(marker, payload) up to the first scan, and the rest from there."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        length = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        found.append((jpeg[at + 1], jpeg[at + 4:at + 2 + length]))
        at += 2 + length
    return found, jpeg[at:]


def jpeg_of(segments, rest):
    body = b"".join(bytes([0xFF, m]) + struct.pack(">H", len(p) + 2) + p for m, p in segments)
    return b"\xff\xd8" + body + rest


def adobe(transform):
    return 0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([transform])


def exif_segment(order, kind, value):
    big = order == ">"
    packed = {1: "Bxxx", 3: "Hxx", 4: "I"}[kind]
    tiff = (b"MM\0*" if big else b"II*\0") + struct.pack(order + "IHHHI", 8, 1, 0x0112, kind, 1)
    return 0xE1, b"Exif\0\0" + tiff + struct.pack(order + packed, value) + bytes(4)


def jpegs(rgb, image, png):
    for subsampling in (0, 1, 2):
        case(f"pillow-{('444', '422', '420')[subsampling]}.jpg",
             saved(image, format="JPEG", quality=80, subsampling=subsampling), "Pillow")
    case("pillow-progressive.jpg", saved(image, format="JPEG", quality=80, progressive=True), "Pillow")
    case("pillow-restarts.jpg", saved(image, format="JPEG", quality=80, restart_marker_blocks=2), "Pillow")
    case("pillow-gray.jpg", saved(image.convert("L"), format="JPEG", quality=80), "Pillow")
    case("pillow-cmyk.jpg", saved(image.convert("CMYK"), format="JPEG", quality=90), "Pillow")
    case("pillow-cmyk-420.jpg", saved(image.convert("CMYK"), format="JPEG", quality=90, subsampling=2), "Pillow")
    case("pillow-mpo.jpg", saved(image, format="MPO", quality=80, save_all=True,
                                 append_images=[ImageOps.invert(image)]), "Pillow")
    for quality in (60, 95):
        for sampling in ("1x1", "2x1", "2x2"):
            out = WORK / "im.jpg"
            tool(CONVERT, png, "-colorspace", "CMYK", "-sampling-factor", sampling, "-quality", quality, out)
            case(f"im-cmyk-{sampling}-q{quality}.jpg", out, "ImageMagick")
    out = WORK / "im-k.jpg"
    black = np.dstack([np.asarray(image.convert("CMYK"))[..., :3] // 2, 255 - np.asarray(image.convert("L"))])
    Image.fromarray(black.astype(np.uint8), "CMYK").save(WORK / "black.tif")
    tool(CONVERT, WORK / "black.tif", "-quality", 85, out)
    case("im-cmyk-black.jpg", out, "ImageMagick")
    tool(CONVERT, png, "-colorspace", "CMYK", "-interlace", "JPEG", "-quality", 70, out)
    case("im-cmyk-progressive.jpg", out, "ImageMagick")
    tool(CONVERT, png, "-quality", 70, out)
    case("im-rgb.jpg", out, "ImageMagick")
    tool(CONVERT, png, "-colorspace", "Gray", "-quality", 70, out)
    case("im-gray.jpg", out, "ImageMagick")
    inks = 255 - black.astype(np.uint8)  # as in files of Adobe's programs
    for subsampling in ("444", "422", "420", "440"):
        case(f"turbo-ycck-{subsampling}.jpg",
             imagecodecs.jpeg8_encode(inks, level=90, colorspace="CMYK", outcolorspace="YCCK",
                                      subsampling=subsampling), "libjpeg-turbo")
    case("turbo-cmyk.jpg",
         imagecodecs.jpeg8_encode(inks, level=90, colorspace="CMYK", outcolorspace="CMYK"), "libjpeg-turbo")
    case("turbo-rgb.jpg",
         imagecodecs.jpeg8_encode(rgb, level=90, colorspace="RGB", outcolorspace="RGB"), "libjpeg-turbo")
    found, rest = segments_of(imagecodecs.jpeg8_encode(inks, level=90, colorspace="CMYK", outcolorspace="YCCK"))
    jfif = (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    case("ycck-with-jfif.jpg", jpeg_of([jfif] + found, rest), "libjpeg-turbo, JFIF added")
    case("four-components-without-adobe.jpg", jpeg_of([s for s in found if s[0] != 0xEE], rest),
         "libjpeg-turbo, Adobe's segment taken out", "UNSUPPORTED_FORMAT")
    tool("vips", "copy", png, f"{WORK}/v.jpg[Q=80,subsample-mode=on,optimize-coding]")
    case("vips.jpg", WORK / "v.jpg", "libvips")
    tool("vips", "copy", png, f"{WORK}/v.jpg[Q=70,interlace,trellis-quant]")
    case("vips-progressive.jpg", WORK / "v.jpg", "libvips")
    tool("vips", "copy", WORK / "black.tif", f"{WORK}/v.jpg[Q=90,strip]")
    case("vips-cmyk.jpg", WORK / "v.jpg", "libvips")
    for form in ("yuvj420p", "yuvj422p", "yuvj444p"):
        tool("ffmpeg", "-y", "-i", png, "-pix_fmt", form, "-q:v", 3, WORK / "f.jpg")
        case(f"ffmpeg-{form}.jpg", WORK / "f.jpg", "ffmpeg")
    # The colour space of three components, by JFIF, Adobe's segment and the component identifiers.
    found, rest = segments_of(saved(image, format="JPEG", quality=90, subsampling=0))
    jfif = [s for s in found if s[0] == 0xE0]
    bare = [s for s in found if s[0] != 0xE0]
    case("jfif-adobe-0.jpg", jpeg_of(jfif + [adobe(0)] + bare, rest), "Pillow, Adobe's segment added")
    case("adobe-0-before-jfif.jpg", jpeg_of([adobe(0)] + jfif + bare, rest), "Pillow, Adobe's segment added")
    case("adobe-1.jpg", jpeg_of([adobe(1)] + bare, rest), "Pillow, Adobe's segment added")
    case("adobe-2-of-three.jpg", jpeg_of([adobe(2)] + bare, rest), "Pillow, Adobe's segment added")
    case("no-markers.jpg", jpeg_of(bare, rest), "Pillow, JFIF taken out")

    def numbered(ids, segments, rest):
        def frame(payload):
            return payload[:6] + b"".join(bytes([i]) + payload[7 + 3 * n:9 + 3 * n] for n, i in enumerate(ids))
        scan = rest[:5] + b"".join(bytes([i]) + rest[6 + 2 * n:7 + 2 * n] for n, i in enumerate(ids)) + rest[11:]
        return [(m, frame(p) if m == 0xC0 else p) for m, p in segments], scan

    case("no-markers-numbered-from-0.jpg", jpeg_of(*numbered((0, 1, 2), bare, rest)), "Pillow, renumbered")
    case("no-markers-numbered-oddly.jpg", jpeg_of(*numbered((1, 34, 35), bare, rest)), "Pillow, renumbered")
    rgb_found, rgb_rest = segments_of(
        imagecodecs.jpeg8_encode(rgb, level=90, colorspace="RGB", outcolorspace="RGB"))
    rgb_bare = [s for s in rgb_found if s[0] not in (0xE0, 0xEE)]
    case("no-markers-named-rgb.jpg", jpeg_of(*numbered(b"RGB", rgb_bare, rgb_rest)), "libjpeg-turbo, renumbered")
    case("adobe-0-rgb.jpg", jpeg_of([adobe(0)] + rgb_bare, rgb_rest), "libjpeg-turbo")
    for order in "<>":
        for kind in (1, 3, 4):
            name = f"exif-{'little' if order == '<' else 'big'}-{ {1: 'byte', 3: 'short', 4: 'long'}[kind]}.jpg"
            turned = jpeg_of(jfif + [exif_segment(order, kind, 6)] + bare, rest)
            upright = np.rot90(np.asarray(Image.open(io.BytesIO(jpeg_of(jfif + bare, rest))).convert("RGB")), -1)
            case(name, turned, "Pillow, EXIF added", upright)
    whole = jpeg_of(jfif + bare, rest)
    shown = np.asarray(Image.open(io.BytesIO(whole)).convert("RGB"))
    (WORK / "m.jpg").write_bytes(whole)
    tool("ffmpeg", "-y", "-loop", 1, "-i", png, "-t", 0.2, "-c:v", "mpeg4", WORK / "m.mp4")
    motion = whole + (WORK / "m.mp4").read_bytes() + b"\xff\xda" * 300
    case("motion-photo.jpg", motion, "Pillow, with a video of ffmpeg behind EOI", shown)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    case("pillow-icc.jpg", saved(image, format="JPEG", quality=80, icc_profile=srgb), "Pillow", None)
    case("lossless.jpg", imagecodecs.ljpeg_encode(rgb[..., 0]), "imagecodecs: lossless JPEG",
         np.dstack([rgb[..., 0]] * 3))


def webps(rgb, image, png):
    def dwebp(data):
        (WORK / "d.webp").write_bytes(data)
        tool("dwebp", WORK / "d.webp", "-o", WORK / "d.png")
        return pixels(Image.open(WORK / "d.png"))

    def libwebp(name, data, encoder):
        case(name, data, encoder, dwebp(data))

    odd = WORK / "odd.png"
    Image.fromarray(picture(45, 37)).save(odd)
    clear = WORK / "clear.png"
    alpha = np.linspace(0, 255, 48 * 40).reshape(40, 48).astype(np.uint8)
    Image.fromarray(np.dstack([rgb, alpha])).save(clear)
    for name, source, options in [
        ("q5", png, ["-q", 5]), ("q20", png, ["-q", 20]), ("q75", png, ["-q", 75]), ("q100", png, ["-q", 100]),
        ("no-filter", png, ["-q", 20, "-f", 0]), ("strong-filter", png, ["-q", 20, "-f", 100, "-strong"]),
        ("simple-filter", png, ["-q", 20, "-f", 100, "-nostrong"]), ("sharp", png, ["-q", 20, "-f", 60, "-sharpness", 7]),
        ("segments", png, ["-q", 30, "-segments", 4, "-sns", 100]), ("odd", odd, ["-q", 30]),
        ("partitions", png, ["-q", 30, "-partition_limit", 80]), ("alpha", clear, ["-q", 40]),
        ("alpha-q10", clear, ["-q", 40, "-alpha_q", 10]), ("lossless", png, ["-lossless"]),
        ("lossless-alpha", clear, ["-lossless", "-exact"]), ("near-lossless", png, ["-near_lossless", 40]),
        ("sharp-yuv", png, ["-q", 60, "-sharp_yuv"]), ("photo", png, ["-preset", "photo", "-q", 40]),
        ("drawing", odd, ["-preset", "drawing", "-q", 40]),
    ]:
        tool("cwebp", *options, source, "-o", WORK / "w.webp")
        libwebp(f"cwebp-{name}.webp", (WORK / "w.webp").read_bytes(), "cwebp")
    high = WORK / "high.png"
    Image.fromarray(picture(48, 120)).save(high)
    tool("cwebp", "-q", 30, high, "-o", WORK / "w.webp")
    libwebp("cwebp-high.webp", (WORK / "w.webp").read_bytes(), "cwebp")
    tool(CONVERT, png, "-quality", 40, WORK / "w.webp")
    libwebp("im.webp", (WORK / "w.webp").read_bytes(), "ImageMagick")
    tool("vips", "copy", png, f"{WORK}/w.webp[Q=50,strip]")
    libwebp("vips.webp", (WORK / "w.webp").read_bytes(), "libvips")
    tool("ffmpeg", "-y", "-i", png, "-c:v", "libwebp", "-q:v", 30, WORK / "w.webp")
    libwebp("ffmpeg.webp", (WORK / "w.webp").read_bytes(), "ffmpeg")
    libwebp("pillow-trailing.webp", saved(image, format="WEBP", quality=60) + b"trailing bytes " * 9, "Pillow")
    small = WORK / "small.webp"
    tool("cwebp", "-lossless", "-crop", 8, 6, 30, 20, png, "-o", small)
    tool("webpmux", "-frame", small, "+100+8+6+0+b", "-frame", small, "+100+0+0+0+b", "-o", WORK / "a.webp")
    animated = (WORK / "a.webp").read_bytes()
    shown = np.full((26, 38, 3), 255, np.uint8)  # outside the frame, libwebp has transparent pixels, and Pillow gives black without alpha
    shown[6:26, 8:38] = rgb[6:26, 8:38]
    case("webpmux-offset-frame.webp", animated, "webpmux", shown)
    case("pillow-animated-lossy.webp", saved(image, format="WEBP", quality=40, save_all=True, duration=90,
                                             append_images=[ImageOps.invert(image)]), "Pillow")


def tiff(array, **how):
    data = io.BytesIO()
    tifffile.imwrite(data, array, metadata=None, **how)
    return data.getvalue()


def tiffs(rgb, image, png):
    gray = np.asarray(image.convert("L"))
    alpha = np.linspace(0, 255, 48 * 40).reshape(40, 48).astype(np.uint8)
    share = alpha / 255
    rgba = np.dstack([rgb, alpha])
    associated = np.dstack([(rgb * share[..., None]).round().astype(np.uint8), alpha])
    shown = over_white(rgb, share)
    shown_gray = over_white(np.dstack([gray] * 3), share)
    gray_rgb = np.dstack([gray] * 3)
    maker = "tifffile"
    for name, array, extra, expected in [
        ("unspecified", rgba, [0], rgb), ("associated", associated, [1], shown), ("alpha", rgba, [2], shown),
    ]:
        case(f"rgb-{name}.tif", tiff(array, photometric="rgb", extrasamples=extra), maker, expected)
        case(f"rgb-{name}-16.tif", tiff(array.astype(np.uint16) * 257, photometric="rgb", extrasamples=extra),
             maker, expected)
        case(f"rgb-{name}-planar.tif",
             tiff(np.moveaxis(array, -1, 0).copy(), photometric="rgb", planarconfig="separate", extrasamples=extra),
             maker, expected)
    # Changes the tag of the entry to an unknown one.
    unnamed = tiff(rgba, photometric="rgb", extrasamples=[2]).replace(
        struct.pack("<HHI", 338, 3, 1), struct.pack("<HHI", 339 + 1000, 3, 1))
    case("rgb-unnamed-fourth.tif", unnamed, maker)
    gray_associated = np.dstack([(gray * share).round().astype(np.uint8), alpha])
    gray_alpha = np.dstack([gray, alpha])
    for name, array, extra, expected in [
        ("unspecified", gray_alpha, [0], gray_rgb), ("associated", gray_associated, [1], shown_gray),
        ("alpha", gray_alpha, [2], shown_gray),
    ]:
        case(f"gray-{name}.tif",
             tiff(array, photometric="minisblack", planarconfig="contig", extrasamples=extra), maker, expected)
    case("rgb-nir-alpha.tif", tiff(np.dstack([rgb, 255 - gray, alpha]), photometric="rgb", extrasamples=[0, 2]),
         maker, shown)
    case("rgb-two-unspecified.tif", tiff(np.dstack([rgb, 255 - gray, alpha]), photometric="rgb", extrasamples=[0, 0]),
         maker, rgb)
    case("rgb-alpha-lzw-predicted.tif", tiff(rgba, photometric="rgb", extrasamples=[2], compression="lzw",
                                             predictor=True), maker, shown)
    case("rgb-associated-tiled.tif", tiff(associated, photometric="rgb", extrasamples=[1], tile=(16, 16),
                                          compression="deflate"), maker, shown)
    for name, how in [
        ("big-endian", {"byteorder": ">"}), ("tiled", {"tile": (16, 16)}), ("lzw", {"compression": "lzw"}),
        ("packbits", {"compression": "packbits"}), ("deflate-predicted", {"compression": "deflate", "predictor": True}),
        ("strips", {"rowsperstrip": 7}),
    ]:
        case(f"rgb-{name}.tif", tiff(rgb, photometric="rgb", **how), maker, rgb)
    case("rgb-planar.tif", tiff(np.moveaxis(rgb, -1, 0).copy(), photometric="rgb", planarconfig="separate"), maker, rgb)
    case("rgb-16.tif", tiff(rgb.astype(np.uint16) * 257, photometric="rgb"), maker, rgb)
    case("rgb-32.tif", tiff(rgb.astype(np.uint32) * 16843009, photometric="rgb"), maker, rgb)
    case("rgb-float.tif", tiff((rgb / 255).astype(np.float32), photometric="rgb"), maker, rgb)
    case("gray-float.tif", tiff((gray / 255).astype(np.float32), photometric="minisblack"), maker, gray_rgb)
    case("rgb-float-predicted.tif", tiff((rgb / 255).astype(np.float32), photometric="rgb", compression="deflate",
                                         predictor=3), maker, rgb)
    case("white-is-zero.tif", tiff(255 - gray, photometric="miniswhite"), maker, gray_rgb)
    case("white-is-zero-16.tif", tiff((255 - gray).astype(np.uint16) * 257, photometric="miniswhite"), maker, gray_rgb)
    for compression in ("zstd", "lzma", "webp", "jpeg2000", "lerc", "jpegxl", "png"):
        case(f"compression-{compression}.tif", tiff(rgb, photometric="rgb", compression=compression), maker,
             "UNSUPPORTED_FORMAT")
    case("cmyk.tif", tiff(np.asarray(image.convert("CMYK")), photometric="separated"), maker, "UNSUPPORTED_FORMAT")
    case("cielab.tif", tiff(rgb, photometric="cielab"), maker, "UNSUPPORTED_FORMAT")
    case("signed.tif", tiff(gray.astype(np.int8), photometric="minisblack"), maker, "UNSUPPORTED_FORMAT")
    case("float16.tif", tiff((rgb / 255).astype(np.float16), photometric="rgb"), maker, rgb)
    case("bigtiff.tif", tiff(rgb, photometric="rgb", bigtiff=True), maker, "UNSUPPORTED_FORMAT")
    case("pillow-jpeg.tif", saved(image, format="TIFF", compression="jpeg", quality=85), "Pillow")
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
        case(f"pillow-{compression}.tif", saved(image, format="TIFF", compression=compression), "Pillow")
    case("pillow-gray-jpeg.tif", saved(image.convert("L"), format="TIFF", compression="jpeg", quality=85), "Pillow")
    case("pillow-palette.tif", saved(image.quantize(32), format="TIFF"), "Pillow")
    case("pillow-bits.tif", saved(image.convert("1"), format="TIFF"), "Pillow")
    for compression in ("group3", "group4", "tiff_ccitt"):
        case(f"pillow-{compression}.tif", saved(image.convert("1"), format="TIFF", compression=compression), "Pillow")
    case("pillow-orientation.tif", saved(image, format="TIFF", tiffinfo={0x0112: 6}), "Pillow")
    tool(CONVERT, png, "-compress", "JPEG", "-quality", 85, WORK / "t.tif")
    case("im-jpeg.tif", WORK / "t.tif", "ImageMagick")
    tool(CONVERT, png, "-colorspace", "Gray", "-depth", 4, "-compress", "None", WORK / "t.tif")
    case("im-gray-4.tif", WORK / "t.tif", "ImageMagick")
    tool(CONVERT, png, "-depth", 16, "-compress", "Zip", WORK / "t.tif")
    case("im-16-zip.tif", WORK / "t.tif", "ImageMagick", rgb)
    Image.fromarray(rgba).save(WORK / "clear.png")
    tool(CONVERT, WORK / "clear.png", "-compress", "LZW", WORK / "t.tif")
    case("im-alpha.tif", WORK / "t.tif", "ImageMagick", shown)
    tool(CONVERT, WORK / "clear.png", "-define", "tiff:alpha=associated", WORK / "t.tif")
    case("im-associated.tif", WORK / "t.tif", "ImageMagick", shown)
    tool(CONVERT, WORK / "clear.png", "-type", "PaletteMatte", WORK / "t.tif")
    case("im-palette-alpha.tif", WORK / "t.tif", "ImageMagick", "UNSUPPORTED_FORMAT")
    tool("vips", "copy", WORK / "clear.png", f"{WORK}/t.tif[compression=deflate,predictor=horizontal]")
    case("vips-alpha.tif", WORK / "t.tif", "libvips", shown)
    tool("vips", "copy", png, f"{WORK}/t.tif[compression=jpeg,Q=85,tile,tile-width=16,tile-height=16]")
    case("vips-jpeg-tiled.tif", WORK / "t.tif", "libvips")
    tool("vips", "copy", png, f"{WORK}/t.tif[tile,tile-width=16,tile-height=16,pyramid]")
    case("vips-pyramid.tif", WORK / "t.tif", "libvips", rgb)
    tool("ffmpeg", "-y", "-i", png, "-compression_algo", "lzw", WORK / "t.tif")
    case("ffmpeg-lzw.tif", WORK / "t.tif", "ffmpeg", rgb)
    Image.fromarray(rgb).save(WORK / "plain.tif")
    tool("tiffcp", "-c", "jpeg:85", WORK / "plain.tif", WORK / "t.tif")
    case("tiffcp-jpeg.tif", WORK / "t.tif", "tiffcp")
    tool("tiffcp", "-p", "separate", "-c", "lzw:2", "-t", "-w", 16, "-l", 16, WORK / "plain.tif", WORK / "t.tif")
    case("tiffcp-planar-tiled.tif", WORK / "t.tif", "tiffcp", rgb)
    # A smaller version before the picture, and a mask before it.
    thumbnail = np.asarray(image.resize((24, 20)))
    data = io.BytesIO()
    with tifffile.TiffWriter(data) as writer:
        writer.write(thumbnail, photometric="rgb", subfiletype=1, metadata=None)
        writer.write(rgb, photometric="rgb", subfiletype=0, metadata=None)
    case("reduced-first.tif", data.getvalue(), maker, rgb)
    data = io.BytesIO()
    with tifffile.TiffWriter(data) as writer:
        writer.write(thumbnail, photometric="rgb", metadata=None, extratags=[(255, 3, 1, 2, True)])
        writer.write(rgb, photometric="rgb", metadata=None, extratags=[(255, 3, 1, 1, True)])
    case("reduced-first-old-tag.tif", data.getvalue(), maker, rgb)
    data = io.BytesIO()
    with tifffile.TiffWriter(data) as writer:
        writer.write(gray > 128, photometric=4, subfiletype=4, metadata=None)
        writer.write(rgb, photometric="rgb", metadata=None)
    case("mask-first.tif", data.getvalue(), maker, rgb)
    data = io.BytesIO()
    with tifffile.TiffWriter(data) as writer:
        writer.write(rgb, photometric="rgb", subifds=1, metadata=None)
        writer.write(thumbnail, photometric="rgb", subfiletype=1, metadata=None)
    case("reduced-in-subdirectory.tif", data.getvalue(), maker, rgb)
    raws(gray, thumbnail)


def raws(gray, thumbnail):
    """Writes the structure of camera raw files: a small RGB image first, the sensor values elsewhere."""
    sensor = np.repeat(np.repeat(gray.astype(np.uint16) * 16, 2, 0), 2, 1)
    cfa = [(33421, 3, 2, (2, 2), True), (33422, 1, 4, (0, 1, 1, 2), True)]

    def shell(make, photometric, extratags=(), compression=None, first=1, size=48):
        data = io.BytesIO()
        with tifffile.TiffWriter(data) as writer:
            writer.write(thumbnail, photometric="rgb", subifds=1, subfiletype=first, metadata=None,
                         extratags=[(271, 2, None, make, True), *extratags])
            values = sensor[:size, :size] if photometric == 32803 else np.dstack([sensor[:size, :size]] * 3)
            writer.write(values, photometric=photometric, subfiletype=0, metadata=None, extratags=cfa)
        changed = data.getvalue()
        if compression is not None:
            changed = bytearray(changed)
            with tifffile.TiffFile(io.BytesIO(bytes(changed))) as file:
                tag = file.pages[0].pages[0].tags[259]
            changed[tag.valueoffset:tag.valueoffset + 2] = struct.pack("<H", compression)
        return bytes(changed)

    code = "UNSUPPORTED_FORMAT"
    case("raw.dng", shell("Example", 32803, [(50706, 1, 4, (1, 4, 0, 0), True)]), "tifffile", code)
    case("raw-linear.dng", shell("Example", 34892, [(50706, 1, 4, (1, 4, 0, 0), True)], first=0), "tifffile", code)
    case("raw.nef", shell("NIKON CORPORATION", 32803, compression=34713), "tifffile", code)
    case("raw-first-not-reduced.nef", shell("NIKON CORPORATION", 32803, first=0), "tifffile", code)
    case("raw-no-cfa.nef", shell("NIKON CORPORATION", 32803, first=0).replace(
        struct.pack("<HHIH", 262, 3, 1, 32803), struct.pack("<HHIH", 262, 3, 1, 1)), "tifffile", code)
    case("raw.arw", shell("SONY", 32803, compression=32767), "tifffile", code)
    plain = tiff(thumbnail, photometric="rgb")
    directory = struct.unpack("<I", plain[4:8])[0]
    cr2 = plain[:4] + struct.pack("<I", directory + 8) + b"CR\2\0" + bytes(4)
    # Everything after the header moves by 8 bytes, and so do the offsets in the directory.
    moved = bytearray(cr2 + plain[8:])
    count = struct.unpack("<H", moved[directory + 8:directory + 10])[0]
    for n in range(count):
        at = directory + 10 + 12 * n
        tag, kind, values = struct.unpack("<HHI", moved[at:at + 8])
        size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}[kind] * values
        if size > 4 or tag == 273:
            moved[at + 8:at + 12] = struct.pack("<I", struct.unpack("<I", moved[at + 8:at + 12])[0] + 8)
    case("raw.cr2", bytes(moved), "tifffile, with Canon's mark", code)
    case("raw.orf", b"IIRO" + plain[4:], "tifffile, with Olympus' mark", code)
    case("raw.rw2", b"IIU\0" + plain[4:], "tifffile, with Panasonic's mark", code)
    case("raw.raf", b"FUJIFILMCCD-RAW 0201FF383501" + bytes(200), "by hand", code)


def others(rgb, image, png):
    colors = image.quantize(32)
    case("pillow.gif", saved(colors, format="GIF"), "Pillow")
    case("pillow-interlaced.gif", saved(colors, format="GIF", interlace=1), "Pillow")
    case("pillow-animated.gif", saved(colors, format="GIF", save_all=True, duration=90,
                                      append_images=[ImageOps.invert(image).quantize(32)]), "Pillow")
    clear = np.dstack([rgb, np.where(np.asarray(image.convert("L")) > 110, 255, 0).astype(np.uint8)])
    Image.fromarray(clear).save(WORK / "clear.png")
    case("pillow-transparent.gif", saved(Image.fromarray(clear), format="GIF"), "Pillow")
    tool(CONVERT, png, "-crop", "30x20+8+6", "-repage", "48x40+8+6", WORK / "g.gif")
    case("im-offset.gif", WORK / "g.gif", "ImageMagick")
    tool(CONVERT, WORK / "clear.png", "-crop", "30x20+8+6", "-repage", "48x40+8+6", WORK / "g.gif")
    case("im-offset-transparent.gif", WORK / "g.gif", "ImageMagick")
    tool(CONVERT, png, "-repage", "32x32+8+6", WORK / "g.gif")
    case("im-beyond-canvas.gif", WORK / "g.gif", "ImageMagick")
    tool("ffmpeg", "-y", "-loop", 1, "-i", png, "-frames:v", 2, WORK / "g.gif")
    case("ffmpeg.gif", WORK / "g.gif", "ffmpeg")
    tool("vips", "copy", png, WORK / "g.gif")
    case("vips.gif", WORK / "g.gif", "libvips")

    tool(CONVERT, png, "-interlace", "PNG", WORK / "o.png")
    case("im-interlaced.png", WORK / "o.png", "ImageMagick")
    tool(CONVERT, png, "-define", "png:color-type=2", "-define", "png:bit-depth=16", WORK / "o.png")
    case("im-16.png", WORK / "o.png", "ImageMagick", rgb)
    case("pillow-palette-alpha.png", saved(Image.fromarray(clear).quantize(32), format="PNG"), "Pillow")
    case("pillow-gray-alpha.png", saved(Image.fromarray(clear).convert("LA"), format="PNG"), "Pillow")
    tool("ffmpeg", "-y", "-i", png, "-pix_fmt", "rgba64be", WORK / "o.png")
    case("ffmpeg-64.png", WORK / "o.png", "ffmpeg", rgb)
    tool("vips", "copy", png, f"{WORK}/o.png[palette]")
    case("vips-palette.png", WORK / "o.png", "libvips")
    case("pillow-trailing.png", saved(image, format="PNG") + b"trailing " * 9, "Pillow")

    case("pillow.bmp", saved(image, format="BMP"), "Pillow")
    case("pillow-palette.bmp", saved(colors, format="BMP"), "Pillow")
    case("pillow-bits.bmp", saved(image.convert("1"), format="BMP"), "Pillow")
    for kind in ("BMP2", "BMP3", "BMP"):
        tool(CONVERT, png, "-alpha", "off", f"{kind}:{WORK}/b.bmp")
        case(f"im-{kind.lower()}.bmp", WORK / "b.bmp", "ImageMagick", rgb)
    tool(CONVERT, png, "-colors", 16, "-compress", "RLE", f"BMP3:{WORK}/b.bmp")
    case("im-rle.bmp", WORK / "b.bmp", "ImageMagick")
    for form in ("bgr24", "rgb565le", "rgb555le", "bgra", "pal8"):
        tool("ffmpeg", "-y", "-i", png, "-pix_fmt", form, WORK / "b.bmp")
        case(f"ffmpeg-{form}.bmp", WORK / "b.bmp", "ffmpeg")
    tool(CONVERT, WORK / "clear.png", WORK / "b.bmp")
    case("im-alpha.bmp", WORK / "b.bmp", "ImageMagick")

    case("pillow.avif", saved(image, format="AVIF", quality=60), "Pillow", "UNSUPPORTED_FORMAT")
    case("pillow.jp2", saved(image, format="JPEG2000"), "Pillow", "UNSUPPORTED_FORMAT")
    case("imagecodecs.jxl", imagecodecs.jpegxl_encode(rgb, level=80), "libjxl", "UNSUPPORTED_FORMAT")
    case("imagecodecs.j2k", imagecodecs.jpeg2k_encode(rgb, codecformat="j2k"), "OpenJPEG", "UNSUPPORTED_FORMAT")
    case("pillow.ppm", saved(image, format="PPM"), "Pillow", "UNSUPPORTED_FORMAT")
    case("pillow.tga", saved(image, format="TGA"), "Pillow", "NOT_AN_IMAGE")


def profile(space, tags):
    """An ICC profile of version 2 for a screen."""
    table = struct.pack(">I", len(tags))
    at = 128 + 4 + 12 * len(tags)
    data = b""
    for name, value in tags:
        table += name + struct.pack(">II", at + len(data), len(value))
        data += value
    header = struct.pack(">I4sI4s4s4s", at + len(data), bytes(4), 0x02400000, b"mntr", space, b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D) + bytes(48)
    return header + table + data


def xyz(*values):
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in values))


def gray_profile():
    """A linear profile: without it, the image would be shown too dark."""
    return profile(b"GRAY", [(b"kTRC", b"curv" + bytes(8)), (b"wtpt", xyz(0.9642, 1, 0.8249))])


def wide_profile():
    """The primaries of Display P3 with a plain gamma of 2.2."""
    gamma = b"curv" + struct.pack(">IIHH", 0, 1, round(2.2 * 256), 0)
    return profile(b"RGB ", [
        (b"wtpt", xyz(0.9642, 1, 0.8249)), (b"rXYZ", xyz(0.51512, 0.2412, -0.00105)),
        (b"gXYZ", xyz(0.29198, 0.69225, 0.04189)), (b"bXYZ", xyz(0.1571, 0.06657, 0.78407)),
        (b"rTRC", gamma), (b"gTRC", gamma), (b"bTRC", gamma)])


def profiles(rgb, image):
    gray = image.convert("L")
    curve = gray_profile()
    linear = np.asarray(gray) / 255
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    shown = np.dstack([(255 * encoded).round().astype(np.uint8)] * 3)
    case("gray-profile.png", saved(gray, format="PNG", icc_profile=curve), "Pillow", shown)
    case("gray-profile.tif", saved(gray, format="TIFF", icc_profile=curve), "Pillow", shown)
    case("gray-profile.jpg", saved(gray, format="JPEG", quality=95, icc_profile=curve), "Pillow", shown)
    white_is_zero = tiff(255 - np.asarray(gray), photometric="miniswhite", iccprofile=curve)
    case("gray-profile-white-is-zero.tif", white_is_zero, "tifffile", shown)
    alpha = np.linspace(0, 255, 48 * 40).reshape(40, 48).astype(np.uint8)
    with_alpha = tiff(np.dstack([np.asarray(gray), alpha]), photometric="minisblack", planarconfig="contig",
                      extrasamples=[2], iccprofile=curve)
    case("gray-profile-alpha.tif", with_alpha, "tifffile", over_white(shown.astype(float), alpha / 255))
    wide = wide_profile()
    converted = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(wide)),
                                          ImageCms.createProfile("sRGB"), renderingIntent=0)
    for form, how in [("PNG", {}), ("TIFF", {}), ("JPEG", {"quality": 95, "subsampling": 0}),
                      ("WEBP", {"lossless": True})]:
        ending = {"PNG": "png", "TIFF": "tif", "JPEG": "jpg", "WEBP": "webp"}[form]
        case(f"wide-profile.{ending}", saved(image, format=form, icc_profile=wide, **how), "Pillow",
             np.asarray(converted))
    lossy = saved(image, format="WEBP", quality=95, icc_profile=wide)
    decoded = Image.open(io.BytesIO(lossy)).convert("RGB")
    case("wide-profile-lossy.webp", lossy, "Pillow", np.asarray(ImageCms.profileToProfile(
        decoded, ImageCms.ImageCmsProfile(io.BytesIO(wide)), ImageCms.createProfile("sRGB"), renderingIntent=0)))


def credited(image):
    """Photos with metadata about their creators, places and cameras."""
    place = ["-GPSLatitude=48.8584", "-GPSLatitudeRef=N", "-GPSLongitude=2.2945", "-GPSLongitudeRef=E",
             "-EXIF:Make=PLANTED Camera", "-EXIF:Model=PLANTED 7", "-EXIF:SerialNumber=PLANTED-1"]
    kinds = {
        "exif": ["-EXIF:Artist=Zoë Exif", "-EXIF:Copyright=© Exif"],
        "iptc": ["-IPTC:By-line=Zoë Iptc", "-IPTC:By-line=Second Iptc", "-IPTC:CopyrightNotice=© Iptc",
                 "-IPTC:CodedCharacterSet=UTF8", "-IPTC:City=PLANTED City"],
        "xmp": ["-XMP-dc:Creator=Zoë Xmp", "-XMP-dc:Creator=Second & Xmp", "-XMP-dc:Rights=© <Xmp>",
                "-XMP-dc:Rights-de=© deutsch", "-XMP-photoshop:City=PLANTED City"],
    }
    kinds["all"] = kinds["exif"] + kinds["iptc"] + kinds["xmp"]
    for ending, form, names in [("jpg", "JPEG", ("exif", "iptc", "xmp", "all")), ("png", "PNG", ("exif", "xmp")),
                                ("tif", "TIFF", ("exif", "iptc", "xmp")), ("webp", "WEBP", ("exif", "xmp"))]:
        for name in names:
            out = CREDITED / f"{name}.{ending}"
            image.save(out, format=form)
            tool("exiftool", "-charset", "iptc=UTF8", "-overwrite_original", *place, *kinds[name], out)
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zo\u00eb Text")
    info.add_itxt("Copyright", "© Text", zip=True)
    info.add_text("Comment", "PLANTED Camera")
    image.save(CREDITED / "text.png", pnginfo=info)


def main():
    for folder in (FILES, EXPECTED, CREDITED):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    rgb = picture()
    image = Image.fromarray(rgb)
    png = WORK / "base.png"
    image.save(png)
    jpegs(rgb, image, png)
    webps(rgb, image, png)
    tiffs(rgb, image, png)
    others(rgb, image, png)
    profiles(rgb, image)
    credited(image)
    (HERE / "corpus.tsv").write_text("file\texpected\tencoder\n" + "".join(line + "\n" for line in sorted(lines)))
    shutil.rmtree(WORK)


main()
