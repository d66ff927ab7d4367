package nst.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.text.Counts;
import nst.model.text.Sha256;

/**
 * Downloads a whole file of known length and digest into a partial file, and continues where an
 * earlier download stopped. A second file beside it has the address and the version of the server's
 * file, so that two versions are not mixed.
 */
final class Download {
  private static final int BUFFER_BYTES = 1 << 16;

  private final HttpFile file;
  private final PublishedNetwork network;
  private final Path part;
  private final Path versionFile;
  private final Attempts attempts;
  private final Consumer<String> notes;
  private final AtomicLong bytesRead;

  /**
   * @param part the partial file
   * @param notes receives what a user should know while it goes on
   * @param bytesRead is set to the bytes that are there
   */
  Download(
      HttpFile file,
      PublishedNetwork network,
      Path part,
      Attempts attempts,
      Consumer<String> notes,
      AtomicLong bytesRead) {
    this.file = file;
    this.network = network;
    this.part = part;
    this.versionFile = part.resolveSibling(part.getFileName() + ".version");
    this.attempts = attempts;
    this.notes = notes;
    this.bytesRead = bytesRead;
  }

  /**
   * Completes the partial file and checks its digest.
   *
   * @throws nst.model.InvalidInputException if the server has another file. Nothing of it is kept
   * @throws TransferException IO_ERROR if the connection or the disk fails. What has arrived is
   *     kept
   */
  void run() {
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try (FileLock lock = channel.tryLock()) {
        if (lock == null) {
          throw inUse();
        }
        attempts.run(file, notes, () -> complete(channel));
      }
    } catch (OverlappingFileLockException e) {
      throw inUse();
    } catch (IOException e) {
      throw unwritable(e);
    }
    requireDigest();
  }

  /** Finds out before it is read whether the server has another file. */
  static void requireSize(HttpFile file, PublishedNetwork network, long size) {
    if (size != network.bytes()) {
      throw file.refused(
          "expected a file of "
              + Counts.of(network.bytes(), "byte")
              + ", the server's has "
              + Counts.of(size, "byte"));
    }
  }

  /** Removes the partial file. */
  void delete() {
    try {
      Files.deleteIfExists(part);
      Files.deleteIfExists(versionFile);
    } catch (IOException e) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot delete " + part + ": " + reason(e), e);
    }
  }

  private TransferException inUse() {
    return new TransferException(
        ErrorCode.IO_ERROR, "Another process downloads the same file now, into " + part);
  }

  private Void complete(FileChannel channel) throws IOException {
    long present = Math.min(channel.size(), network.bytes());
    if (present == network.bytes()) {
      bytesRead.set(present);
      return null;
    }
    try (HttpFile.Answer answer = file.open(present, HttpFile.END, present > 0 ? known() : "")) {
      if (answer.size() >= 0) {
        requireSize(file, network, answer.size());
      }
      long from = answer.isRange() ? present : 0;
      if (from > 0) {
        notes.accept("Continuing after " + Counts.of(from, "byte") + ".");
      } else if (present > 0) {
        notes.accept(
            "Starting again from the beginning: the server's file has changed, or the server sends"
                + " only whole files.");
      }
      begin(channel, from, answer.version());
      append(channel, answer.body());
    }
    return null;
  }

  /** The version of the server's file that is here in part; empty if it is not known. */
  private String known() throws IOException {
    List<String> lines =
        Files.isRegularFile(versionFile) ? Files.readAllLines(versionFile) : List.of();
    return lines.size() > 1 && lines.get(0).equals(file.uri().toString()) ? lines.get(1) : "";
  }

  private void begin(FileChannel channel, long from, String version) {
    try {
      Files.write(versionFile, List.of(file.uri().toString(), version));
      channel.truncate(from).position(from);
      bytesRead.set(from);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void append(FileChannel channel, InputStream body) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      if (bytesRead.get() + read > network.bytes()) {
        throw file.refused(
            "expected a file of " + Counts.of(network.bytes(), "byte") + ", the server sends more");
      }
      write(channel, ByteBuffer.wrap(buffer, 0, read));
      bytesRead.addAndGet(read);
    }
    if (bytesRead.get() < network.bytes()) {
      throw new IOException(
          "the connection ended after "
              + Counts.of(bytesRead.get(), "byte")
              + " of "
              + Counts.of(network.bytes(), "byte"));
    }
  }

  private void write(FileChannel channel, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private TransferException unwritable(IOException e) {
    return new TransferException(ErrorCode.IO_ERROR, "Cannot write " + part + ": " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : String.valueOf(e.getMessage());
  }

  private void requireDigest() {
    notes.accept("Checking the digest ...");
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(part)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new TransferException(ErrorCode.IO_ERROR, "Cannot read " + part + ": " + reason(e), e);
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(network.sha256())) {
      delete();
      throw file.refused(
          "expected a file with sha256 "
              + network.sha256()
              + ", was "
              + found
              + ". It was deleted");
    }
  }
}
