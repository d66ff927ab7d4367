package nst.image.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.record.CreditsReader;
import nst.model.Causes;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Decodes the bytes of a file to upright sRGB pixels. A {@link TransferException} says why this is
 * not possible.
 *
 * <p>The order protects against malicious files: the format is determined by the first bytes, the
 * size in the header is checked against the {@link ImageLimits}, metadata is removed, and only then
 * the decoder is called. A truncated or damaged file is an error and never gives a part of an
 * image.
 */
public final class ImageDecoder {
  /**
   * The largest memory of a pixel, in bytes: eight as decoded (16 bits, four channels), twelve as
   * floats, and twelve more during rotation.
   */
  private static final int PEAK_BYTES_PER_PIXEL = 32;

  private static final Map<ImageFormat, Function<byte[], FormatDecoder>> DECODERS =
      new EnumMap<>(
          Map.<ImageFormat, Function<byte[], FormatDecoder>>of(
              ImageFormat.JPEG, JpegDecoder::new,
              ImageFormat.PNG, PngDecoder::new,
              ImageFormat.GIF, GifDecoder::new,
              ImageFormat.BMP, BmpDecoder::new,
              ImageFormat.TIFF, TiffDecoder::new,
              ImageFormat.WEBP, WebpDecoder::new));

  private final ImageLimits limits;

  public ImageDecoder(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * Decodes the image. If there are several frames or pages, it uses the first and adds a warning.
   *
   * @throws TransferException EMPTY, NOT_AN_IMAGE, UNSUPPORTED_FORMAT, CORRUPT_IMAGE,
   *     IMAGE_TOO_LARGE or IMAGE_TOO_SMALL; OUT_OF_MEMORY if other rows occupy the heap
   */
  public DecodedImage decode(byte[] bytes) {
    return reading(bytes, format -> decode(bytes, format, true));
  }

  /**
   * Decodes an output of this program: like {@link #decode(byte[])}, but transparent pixels of a
   * PNG have the colours that are stored.
   */
  public RgbImage decodeOutput(byte[] bytes) {
    return reading(bytes, format -> decode(bytes, format, false)).image();
  }

  /**
   * The number of pixels that the header states.
   *
   * @throws TransferException as {@link #decode(byte[])} does
   */
  public long pixels(byte[] bytes) {
    return reading(
        bytes,
        format -> {
          ImageHeader header = DECODERS.get(format).apply(bytes).header();
          return (long) header.width() * header.height();
        });
  }

  /**
   * The largest memory that decoding may need, in bytes of heap.
   *
   * @throws TransferException as {@link #decode(byte[])} does
   */
  public long peakBytes(byte[] bytes) {
    return pixels(bytes) * PEAK_BYTES_PER_PIXEL;
  }

  /** Reads something from a file of a format. */
  private interface Reading<T> {
    T of(ImageFormat format) throws IOException;
  }

  private <T> T reading(byte[] bytes, Reading<T> reading) {
    ImageFormat format = FormatSniffer.sniff(bytes);
    limits.checkBytes(bytes.length);
    try {
      return reading.of(format);
    } catch (TransferException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) { // a decoder may throw any
      if (saysUnsupported(e)) {
        throw new TransferException(
            ErrorCode.UNSUPPORTED_FORMAT,
            "Unsupported image: this kind of " + format + " is not read: " + e.getMessage(),
            e);
      }
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt " + format + ": it cannot be decoded: " + Causes.message(e),
          e);
    } catch (OutOfMemoryError e) {
      // The image needs more than its header states. The failed allocation is already released.
      throw new TransferException(
          ErrorCode.OUT_OF_MEMORY, "The heap was too small to decode this " + format, e);
    }
  }

  private DecodedImage decode(byte[] bytes, ImageFormat format, boolean onWhite)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    FormatDecoder decoder = DECODERS.get(format).apply(bytes);
    ImageHeader stored = decoder.header();
    decoder.noteOtherFrames(warnings);
    Orientation orientation = decoder.orientation(warnings);
    ImageHeader header = upright(stored, orientation);
    limits.checkSize(header.width(), header.height());
    checkHeap(header);
    RgbImage image =
        orientation.upright(onWhite ? decoder.decode(warnings) : decoder.decodeAsStored(warnings));
    return new DecodedImage(image, warnings, CreditsReader.of(bytes, format));
  }

  private static ImageHeader upright(ImageHeader stored, Orientation orientation) {
    return orientation.swapsSides() ? stored.turned() : stored;
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

  /**
   * Whether a reader failed because it does not support the kind of file, and not because of
   * damage.
   */
  private static boolean saysUnsupported(Throwable failure) {
    String sentence = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof UnsupportedOperationException
        || sentence.contains("unsupported")
        || sentence.contains("not supported");
  }
}
