package nst.image.codec;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.JpegSegments;
import nst.model.text.Sha256;

/**
 * SHA-256 of the pixels of an output file, without its record. A record with this digest belongs to
 * these pixels.
 *
 * <p>For a PNG, it is the digest of the decoded pixels: width and height as four bytes each, then
 * red, green and blue as one byte each, row by row; compressing a file again does not change it.
 * For a JPEG, whose pixels depend on the decoder, it is the digest of the file without its XMP
 * segments.
 */
public final class PixelDigest {
  private static final Set<String> RECORD_SEGMENTS =
      Set.of("http://ns.adobe.com/xap/1.0/\0", "http://ns.adobe.com/xmp/extension/\0");

  /** Output images are limited only by the heap. */
  private static final ImageLimits NO_LIMITS =
      new ImageLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1, Double.MAX_VALUE);

  private PixelDigest() {}

  /**
   * The digest in lower-case hex.
   *
   * @param file PNG or JPEG
   * @throws nst.model.TransferException EMPTY, NOT_AN_IMAGE, UNSUPPORTED_FORMAT or CORRUPT_IMAGE;
   *     IMAGE_TOO_LARGE or OUT_OF_MEMORY if the pixels do not fit into the heap
   */
  public static String of(byte[] file) {
    return FormatSniffer.sniff(file) == ImageFormat.JPEG
        ? ofJpeg(file)
        : ofPixels(new ImageDecoder(NO_LIMITS).decode(file).image());
  }

  /** The digest of an image as in an 8-bit PNG, rounded by {@link Rounding}. */
  static String ofPixels(RgbImage image) {
    MessageDigest digest = Sha256.digest();
    update(digest, image.width());
    update(digest, image.height());
    int area = image.width() * image.height();
    byte[] row = new byte[3 * image.width()];
    float[] planes = image.planes();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        for (int channel = 0; channel < 3; channel++) {
          float value = planes[channel * area + y * image.width() + x];
          row[3 * x + channel] = (byte) Rounding.toLevel(value);
        }
      }
      digest.update(row);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, int number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (number >> shift));
    }
  }

  private static String ofJpeg(byte[] file) {
    MessageDigest digest = Sha256.digest();
    JpegSegments segments = JpegSegments.of(file);
    int done = 0;
    for (JpegSegments.Segment segment : segments.all()) {
      boolean isRecord =
          segment.marker() == JpegSegments.APP1
              && RECORD_SEGMENTS.stream().anyMatch(name -> segments.begins(segment, name));
      if (isRecord) {
        digest.update(file, done, segment.offset() - 4 - done);
        done = segment.offset() + segment.length();
      }
    }
    digest.update(file, done, file.length - done);
    return HexFormat.of().formatHex(digest.digest());
  }
}
