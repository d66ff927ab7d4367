package nst.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.optimizer.StopReason;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.torch.ResidentMemory;
import nst.image.OriginalColors;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;

/**
 * The picture of a style network without its losses. It has the pixels that {@link
 * ImageOptimization} gives for no steps, but needs no features.
 */
final class NetworkPicture {
  private NetworkPicture() {}

  /**
   * Makes the picture.
   *
   * @param network the style network's pass
   * @param hyperparameters with a precision that is not {@code auto}
   */
  static StylizedImage of(
      SourceImages images, UnaryOperator<RgbImage> network, Hyperparameters hyperparameters) {
    Size size = Sizing.working(images.content().size(), hyperparameters);
    Sizing.requireLargeEnough("content", size, hyperparameters);
    RgbImage content = images.content().at(size);
    RgbImage start = StartImage.of(hyperparameters, images, content, network);
    return new StylizedImage(
        OriginalColors.of(hyperparameters.originalColors(), start, content)
            .withAlpha(content.alpha()),
        List.of(),
        Optional.empty(),
        0,
        0,
        StopReason.ITERATIONS,
        hyperparameters.precision(),
        ResidentMemory.highWaterMark());
  }
}
