package nst.engine;

import java.util.function.UnaryOperator;
import nst.engine.network.ImageTensors;
import nst.engine.source.SourceImages;
import nst.image.ColorTransfer;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;

/** The image that an optimisation starts from: {@code init}, mixed with noise. */
final class StartImage {
  private StartImage() {}

  /**
   * The start image, of the photo's size.
   *
   * @param content the photo at the first scale
   * @param network makes a picture of the photo, for init=network
   */
  static RgbImage of(
      Hyperparameters hyperparameters,
      SourceImages images,
      RgbImage content,
      UnaryOperator<RgbImage> network) {
    Size size = new Size(content.width(), content.height());
    RgbImage style = images.styles().get(0).image();
    RgbImage start =
        switch (hyperparameters.init()) {
          case CONTENT -> content;
          case STYLE -> resized(style, size);
          case RANDOM -> ImageTensors.noise(size, hyperparameters.seed());
          case IMAGE -> resized(images.init().orElseThrow(StartImage::noImage), size);
          case NETWORK -> network.apply(content);
          case RECOLORED -> ColorTransfer.recolored(content, style.palette());
        };
    return hyperparameters.noiseRatio() == 0
        ? start
        : ImageTensors.mixed(
            start, ImageTensors.noise(size, hyperparameters.seed()), hyperparameters.noiseRatio());
  }

  private static IllegalArgumentException noImage() {
    return new IllegalArgumentException("expected a start image with init=image, was none");
  }

  private static RgbImage resized(RgbImage image, Size size) {
    return Resampler.resize(image, size.width(), size.height());
  }
}
