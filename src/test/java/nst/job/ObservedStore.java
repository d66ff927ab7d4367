package nst.job;

import nst.storage.ForwardingStore;
import nst.storage.ObjectStore;

/** A store in which something happens after each object that is read. */
final class ObservedStore extends ForwardingStore {
  private final Runnable then;

  /**
   * @param then what happens
   */
  ObservedStore(ObjectStore store, Runnable then) {
    super(store);
    this.then = then;
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    byte[] bytes = super.read(uri, maxBytes);
    then.run();
    return bytes;
  }
}
