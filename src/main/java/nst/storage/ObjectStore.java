package nst.storage;

import java.nio.file.Path;
import java.util.Iterator;

/**
 * Whole objects by URI. The only way by which rows read and write bytes.
 *
 * <p>Every method fails with a {@link nst.model.TransferException} whose code says what happened:
 * NOT_FOUND, BUCKET_NOT_FOUND, ACCESS_DENIED, THROTTLED, SOURCE_CHANGED, IMAGE_TOO_LARGE or
 * IO_ERROR.
 */
public interface ObjectStore {

  /**
   * All bytes of an object.
   *
   * @param maxBytes an object with more is refused before it is read
   */
  byte[] read(String uri, long maxBytes);

  /** Makes or replaces an object, in one step: readers see the old bytes or the new ones. */
  void write(String uri, byte[] bytes);

  /**
   * Makes or replaces an object of a local file's bytes, as above; the heap holds a part of them.
   */
  void write(String uri, Path file);

  /** Makes an object only if there is none; says whether it did. */
  boolean create(String uri, byte[] bytes);

  boolean exists(String uri);

  /** Removes an object; does nothing where there is none. */
  void delete(String uri);

  /** The URIs of all objects under a folder, at any depth; none where there is no such folder. */
  Iterator<String> list(String folder);
}
