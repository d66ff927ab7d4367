package nst.storage;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Reads and writes whole objects by URI. Rows access storage only through this interface.
 *
 * <p>Every method throws {@link TransferException} on failure, with one of the codes NOT_FOUND,
 * BUCKET_NOT_FOUND, ACCESS_DENIED, THROTTLED, SOURCE_CHANGED, IMAGE_TOO_LARGE and IO_ERROR.
 */
public interface ObjectStore {

  /**
   * Reads a whole object.
   *
   * @param maxBytes a larger object is refused before it is read
   */
  byte[] read(String uri, long maxBytes);

  /** Creates or replaces an object atomically: readers see either the old bytes or the new ones. */
  void write(String uri, byte[] bytes);

  /**
   * Creates or replaces an object atomically with the bytes of a local file. The file is streamed,
   * not loaded into the heap.
   */
  void write(String uri, Path file);

  /**
   * Creates an object only if it does not exist.
   *
   * @return whether the object was created
   */
  boolean create(String uri, byte[] bytes);

  boolean exists(String uri);

  /** Deletes an object; does nothing if it does not exist. */
  void delete(String uri);

  /** The URIs of all objects below a folder, at any depth; empty if the folder does not exist. */
  Iterator<String> list(String folder);

  /** Like {@link #list}, with the version of each object. */
  Iterator<StoredObject> objects(String folder);

  /**
   * Checks the size of an object before it is read.
   *
   * @throws TransferException IMAGE_TOO_LARGE if it has more bytes
   */
  static void requireAtMost(String uri, long size, long maxBytes) {
    if (size > maxBytes) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "Cannot read %s: expected at most %,d bytes, has %,d",
              uri,
              maxBytes,
              size));
    }
  }
}
