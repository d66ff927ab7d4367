package nst.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * {@link ObjectStore} on this machine's files. Hadoop's own would leave a checksum file beside
 * each.
 */
final class LocalObjectStore implements ObjectStore {

  static Path path(String uri) {
    return Path.of(uri.substring("file:".length()));
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    try {
      long size = Files.size(regular(uri));
      HadoopObjectStore.requireAtMost(uri, size, maxBytes);
      return Files.readAllBytes(path(uri));
    } catch (IOException e) {
      throw failure("read", uri, e);
    }
  }

  @Override
  public void write(String uri, byte[] bytes) {
    Path target = path(uri);
    Path temporary = temporary(target);
    try {
      Files.createDirectories(target.getParent());
      Files.write(temporary, bytes);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    Path target = path(uri);
    Path temporary = temporary(target);
    try {
      Files.createDirectories(target.getParent());
      Files.write(temporary, bytes);
      try {
        Files.createLink(target, temporary); // whole or not at all, and never over another
        return true;
      } finally {
        Files.delete(temporary);
      }
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  private static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
  }

  @Override
  public boolean exists(String uri) {
    return Files.isRegularFile(path(uri));
  }

  @Override
  public void delete(String uri) {
    try {
      Files.deleteIfExists(path(uri));
    } catch (IOException e) {
      throw failure("delete", uri, e);
    }
  }

  @Override
  public Iterator<String> list(String folder) {
    Path root = path(folder);
    if (!Files.isDirectory(root)) {
      return List.<String>of().iterator();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(file -> "file:" + file)
          .sorted()
          .toList()
          .iterator();
    } catch (IOException | UncheckedIOException e) {
      throw failure("list", folder, e);
    }
  }

  private static Path regular(String uri) throws IOException {
    Path path = path(uri);
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return path;
  }

  private static TransferException failure(String verb, String uri, Exception e) {
    if (e instanceof NoSuchFileException) {
      return new TransferException(
          ErrorCode.NOT_FOUND,
          "Cannot " + verb + " " + uri + ": no such file" + HadoopObjectStore.hint(uri),
          e);
    }
    if (e instanceof AccessDeniedException) {
      return new TransferException(
          ErrorCode.ACCESS_DENIED, "Cannot " + verb + " " + uri + ": access denied", e);
    }
    return new TransferException(ErrorCode.IO_ERROR, "Cannot " + verb + " " + uri + ": " + e, e);
  }
}
