package nst.record;

import java.io.Serializable;

/**
 * The terms of the objective at one step of a training.
 *
 * @param step the number of steps before
 * @param content the unweighted content term
 * @param style the unweighted style term
 * @param tv the unweighted total variation term
 * @param total the weighted sum of the three
 */
public record TrainingLoss(long step, double content, double style, double tv, double total)
    implements Serializable {

  /** The sum of the terms, at this step. */
  public TrainingLoss plus(TrainingLoss other) {
    return new TrainingLoss(
        step, content + other.content, style + other.style, tv + other.tv, total + other.total);
  }

  /** The terms multiplied by a factor. */
  public TrainingLoss times(double factor) {
    return new TrainingLoss(step, factor * content, factor * style, factor * tv, factor * total);
  }

  /** The terms with each moved towards those of another by a share of the difference. */
  TrainingLoss towards(TrainingLoss other, double share) {
    return new TrainingLoss(
        other.step,
        content + share * (other.content - content),
        style + share * (other.style - style),
        tv + share * (other.tv - tv),
        total + share * (other.total - total));
  }
}
