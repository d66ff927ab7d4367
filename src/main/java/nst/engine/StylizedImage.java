package nst.engine;

import java.util.List;
import java.util.Optional;
import nst.engine.optimizer.StopReason;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.LossSample;
import nst.model.knob.NetworkChoices.Precision;

/**
 * A stylised image with its counts and, if they were measured, its losses.
 *
 * @param image pixels in [0, 1], as they will be saved, but not yet rounded
 * @param losses one sample for each iterate, beginning with the start image; empty if they were not
 *     measured
 * @param savedLosses the terms of the image as saved: clamped, recoloured if requested, rounded to
 *     the bits of the output format. Of an enlarged image, those before it was enlarged
 * @param iterations the number of steps
 * @param evaluations the number of evaluations of the loss and its gradient
 * @param precision the precision that the network used
 * @param peakMemoryBytes the largest resident memory of the process; 0 if it is not known
 * @param enlargedFrom the size before the image was enlarged; empty if it was not
 */
public record StylizedImage(
    RgbImage image,
    List<LossSample> losses,
    Optional<LossSample> savedLosses,
    int iterations,
    int evaluations,
    StopReason stopReason,
    Precision precision,
    long peakMemoryBytes,
    Optional<Size> enlargedFrom) {
  public StylizedImage {
    losses = List.copyOf(losses);
    if (losses.isEmpty() != savedLosses.isEmpty()) {
      throw new IllegalArgumentException("expected all losses or none");
    }
  }

  /** An image that was not enlarged. */
  public StylizedImage(
      RgbImage image,
      List<LossSample> losses,
      Optional<LossSample> savedLosses,
      int iterations,
      int evaluations,
      StopReason stopReason,
      Precision precision,
      long peakMemoryBytes) {
    this(
        image,
        losses,
        savedLosses,
        iterations,
        evaluations,
        stopReason,
        precision,
        peakMemoryBytes,
        Optional.empty());
  }

  /** The same with the image in another size; its losses and counts stay. */
  public StylizedImage enlarged(RgbImage enlarged) {
    return new StylizedImage(
        enlarged,
        losses,
        savedLosses,
        iterations,
        evaluations,
        stopReason,
        precision,
        peakMemoryBytes,
        Optional.of(new Size(image.width(), image.height())));
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
