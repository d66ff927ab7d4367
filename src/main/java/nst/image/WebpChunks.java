package nst.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The chunks of a WebP file (RFC 9649): only what its reader leaves to us, the EXIF. */
final class WebpChunks {
  private static final int FIRST_CHUNK = 12;
  private static final int CHUNK_HEADER = 8;

  private WebpChunks() {}

  static Optional<byte[]> exif(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = FIRST_CHUNK;
    while (at + CHUNK_HEADER <= file.length) {
      long length = buffer.getInt((int) at + 4) & 0xFFFFFFFFL;
      long end = at + CHUNK_HEADER + length;
      if (end > file.length) {
        return Optional.empty();
      }
      if (FormatSniffer.startsWith(file, (int) at, 'E', 'X', 'I', 'F')) {
        int start = (int) at + CHUNK_HEADER;
        boolean isPrefixed = FormatSniffer.startsWith(file, start, 'E', 'x', 'i', 'f', 0, 0);
        return Optional.of(Arrays.copyOfRange(file, isPrefixed ? start + 6 : start, (int) end));
      }
      at = end + (length & 1); // chunks are padded to even lengths
    }
    return Optional.empty();
  }
}
