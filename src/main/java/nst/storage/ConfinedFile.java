package nst.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Set;

/**
 * Opens a file below a folder without following links. Each path element is opened relative to its
 * parent directory, so a link created between the check and the read has no effect.
 */
final class ConfinedFile {
  private ConfinedFile() {}

  /**
   * Reads a local file.
   *
   * @throws nst.model.TransferException URI_NOT_ALLOWED if the file is outside the policy's folders
   *     or its path changes while it is opened; IMAGE_TOO_LARGE
   * @throws NoSuchFileException if there is no regular file
   */
  static byte[] read(UriPolicy policy, String uri, long maxBytes) throws IOException {
    policy.require(uri);
    Path file = Uris.path(uri).toRealPath();
    Path folder = policy.folderOf(file).orElseThrow(() -> policy.refused(uri));
    try (DirectoryStream<Path> start = Files.newDirectoryStream(folder)) {
      return read(secure(start), folder.relativize(file), uri, maxBytes);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (Uris.path(uri).toRealPath().equals(file)) {
        throw e; // the path has not changed: the error has another cause
      }
      throw policy.refused(uri);
    }
  }

  static byte[] read(SecureDirectoryStream<Path> directory, Path below, String uri, long maxBytes)
      throws IOException {
    Path name = below.getName(0);
    if (below.getNameCount() > 1) {
      try (SecureDirectoryStream<Path> next =
          directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        return read(next, below.subpath(1, below.getNameCount()), uri, maxBytes);
      }
    }
    BasicFileAttributeView attributes =
        directory.getFileAttributeView(
            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.readAttributes().isRegularFile()) { // reading a pipe might never end
      throw new NoSuchFileException(name.toString());
    }
    try (SeekableByteChannel channel =
        directory.newByteChannel(
            name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ObjectStore.requireAtMost(uri, channel.size(), maxBytes);
      return bytes(channel, uri);
    }
  }

  private static byte[] bytes(SeekableByteChannel channel, String uri) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException(
            "expected " + bytes.capacity() + " bytes of " + uri + ", read " + bytes.position());
      }
    }
    return bytes.array();
  }

  static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException(
        "expected a file system that supports SecureDirectoryStream, as on Linux");
  }
}
