package nst.engine;

import java.util.function.Supplier;
import nst.image.RgbImage;
import nst.model.LossSample;

/** Receives the iterates of an optimisation. It is called on the optimisation's thread. */
@FunctionalInterface
public interface IterateListener {

  /**
   * An iterate was computed.
   *
   * @param sample its losses
   * @param picture makes its picture, clamped and with the colours of the optimisation. It can only
   *     be used during this call, and takes about as long as saving an image of this size
   */
  void computed(LossSample sample, Supplier<RgbImage> picture);

  /** A listener that passes each iterate to this one and then to another. */
  default IterateListener and(IterateListener other) {
    return (sample, picture) -> {
      computed(sample, picture);
      other.computed(sample, picture);
    };
  }
}
