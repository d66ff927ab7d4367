package nst.engine;

import java.util.List;
import nst.engine.optimizer.StopReason;
import nst.image.RgbImage;
import nst.model.LossSample;
import nst.model.knob.NetworkChoices.Precision;

/**
 * One stylised image and how it came about.
 *
 * @param image pixels in [0, 1], as they are to be saved but for the rounding to 8 bits
 * @param losses one for each iterate, the start first
 * @param saved the terms of the image as saved: clamped, recoloured where asked for, rounded to 8
 *     bits
 * @param initialTotalLoss weighted total of the start at the first scale
 * @param iterations steps made
 * @param evaluations losses and gradients computed
 * @param precision of the network's arithmetic, as it was
 * @param peakMemoryBytes the process's resident high-water mark; 0 where it is not known
 */
public record StylizedImage(
    RgbImage image,
    List<LossSample> losses,
    LossSample saved,
    double initialTotalLoss,
    int iterations,
    int evaluations,
    StopReason stopReason,
    Precision precision,
    long peakMemoryBytes) {
  public StylizedImage {
    losses = List.copyOf(losses);
  }
}
