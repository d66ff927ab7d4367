package nst.storage;

import java.nio.file.Path;
import java.util.Iterator;

/** Forwards every call to another store. A test overrides single methods. */
public abstract class ForwardingStore implements ObjectStore {
  private final ObjectStore store;

  protected ForwardingStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    return store.read(uri, maxBytes);
  }

  @Override
  public void write(String uri, byte[] bytes) {
    store.write(uri, bytes);
  }

  @Override
  public void write(String uri, Path file) {
    store.write(uri, file);
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    return store.create(uri, bytes);
  }

  @Override
  public boolean exists(String uri) {
    return store.exists(uri);
  }

  @Override
  public void delete(String uri) {
    store.delete(uri);
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    return store.objects(folder);
  }

  @Override
  public Iterator<String> list(String folder) {
    return store.list(folder);
  }
}
