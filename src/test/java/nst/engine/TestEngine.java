package nst.engine;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;

/** An engine with the seeded VGG19, shared by all tests of the JVM, and test images. */
public final class TestEngine {
  private static final TorchDevice DEVICE = TorchDevice.open(DeviceName.CPU);
  private static final StyleTransfer ENGINE =
      StyleTransfer.open(DEVICE, NetworkWeights.seeded(Backbone.VGG19));

  /**
   * A recipe with few layers in single precision, which takes milliseconds. It tests the program
   * and not the image.
   */
  private static final String SHALLOW =
      """
      precision=float32
      backbone=vgg19
      init=content
      image_size=48
      num_iterations=4
      content_layers=relu2_1:1
      style_layers=relu1_1:0.5,relu2_1:0.5
      """;

  private TestEngine() {}

  public static TorchDevice device() {
    return DEVICE;
  }

  static StyleTransfer engine() {
    return ENGINE;
  }

  /** The preset balanced with few layers and these values. */
  public static Hyperparameters shallow(String lines) {
    return with(with(Preset.BALANCED.hyperparameters(), SHALLOW), lines);
  }

  public static Hyperparameters with(Hyperparameters hyperparameters, String lines) {
    Hyperparameters changed = hyperparameters;
    for (String line : lines.lines().filter(text -> !text.isBlank()).toList()) {
      String[] pair = line.strip().split("=", 2);
      changed = changed.with(Knob.named(pair[0]).orElseThrow(), pair[1]);
    }
    return changed;
  }

  public static SourceImages images(int width, int height) {
    return new SourceImages(
        photo(width, height), List.of(style(painting(64, 48), "painting")), Optional.empty());
  }

  /**
   * The same with a photo without equal neighbourhoods. In the flat disc of {@link #photo}, max
   * pooling has ties, and rounding decides which pixel gets the gradient.
   */
  public static SourceImages imagesWithoutTies(int width, int height) {
    RgbImage flat = photo(width, height);
    float[] planes = flat.planes().clone();
    Random random = new Random(5);
    for (int i = 0; i < planes.length; i++) {
      planes[i] += 0.1f * (random.nextFloat() - 0.5f);
    }
    return new SourceImages(
        new RgbImage(width, height, planes),
        List.of(style(painting(64, 48), "painting")),
        Optional.empty());
  }

  static StyleImage style(RgbImage image, String identity) {
    return new StyleImage(image, 1, Optional.empty(), Optional.empty(), identity);
  }

  static StylizedImage stylize(SourceImages images, Hyperparameters hyperparameters) {
    return ENGINE.stylize(images, hyperparameters, sample -> {});
  }

  /** A disc on a gradient of colours. */
  static RgbImage photo(int width, int height) {
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      double x = (i % width + 0.5) / width;
      int row = i / width;
      double y = (row + 0.5) / height;
      boolean disc = Math.hypot(x - 0.6, y - 0.4) < 0.25;
      planes[i] = (float) (disc ? 0.9 : 0.2 + 0.4 * x);
      planes[width * height + i] = (float) (disc ? 0.7 : 0.3 + 0.4 * y);
      planes[2 * width * height + i] = (float) (disc ? 0.2 : 0.8 - 0.4 * x * y);
    }
    return new RgbImage(width, height, planes);
  }

  /** Waves of warm colours. */
  static RgbImage painting(int width, int height) {
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      double x = (i % width + 0.5) / width;
      int row = i / width;
      double y = (row + 0.5) / height;
      double wave = 0.5 + 0.5 * Math.sin(40 * x + 9 * Math.sin(7 * y));
      planes[i] = (float) (0.3 + 0.6 * wave);
      planes[width * height + i] = (float) (0.2 + 0.5 * wave * y);
      planes[2 * width * height + i] = (float) (0.1 + 0.3 * (1 - wave));
    }
    return new RgbImage(width, height, planes);
  }

  /** White to the left of a line, black to its right. */
  static RgbImage leftMask(int width, int height) {
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = i % width < width / 2 ? 1 : 0;
    }
    return new RgbImage(width, height, planes);
  }

  /** One value everywhere. */
  static RgbImage flat(int width, int height, float value) {
    float[] planes = new float[3 * width * height];
    java.util.Arrays.fill(planes, value);
    return new RgbImage(width, height, planes);
  }
}
