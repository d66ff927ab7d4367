package nst.spark;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;
import nst.storage.StoredObject;

/**
 * The inputs and results of rows as objects with URIs, so that the stages of a task can be used for
 * them: bytes in rows, style images that the driver has read, and objects in storage. Results stay
 * in memory. All threads of a task may use it.
 */
final class RowObjects implements ObjectStore {
  private static final String DIGEST = "sha256:";

  private final Map<String, byte[]> styles;
  private final ObjectStore storage;
  private final Map<String, byte[]> inRows = new ConcurrentHashMap<>();
  private final Map<String, byte[]> results = new ConcurrentHashMap<>();

  /**
   * @param styles the bytes of style images by URI
   * @param storage where other URIs are read
   */
  RowObjects(Map<String, byte[]> styles, ObjectStore storage) {
    this.styles = new HashMap<>(styles);
    this.storage = storage;
  }

  /** Adds bytes; returns their URI, which contains their digest. */
  String put(byte[] bytes) {
    String uri = DIGEST + Sha256.hex(bytes);
    inRows.put(uri, bytes);
    return uri;
  }

  /** The bytes written to a URI. */
  Optional<byte[]> result(String uri) {
    return Optional.ofNullable(results.get(uri));
  }

  /** Forgets the bytes of the rows so far, and their results. */
  void clear() {
    inRows.clear();
    results.clear();
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    byte[] bytes = inRows.getOrDefault(uri, styles.get(uri));
    if (bytes == null) {
      return storage.read(uri, maxBytes);
    }
    ObjectStore.requireAtMost(uri, bytes.length, maxBytes);
    return bytes;
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    return results.putIfAbsent(uri, bytes) == null;
  }

  @Override
  public boolean exists(String uri) {
    return results.containsKey(uri);
  }

  @Override
  public void write(String uri, byte[] bytes) {
    results.put(uri, bytes);
  }

  @Override
  public void write(String uri, Path file) {
    throw unused();
  }

  @Override
  public void delete(String uri) {
    throw unused();
  }

  @Override
  public Iterator<String> list(String folder) {
    throw unused();
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    throw unused();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("rows are not listed, deleted or read from files");
  }
}
