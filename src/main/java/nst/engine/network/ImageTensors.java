package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Random;
import nst.image.RgbImage;
import nst.image.Size;

/** Converts images to tensors and back. */
public final class ImageTensors {
  /** The number of bilinear interpolation in DJL's native code. */
  private static final int BILINEAR = 2;

  private ImageTensors() {}

  /** Converts an image to a tensor (1, 3, height, width), owned by libtorch. */
  public static NDArray of(NDManager manager, RgbImage image) {
    try (NDArray borrowed =
        manager.create(image.planes(), new Shape(1, 3, image.height(), image.width()))) {
      return borrowed.duplicate();
    }
  }

  public static RgbImage image(NDArray pixels) { // (1, 3, height, width)
    return new RgbImage(
        Math.toIntExact(pixels.getShape().get(3)),
        Math.toIntExact(pixels.getShape().get(2)),
        singles(pixels));
  }

  private static float[] singles(NDArray pixels) {
    try (NDArray single = pixels.toType(DataType.FLOAT32, true)) {
      return single.toFloatArray();
    }
  }

  /** Uniform noise in [0, 1). The same seed gives the same noise on every machine. */
  public static RgbImage noise(Size size, long seed) {
    Random random = new Random(seed);
    float[] planes = new float[Math.toIntExact(3 * size.area())];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = random.nextFloat();
    }
    return new RgbImage(size.width(), size.height(), planes);
  }

  /** (1 - share) * image + share * noise. */
  public static RgbImage mixed(RgbImage image, RgbImage noise, double share) {
    float[] planes = new float[image.planes().length];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (float) ((1 - share) * image.planes()[i] + share * noise.planes()[i]);
    }
    return new RgbImage(image.width(), image.height(), planes);
  }

  /** Resizes (1, channels, height, width), for an optimiser's memory. */
  public static NDArray resampled(NDArray x, Size size) {
    return JniUtils.interpolate(
        (PtNDArray) x, new long[] {size.height(), size.width()}, BILINEAR, false);
  }
}
