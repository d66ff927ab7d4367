package nst.storage;

/**
 * An object in a listing.
 *
 * @param uri absolute
 * @param version changes when the bytes are replaced: the ETag, or else the modification time and
 *     the size
 */
public record StoredObject(String uri, String version) {
  /** The version of an object that has an ETag. */
  static StoredObject tagged(String uri, String etag) {
    return new StoredObject(uri, "etag=" + etag.replace("\"", ""));
  }

  /** The version of an object that has none. */
  static StoredObject modified(String uri, java.time.Instant modified, long bytes) {
    return new StoredObject(uri, "modified=" + modified + ",bytes=" + bytes);
  }
}
