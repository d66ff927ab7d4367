package nst.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes that are read in parts. */
interface ByteSource {
  /** The number of bytes. */
  long size() throws IOException;

  /** Reads {@code length} bytes, which must be there. */
  byte[] read(long from, int length) throws IOException;

  /** The bytes of a file on this machine. */
  static ByteSource of(Path file) {
    return new ByteSource() {
      @Override
      public long size() throws IOException {
        return java.nio.file.Files.size(file);
      }

      @Override
      public byte[] read(long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
          ByteBuffer bytes = ByteBuffer.allocate(length);
          while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
              throw new IOException("The file ended while it was read");
            }
          }
          return bytes.array();
        }
      }
    };
  }
}
