package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import nst.engine.network.Arithmetic;
import nst.image.RgbImage;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The style networks on a device, shared by all threads. Each is loaded when it is first needed;
 * the ones that were used last stay loaded.
 */
public final class StyleNetworkBank implements AutoCloseable {
  /** A network of the usual width has 7 MB. A batch of rows usually needs one. */
  static final int MOST_KEPT = 4;

  /** The first convolution mirrors four pixels at each side. */
  private static final int LEAST_SIDE = 5;

  private final NDManager manager;
  private final Map<String, Loaded> loaded = new LinkedHashMap<>(16, 0.75f, true);

  /** A network and the number of threads that are computing with it. */
  private static final class Loaded {
    private final StyleNetwork network;
    private int users;

    Loaded(StyleNetwork network) {
      this.network = network;
    }
  }

  public StyleNetworkBank(NDManager parent) {
    this.manager = parent.newSubManager();
  }

  /**
   * The picture that a network makes of a photo, of the photo's size.
   *
   * @throws TransferException with {@link ErrorCode#IMAGE_TOO_SMALL}
   */
  public RgbImage picture(NetworkStart start, RgbImage photo, Arithmetic arithmetic) {
    if (Math.min(photo.width(), photo.height()) < LEAST_SIDE) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_SMALL,
          "Cannot stylise a content of "
              + photo.width()
              + " x "
              + photo.height()
              + " px: a style network needs sides of at least "
              + LEAST_SIDE
              + " px");
    }
    Loaded one = take(start);
    try {
      return one.network.picture(photo, start.shares(), arithmetic);
    } finally {
      giveBack(one);
    }
  }

  private synchronized Loaded take(NetworkStart start) {
    Loaded one =
        loaded.computeIfAbsent(start.sha256(), digest -> new Loaded(start.file().on(manager)));
    one.users++;
    return one;
  }

  private synchronized void giveBack(Loaded one) {
    one.users--;
    Iterator<Loaded> eldestFirst = loaded.values().iterator();
    while (loaded.size() > MOST_KEPT && eldestFirst.hasNext()) {
      Loaded eldest = eldestFirst.next();
      if (eldest.users == 0) {
        eldest.network.close();
        eldestFirst.remove();
      }
    }
  }

  /** The number of networks on the device. */
  synchronized int size() {
    return loaded.size();
  }

  @Override
  public synchronized void close() {
    loaded.clear();
    manager.close();
  }
}
