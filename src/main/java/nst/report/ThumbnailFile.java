package nst.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Stores the pictures of a page in a temporary file, so that only one at a time is on the heap.
 * Pictures can be read until it is closed. Not thread-safe.
 */
public final class ThumbnailFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Map<String, PageImage> kept = new HashMap<>();
  private long end;

  private ThumbnailFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Creates an empty file.
   *
   * @param folder an existing folder for the file
   * @throws UncheckedIOException if it cannot be created
   */
  public static ThumbnailFile in(Path folder) {
    Path file = folder.resolve("pictures");
    try {
      return new ThumbnailFile(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + file, e);
    }
  }

  /**
   * Stores a picture and returns it with its bytes in this file. Equal pictures are stored once.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public PageImage keep(PageImage image) {
    PageImage known = kept.get(image.digest());
    if (known != null) {
      return known;
    }
    byte[] bytes = image.bytes();
    long start = end;
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        end += channel.write(buffer, end);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    int length = bytes.length; // do not keep a reference to the bytes
    PageImage added = image.readFrom(() -> read(start, length));
    kept.put(image.digest(), added);
    return added;
  }

  private byte[] read(long start, int length) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, start + buffer.position()) < 0) {
          throw new IOException("it is shorter than expected");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return buffer.array();
  }

  /** Closes and deletes the file. */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + file, e);
    }
  }
}
