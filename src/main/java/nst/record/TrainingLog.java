package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training has measured so far. A checkpoint carries it, so that a training that continues
 * ends with the same curves as one that was never interrupted.
 *
 * @param halvings how often the learning rate was halved because the loss diverged
 * @param mean the running mean of the training loss; empty before the first step
 * @param reference the running mean after the warm-up, with which later ones are compared; empty
 *     before
 * @param curve some of the running means
 * @param heldOut the mean losses of the held-out photos
 * @param photos the losses of each held-out photo at the first and the last measurement
 * @param leftOut the photos that could not be used, each with the reason
 */
public record TrainingLog(
    int halvings,
    @JsonInclude List<TrainingLoss> mean,
    @JsonInclude List<TrainingLoss> reference,
    List<TrainingLoss> curve,
    List<TrainingLoss> heldOut,
    List<NetworkRecipe.HeldOutPhoto> photos,
    Map<String, String> leftOut) {
  private static final String WHAT = "the log of a training";

  /** The share of a new value in the running mean. */
  private static final double SHARE = 0.05;

  /** The loss has diverged if the running mean is so many times its value after the warm-up. */
  private static final double DIVERGED = 4;

  /** A training that has not begun. */
  public static final TrainingLog NONE =
      new TrainingLog(0, List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());

  public TrainingLog {
    mean = List.copyOf(mean);
    reference = List.copyOf(reference);
    curve = List.copyOf(curve);
    heldOut = List.copyOf(heldOut);
    photos = List.copyOf(photos);
    leftOut = new TreeMap<>(leftOut);
  }

  /**
   * The log after one more step.
   *
   * @param loss the mean of the step's samples before the step
   * @param warmUp the steps after which the loss may be compared
   * @param interval every so many steps, the running mean becomes a point of the curve
   */
  public TrainingLog stepped(TrainingLoss loss, int warmUp, long interval) {
    TrainingLoss now = mean.isEmpty() ? loss : mean.get(0).towards(loss, SHARE);
    List<TrainingLoss> points = curve;
    if (loss.step() % interval == 0) {
      points = new ArrayList<>(curve);
      points.add(now);
    }
    boolean compared = reference.isEmpty() && loss.step() >= warmUp;
    return new TrainingLog(
        halvings,
        List.of(now),
        compared ? List.of(now) : reference,
        points,
        heldOut,
        photos,
        leftOut);
  }

  /** Whether the running mean is not finite, or much larger than after the warm-up. */
  public boolean hasDiverged() {
    return mean.stream().anyMatch(now -> !Double.isFinite(now.total()))
        || reference.stream().anyMatch(first -> mean.get(0).total() > DIVERGED * first.total());
  }

  /** The log after a measurement of the held-out photos. */
  public TrainingLog measured(TrainingLoss average, List<NetworkRecipe.HeldOutPhoto> measured) {
    List<TrainingLoss> averages = new ArrayList<>(heldOut);
    averages.add(average);
    List<NetworkRecipe.HeldOutPhoto> both = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      both.add(photos.isEmpty() ? measured.get(i) : measured.get(i).since(photos.get(i).first()));
    }
    return new TrainingLog(halvings, mean, reference, curve, averages, both, leftOut);
  }

  /** The log of a checkpoint from which the training goes on with half the learning rate. */
  public TrainingLog halved(int times) {
    return new TrainingLog(times, mean, reference, curve, heldOut, photos, leftOut);
  }

  /** The log with more photos that could not be used. */
  public TrainingLog without(Map<String, String> unusable) {
    Map<String, String> all = new TreeMap<>(leftOut);
    all.putAll(unusable);
    return new TrainingLog(halvings, mean, reference, curve, heldOut, photos, all);
  }

  /** One line. */
  public String json() {
    return Json.line(this);
  }

  /**
   * Reads the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public static TrainingLog read(String json) {
    return Json.read(Json.read(json, WHAT), TrainingLog.class, WHAT);
  }
}
