package nst.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * {@link ObjectStore} on local files. Hadoop's local file system would write a checksum file beside
 * each.
 */
final class LocalObjectStore implements ObjectStore {

  @Override
  public byte[] read(String uri, long maxBytes) {
    try {
      long size = Files.size(regular(uri));
      ObjectStore.requireAtMost(uri, size, maxBytes);
      return Files.readAllBytes(Uris.path(uri));
    } catch (IOException e) {
      throw failure("read", uri, e);
    }
  }

  /** Like {@link #read(String, long)}, but checks the policy while the file is opened. */
  byte[] read(String uri, long maxBytes, UriPolicy policy) {
    if (policy.trusted().contains(uri)) {
      return read(uri, maxBytes);
    }
    try {
      return ConfinedFile.read(policy, uri, maxBytes);
    } catch (IOException e) {
      throw failure("read", uri, e);
    }
  }

  @Override
  public void write(String uri, byte[] bytes) {
    put(uri, temporary -> Files.write(temporary, bytes), LocalObjectStore::replace);
  }

  @Override
  public void write(String uri, Path file) {
    put(uri, temporary -> Files.copy(file, temporary), LocalObjectStore::replace);
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    // Creating a hard link is atomic and never replaces a file.
    return put(uri, temporary -> Files.write(temporary, bytes), LocalObjectStore::link);
  }

  /** Writes the content of the temporary file. */
  private interface Filling {
    void of(Path temporary) throws IOException;
  }

  /** Moves the complete temporary file to its final name. */
  private interface Naming {
    boolean of(Path temporary, Path target) throws IOException;
  }

  private static boolean replace(Path temporary, Path target) throws IOException {
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private static boolean link(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Writes by way of a temporary file, which is always deleted: on a full disk it would otherwise
   * remain.
   */
  private static boolean put(String uri, Filling filling, Naming naming) {
    Path target = Uris.path(uri);
    Path temporary = temporary(target);
    try {
      Files.createDirectories(target.getParent());
      try {
        filling.of(temporary);
        return naming.of(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  private static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
  }

  @Override
  public boolean exists(String uri) {
    return Files.isRegularFile(Uris.path(uri));
  }

  @Override
  public void delete(String uri) {
    try {
      if (Files.exists(
          Uris.path(uri), LinkOption.NOFOLLOW_LINKS)) { // false, for example, if a parent is a file
        Files.deleteIfExists(Uris.path(uri));
      }
    } catch (IOException e) {
      throw failure("delete", uri, e);
    }
  }

  @Override
  public Iterator<String> list(String folder) {
    Path root = Uris.path(folder);
    if (!Files.isDirectory(root)) {
      return List.<String>of().iterator();
    }
    return LocalTree.files(
            root,
            Integer.MAX_VALUE,
            file -> !file.getFileName().toString().startsWith("."),
            (file, fault) -> {
              throw failure("list", folder, fault);
            })
        .stream()
        .map(file -> "file:" + file)
        .iterator();
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    Iterator<String> uris = list(folder);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return uris.hasNext();
      }

      @Override
      public StoredObject next() {
        return stored(uris.next());
      }
    };
  }

  private static StoredObject stored(String uri) {
    try {
      BasicFileAttributes file = Files.readAttributes(Uris.path(uri), BasicFileAttributes.class);
      return StoredObject.modified(uri, file.lastModifiedTime().toInstant(), file.size());
    } catch (IOException e) {
      throw failure("list", uri, e);
    }
  }

  private static Path regular(String uri) throws IOException {
    Path path = Uris.path(uri);
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return path;
  }

  private static TransferException failure(String verb, String uri, Exception e) {
    String words = "Cannot " + verb + " " + uri + ": ";
    if (e instanceof NoSuchFileException) {
      return new TransferException(ErrorCode.NOT_FOUND, words + "no such file" + Uris.hint(uri), e);
    }
    if (e instanceof AccessDeniedException) {
      return new TransferException(ErrorCode.ACCESS_DENIED, words + "access denied", e);
    }
    return new TransferException(ErrorCode.IO_ERROR, words + reason(e), e);
  }

  /**
   * The operating system's message, such as {@code No space left on device}, without temporary file
   * names.
   */
  private static String reason(Exception e) {
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is a file, expected a folder";
    }
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : e.toString();
  }
}
