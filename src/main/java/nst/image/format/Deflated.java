package nst.image.format;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Data in zlib's format (RFC 1950), decompressed up to a limit. */
public final class Deflated {
  private static final int BUFFER_BYTES = 8192;

  private Deflated() {}

  public static byte[] deflate(byte[] data) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(data);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * Decompresses the bytes from an offset to the end.
   *
   * @return empty if the data is damaged, truncated or larger than {@code maxBytes}
   */
  public static Optional<byte[]> inflate(byte[] packed, int offset, int maxBytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, offset, packed.length - offset);
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          return Optional.empty();
        }
        if (data.size() + count > maxBytes) {
          return Optional.empty();
        }
        data.write(buffer, 0, count);
      }
      return Optional.of(data.toByteArray());
    } catch (DataFormatException e) {
      return Optional.empty();
    } finally {
      inflater.end();
    }
  }
}
