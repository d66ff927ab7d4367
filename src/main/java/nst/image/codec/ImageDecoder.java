package nst.image.codec;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.format.Canvas;
import nst.image.format.FormatSniffer;
import nst.image.format.GifFile;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.format.JpegColors;
import nst.image.format.JpegSegments;
import nst.image.format.PngChunks;
import nst.image.format.TiffPage;
import nst.image.format.WebpFile;
import nst.image.record.CreditsReader;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Turns the bytes of a file into upright sRGB pixels, or says in a {@link TransferException} why
 * not.
 *
 * <p>The order is what keeps a hostile file from harm: format by its first bytes, size by its
 * header against the {@link ImageLimits}, metadata cut away, and only then a decoder. A file that
 * is cut short or garbled is an error, never half a picture: ImageIO itself decodes it to grey
 * without an exception and merely warns.
 */
public final class ImageDecoder {
  /**
   * Bytes a pixel costs at the peak: eight as decoded (16 bits, four channels), twelve as floats,
   * twelve more while it is turned upright.
   */
  private static final int PEAK_BYTES_PER_PIXEL = 32;

  /** Progressive files have about ten; every one is a pass over the whole image. */
  private static final int MAX_SCANS = 200;

  /** Baseline 0, extended 1, progressive 2 and lossless 3 are read. */
  private static final int LAST_PROCESS = 3;

  private final ImageLimits limits;

  public ImageDecoder(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * Size and format, from the header alone: nothing is decoded and no limit is checked. For JPEG
   * and PNG the first few kilobytes of a file are enough.
   *
   * @throws TransferException EMPTY, NOT_AN_IMAGE, UNSUPPORTED_FORMAT or CORRUPT_IMAGE
   */
  public static ImageHeader probe(byte[] bytes) {
    ImageFormat format = FormatSniffer.sniff(bytes);
    return guarded(format, () -> probe(bytes, format));
  }

  /**
   * The picture: its first frame or page where there are several, with a warning.
   *
   * @throws TransferException EMPTY, NOT_AN_IMAGE, UNSUPPORTED_FORMAT, CORRUPT_IMAGE,
   *     IMAGE_TOO_LARGE or IMAGE_TOO_SMALL; OUT_OF_MEMORY where the heap is taken by others
   */
  public DecodedImage decode(byte[] bytes) {
    ImageFormat format = FormatSniffer.sniff(bytes);
    limits.checkBytes(bytes.length);
    ImageHeader header = guarded(format, () -> probe(bytes, format));
    limits.checkSize(header.width(), header.height());
    checkHeap(header);
    List<String> warnings = new ArrayList<>();
    RgbImage image =
        guarded(
            format,
            () ->
                switch (format) {
                  case JPEG -> decodeJpeg(bytes, warnings);
                  case PNG -> decodePng(bytes, warnings);
                  case GIF -> decodeGif(bytes, warnings);
                  case TIFF -> decodeTiff(bytes, warnings);
                  case WEBP -> decodeWebp(bytes, warnings);
                  case BMP -> decodeBmp(bytes, warnings);
                });
    return new DecodedImage(
        image,
        image.width(),
        image.height(),
        format.name().toLowerCase(Locale.ROOT),
        warnings,
        guarded(format, () -> CreditsReader.of(bytes, format)));
  }

  private static ImageHeader probe(byte[] bytes, ImageFormat format) throws IOException {
    List<String> ignored = new ArrayList<>(); // they come again when the image is decoded
    ImageHeader stored =
        switch (format) {
          case JPEG -> {
            JpegSegments.Frame frame = JpegSegments.of(bytes).frame();
            yield new ImageHeader(frame.width(), frame.height(), format);
          }
          case PNG -> PngChunks.of(bytes).header();
          case GIF -> header(GifFile.canvas(bytes), format);
          case WEBP -> header(WebpFile.of(bytes).canvas(), format);
          case TIFF -> probeByReader(bytes, format, TiffPage.of(bytes).index());
          case BMP -> probeByReader(bytes, format, 0);
        };
    return orientation(bytes, format, ignored).swapsSides() ? stored.turned() : stored;
  }

  private static ImageHeader header(Canvas canvas, ImageFormat format) {
    return new ImageHeader(canvas.width(), canvas.height(), format);
  }

  private static ImageHeader probeByReader(byte[] bytes, ImageFormat format, int page)
      throws IOException {
    try (ImageInputStream input = stream(bytes)) {
      ImageReader reader = ImageReaders.reader(format);
      try {
        reader.setInput(input, false, true);
        return new ImageHeader(reader.getWidth(page), reader.getHeight(page), format);
      } finally {
        reader.dispose();
      }
    }
  }

  private static Orientation orientation(byte[] bytes, ImageFormat format, List<String> warnings) {
    if (format == ImageFormat.TIFF) {
      return Orientation.of(TiffPage.of(bytes).directory(), warnings);
    }
    Optional<byte[]> exif =
        switch (format) {
          case JPEG -> JpegSegments.of(bytes).exif();
          case PNG -> {
            PngChunks chunks = PngChunks.of(bytes);
            yield chunks.first("eXIf").map(chunks::data);
          }
          case WEBP -> WebpFile.of(bytes).exif();
          case TIFF, GIF, BMP -> Optional.empty();
        };
    return exif.map(block -> Orientation.ofExif(block, warnings)).orElse(Orientation.UPRIGHT);
  }

  private static RgbImage decodeJpeg(byte[] bytes, List<String> warnings) throws IOException {
    JpegSegments segments = JpegSegments.of(bytes);
    checkProcess(segments);
    JpegColors colors = JpegColors.of(segments);
    byte[] lean = segments.withoutMetadata(colors.adobeTransform());
    Orientation orientation = orientation(bytes, ImageFormat.JPEG, warnings);
    if (colors == JpegColors.CMYK || colors == JpegColors.YCCK) {
      Raster raster = read(lean, ImageFormat.JPEG, warnings, reader -> reader.readRaster(0, null));
      return orientation.upright(CmykJpeg.toSrgb(raster, colors, segments, warnings));
    }
    BufferedImage image = read(lean, ImageFormat.JPEG, warnings, reader -> reader.read(0));
    return orientation.upright(
        SampleReader.toSrgb(image, conversion(segments.iccProfile(warnings), image, warnings)));
  }

  private static void checkProcess(JpegSegments segments) {
    JpegSegments.Frame frame = segments.frame();
    if (frame.precision() != 8) {
      throw new TransferException(
          ErrorCode.UNSUPPORTED_FORMAT,
          "Unsupported image: expected a JPEG of 8 bits, was of " + frame.precision());
    }
    if (frame.process() > LAST_PROCESS) {
      throw new TransferException(
          ErrorCode.UNSUPPORTED_FORMAT,
          "Unsupported image: expected a baseline, progressive or lossless JPEG with Huffman"
              + " coding, was hierarchical, JPEG-LS or with arithmetic coding (SOF"
              + frame.process()
              + ")");
    }
    int scans = segments.scans().count();
    if (scans > MAX_SCANS) {
      throw new TransferException(
          ErrorCode.UNSUPPORTED_FORMAT,
          "Unsupported image: expected a JPEG of at most " + MAX_SCANS + " scans, was " + scans);
    }
  }

  private static RgbImage decodePng(byte[] bytes, List<String> warnings) throws IOException {
    PngChunks chunks = PngChunks.of(bytes);
    chunks.requireWhole();
    if (chunks.first("acTL").isPresent()) {
      warnings.add("animated: the first frame was taken");
    }
    Orientation orientation = orientation(bytes, ImageFormat.PNG, warnings);
    BufferedImage image =
        read(chunks.withoutMetadata(), ImageFormat.PNG, warnings, reader -> reader.read(0));
    return orientation.upright(
        SampleReader.toSrgb(image, conversion(chunks.iccProfile(warnings), image, warnings)));
  }

  private static RgbImage decodeGif(byte[] bytes, List<String> warnings) throws IOException {
    Canvas canvas = GifFile.canvas(bytes);
    BufferedImage frame = readFirst(bytes, ImageFormat.GIF, warnings);
    return canvas.around(SampleReader.toSrgb(frame, Optional.empty()));
  }

  private static RgbImage decodeBmp(byte[] bytes, List<String> warnings) throws IOException {
    return SampleReader.toSrgb(readFirst(bytes, ImageFormat.BMP, warnings), Optional.empty());
  }

  private static RgbImage decodeWebp(byte[] bytes, List<String> warnings) throws IOException {
    WebpFile file = WebpFile.of(bytes);
    noteFrames(file.frames(), warnings);
    Orientation orientation = orientation(bytes, ImageFormat.WEBP, warnings);
    BufferedImage image = WebpDecoder.decode(file.still());
    RgbImage frame = SampleReader.toSrgb(image, conversion(file.iccProfile(), image, warnings));
    return orientation.upright(file.canvas().around(frame));
  }

  private static RgbImage decodeTiff(byte[] bytes, List<String> warnings) throws IOException {
    TiffPage page = TiffPage.of(bytes);
    page.noteOtherPages(warnings);
    Orientation orientation = Orientation.of(page.directory(), warnings);
    BufferedImage image =
        read(bytes, ImageFormat.TIFF, warnings, reader -> reader.read(page.index()));
    ColorModel model = image.getColorModel();
    ColorSpace space = model.getColorSpace();
    if (space.getType() != ColorSpace.TYPE_RGB && space.getType() != ColorSpace.TYPE_GRAY) {
      throw new TransferException(
          ErrorCode.UNSUPPORTED_FORMAT,
          "Unsupported image: expected grey or RGB in TIFF, was of "
              + space.getNumComponents()
              + " components (CMYK or the like); save it as RGB");
    }
    return orientation.upright(
        SampleReader.toSrgb(
            image,
            conversion(page.iccProfile(), image, warnings),
            page.alpha(SampleReader.colorComponents(model))));
  }

  /** The first frame of a file that may have several. */
  private static BufferedImage readFirst(byte[] bytes, ImageFormat format, List<String> warnings)
      throws IOException {
    return read(
        bytes,
        format,
        warnings,
        reader -> {
          noteFrames(reader.getNumImages(true), warnings);
          return reader.read(0);
        });
  }

  private static void noteFrames(int frames, List<String> warnings) {
    if (frames > 1) {
      warnings.add("the first of " + frames + " frames or pages was taken");
    }
  }

  private static Optional<IccConversion> conversion(
      Optional<byte[]> profile, BufferedImage image, List<String> warnings) {
    return profile.flatMap(
        bytes ->
            IccConversion.of(bytes, SampleReader.colorComponents(image.getColorModel()), warnings));
  }

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private static <T> T read(
      byte[] bytes, ImageFormat format, List<String> warnings, Reading<T> reading)
      throws IOException {
    List<String> damages = new ArrayList<>();
    T result;
    try (ImageInputStream input = stream(bytes)) {
      ImageReader reader = ImageReaders.reader(format);
      try {
        reader.addIIOReadWarningListener(
            (source, warning) -> (isDamage(warning) ? damages : warnings).add(warning));
        reader.setInput(input, false, true);
        result = reading.from(reader);
      } finally {
        reader.dispose();
      }
    }
    if (!damages.isEmpty()) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE, "Corrupt " + format + ": " + damages.get(0));
    }
    return result;
  }

  /** The sentences by which libjpeg says that pixels were made up. */
  private static boolean isDamage(String warning) {
    String sentence = warning.toLowerCase(Locale.ROOT);
    return !sentence.contains("extraneous bytes")
        && (sentence.contains("corrupt")
            || sentence.contains("premature")
            || sentence.contains("truncated"));
  }

  private static ImageInputStream stream(byte[] bytes) {
    return new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
  }

  private static void checkHeap(ImageHeader header) {
    long needed = (long) header.width() * header.height() * PEAK_BYTES_PER_PIXEL;
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_LARGE,
          "Image too large for this JVM: "
              + header.width()
              + " x "
              + header.height()
              + " pixels need up to "
              + (needed >> 20)
              + " MiB to decode, the heap is "
              + (heap >> 20)
              + " MiB");
    }
  }

  /** Whether a reader gave up at a kind of file that it does not know, not at damage. */
  private static boolean saysUnsupported(Throwable failure) {
    String sentence = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof UnsupportedOperationException
        || sentence.contains("unsupported")
        || sentence.contains("not supported");
  }

  private interface Decoding<T> {
    T run() throws IOException;
  }

  /** Whatever a decoder throws at hostile bytes becomes the row's failure, and only the row's. */
  private static <T> T guarded(ImageFormat format, Decoding<T> decoding) {
    try {
      return decoding.run();
    } catch (TransferException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (saysUnsupported(e)) {
        throw new TransferException(
            ErrorCode.UNSUPPORTED_FORMAT,
            "Unsupported image: this kind of " + format + " is not read: " + e.getMessage(),
            e);
      }
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE, "Corrupt " + format + ": it cannot be decoded: " + e, e);
    } catch (OutOfMemoryError e) {
      // The header promised less than this; what failed to be allocated is already gone.
      throw new TransferException(
          ErrorCode.OUT_OF_MEMORY, "The heap was too small to decode this " + format, e);
    }
  }
}
