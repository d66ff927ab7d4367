package nst.engine.stylenetwork;

import nst.image.RgbImage;

/**
 * What one image adds to a training step.
 *
 * @param photo a crop, already of the size that is trained at
 * @param look which of the network's looks, from 0
 * @param crop a number that only this crop has. A trainer keeps what it has computed of a crop that
 *     is used again; {@link #ONCE} if it is not
 */
public record TrainingSample(RgbImage photo, int look, long crop) {
  /** The number of all crops that are used once. */
  public static final long ONCE = -1;

  /** A photo that is used once. */
  public TrainingSample(RgbImage photo, int look) {
    this(photo, look, ONCE);
  }
}
