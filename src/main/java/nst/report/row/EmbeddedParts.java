package nst.report.row;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nst.model.text.Sha256;

/**
 * The parts of a page that is one file. They are stored in a temporary file until the page is
 * written, so that only one is on the heap.
 */
public final class EmbeddedParts implements PageParts, AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Map<String, Picture> known = new HashMap<>();
  private final List<EmbeddedPart> parts = new ArrayList<>();
  private long end;

  private EmbeddedParts(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Creates the temporary file.
   *
   * @param folder an existing folder for the file
   * @throws UncheckedIOException if it cannot be created
   */
  public static EmbeddedParts in(Path folder) {
    Path file = folder.resolve("parts");
    try {
      return new EmbeddedParts(
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

  @Override
  public synchronized Picture picture(byte[] jpeg, int width, int height) {
    return known.computeIfAbsent(
        Sha256.hex(jpeg),
        digest -> {
          String id = "picture-" + known.size();
          String base64 = Base64.getEncoder().encodeToString(jpeg);
          keep(id, "text/plain", "data:image/jpeg;base64," + base64);
          return new Picture("#" + id, width, height);
        });
  }

  @Override
  public synchronized void data(String name, Object value, boolean onOpening) {
    keep("data-" + name, "application/json", PageJson.text(value));
  }

  private void keep(String id, String type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
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
    parts.add(new EmbeddedPart(id, type, () -> read(start, length)));
  }

  private String read(long start, int length) {
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
    return new String(buffer.array(), StandardCharsets.UTF_8);
  }

  @Override
  public List<String> scripts() {
    return List.of();
  }

  @Override
  public List<EmbeddedPart> embedded() {
    return List.copyOf(parts);
  }

  /** Closes and deletes the temporary file. */
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
