package nst.job.executor;

import nst.storage.ForwardingStore;
import nst.storage.ObjectStore;

/** Calls a function after each read. */
final class ObservedStore extends ForwardingStore {
  private final Runnable then;

  /**
   * Creates the store.
   *
   * @param then called after each read
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
