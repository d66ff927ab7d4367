package nst.weights;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The bytes of a file on a server, which must not change while they are read. */
final class RemoteRanges implements ByteSource {
  private final HttpFile file;
  private final Attempts attempts;
  private final Consumer<String> notes;
  private final AtomicLong bytesRead;
  private final long size;
  private final String version;

  /**
   * Asks for the first byte.
   *
   * @param bytesRead counts the bytes that were read
   * @throws nst.model.InvalidInputException if the server does not send ranges
   */
  RemoteRanges(HttpFile file, Attempts attempts, Consumer<String> notes, AtomicLong bytesRead) {
    this.file = file;
    this.attempts = attempts;
    this.notes = notes;
    this.bytesRead = bytesRead;
    HttpFile.Answer first = attempts.run(file, notes, this::first);
    size = first.size();
    version = first.version();
  }

  private HttpFile.Answer first() throws IOException {
    try (HttpFile.Answer answer = file.open(0, 1, "")) {
      if (!answer.isRange()) {
        throw file.refused(
            "the server sends only the whole file. Leave out --features-only, or name another"
                + " server with --from");
      }
      return answer;
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public byte[] read(long from, int length) {
    return attempts.run(file, notes, () -> part(from, length));
  }

  private byte[] part(long from, int length) throws IOException {
    try (HttpFile.Answer answer = file.open(from, from + length, version)) {
      if (!answer.isRange() || answer.size() != size || !answer.version().equals(version)) {
        throw file.refused("the file changed while it was read; run the same command again");
      }
      byte[] bytes = answer.body().readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("the connection ended early");
      }
      bytesRead.addAndGet(length);
      return bytes;
    }
  }
}
