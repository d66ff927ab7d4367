package nst.engine;

import java.util.List;
import java.util.Optional;
import nst.engine.optimizer.StopReason;
import nst.image.RgbImage;
import nst.model.LossSample;
import nst.model.knob.NetworkChoices.Precision;

/**
 * A stylised image with its counts and, if they were measured, its losses.
 *
 * @param image pixels in [0, 1], as they will be saved, but not yet rounded to 8 bits
 * @param losses one sample for each iterate, beginning with the start image; empty if they were not
 *     measured
 * @param savedLosses the terms of the image as saved: clamped, recoloured if requested, rounded to
 *     8 bits
 * @param iterations the number of steps
 * @param evaluations the number of evaluations of the loss and its gradient
 * @param precision the precision that the network used
 * @param peakMemoryBytes the largest resident memory of the process; 0 if it is not known
 */
public record StylizedImage(
    RgbImage image,
    List<LossSample> losses,
    Optional<LossSample> savedLosses,
    int iterations,
    int evaluations,
    StopReason stopReason,
    Precision precision,
    long peakMemoryBytes) {
  public StylizedImage {
    losses = List.copyOf(losses);
    if (losses.isEmpty() != savedLosses.isEmpty()) {
      throw new IllegalArgumentException("expected all losses or none");
    }
  }

  /**
   * The terms of the image as saved.
   *
   * @throws java.util.NoSuchElementException if they were not measured
   */
  public LossSample saved() {
    return savedLosses.orElseThrow();
  }

  /** The weighted total loss of the start image at the first scale; the losses were measured. */
  public double initialTotalLoss() {
    return losses.get(0).totalLoss();
  }
}
