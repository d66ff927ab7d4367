package nst.job;

import java.nio.file.Path;
import java.util.Iterator;
import nst.storage.ObjectStore;

/**
 * A store in which something happens after each object that is read.
 *
 * @param then what happens
 */
record ObservedStore(ObjectStore store, Runnable then) implements ObjectStore {
  @Override
  public byte[] read(String uri, long maxBytes) {
    byte[] bytes = store.read(uri, maxBytes);
    then.run();
    return bytes;
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
  public Iterator<String> list(String folder) {
    return store.list(folder);
  }
}
