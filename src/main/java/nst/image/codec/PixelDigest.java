package nst.image.codec;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.JpegSegments;
import nst.image.format.PngChunks;
import nst.model.text.Sha256;

/**
 * SHA-256 of the pixels of an output file, without its record. A record with this digest belongs to
 * these pixels.
 *
 * <p>For a PNG, it is the digest of the decoded pixels: width and height as four bytes each, then
 * red, green, blue and, if there are transparent pixels, alpha as one byte each, row by row, or as
 * two bytes each if the file has 16 bits; compressing a file again does not change it. For a JPEG,
 * whose pixels depend on the decoder, it is the digest of the file without its XMP segments.
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
    ImageFormat format = FormatSniffer.sniff(file);
    if (format == ImageFormat.JPEG) {
      return ofJpeg(file);
    }
    int bits = format == ImageFormat.PNG && PngChunks.of(file).bitDepth() == 16 ? 16 : 8;
    return ofPixels(new ImageDecoder(NO_LIMITS).decodeOutput(file), bits);
  }

  /** The digest of an image as in a PNG of 8 or 16 bits, rounded by {@link Rounding}. */
  static String ofPixels(RgbImage image, int bits) {
    MessageDigest digest = Sha256.digest();
    update(digest, image.width());
    update(digest, image.height());
    int area = image.width() * image.height();
    float[] planes = image.planes();
    Optional<float[]> alpha = Rounding.alpha(image, bits);
    int samples = (alpha.isPresent() ? 4 : 3) * image.width();
    ByteBuffer row = ByteBuffer.allocate(samples * bits / 8);
    for (int y = 0; y < image.height(); y++) {
      row.clear();
      for (int x = 0; x < image.width(); x++) {
        int at = y * image.width() + x;
        for (int channel = 0; channel < 3; channel++) {
          put(row, planes[channel * area + at], bits);
        }
        if (alpha.isPresent()) {
          put(row, alpha.get()[at], bits);
        }
      }
      digest.update(row.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void put(ByteBuffer row, float value, int bits) {
    int level = Rounding.toLevel(value, bits);
    if (bits == 16) {
      row.putShort((short) level);
    } else {
      row.put((byte) level);
    }
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
