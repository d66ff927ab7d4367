package nst.job.cost;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.OptimizerChoices.Init;

/**
 * Compares two ways to make the rows of a group, which share their styles and their objective: to
 * optimise each, or to train a style network once and refine its pictures. Pure arithmetic.
 *
 * @param rows the rows of the group
 * @param photos their distinct photos
 * @param network whether there is a network for the group
 * @param optimizeSeconds device seconds to optimise the rows that are not done that way
 * @param trainSeconds device seconds to train a network
 * @param applySeconds device seconds to make and refine the network's pictures of the rows that are
 *     not done that way
 */
public record Amortization(
    long rows,
    long photos,
    Network network,
    double optimizeSeconds,
    double trainSeconds,
    double applySeconds)
    implements Serializable {

  /**
   * The pictures of a network are refined with the steps of the row, divided by this: 6 instead of
   * 30 with {@code balanced}. Chosen, not tuned.
   */
  private static final int STEPS_DIVISOR = 5;

  /** Whether there is a network for a group. */
  public enum Network {
    EXISTS,
    NONE
  }

  /** What is cheaper. */
  public enum Choice {
    /** Optimise each row. */
    OPTIMIZE,
    /** Train a network, then refine its pictures. */
    TRAIN,
    /** Refine the pictures of the network that exists. */
    APPLY
  }

  /** The device seconds with a network, including its training if there is none yet. */
  public double networkSeconds() {
    return applySeconds + (network == Network.EXISTS ? 0 : trainSeconds);
  }

  /** The cheaper way; with equal costs, the rows are optimised as they ask. */
  public Choice choice() {
    boolean possible = network == Network.EXISTS || photos >= TrainingSchedule.FEWEST_PHOTOS;
    if (!possible || networkSeconds() >= optimizeSeconds) {
      return Choice.OPTIMIZE;
    }
    return network == Network.EXISTS ? Choice.APPLY : Choice.TRAIN;
  }

  /** The device seconds of the choice. */
  public double seconds() {
    return choice() == Choice.OPTIMIZE ? optimizeSeconds : networkSeconds();
  }

  /**
   * The schedule of a group's training: the usual one, with crops that are no larger than the
   * pictures.
   *
   * @param row a row of the group
   */
  public static TrainingSchedule schedule(Hyperparameters row) {
    TrainingSchedule usual = TrainingSchedule.DEFAULT;
    int side = Math.min(usual.side(), row.imageSize());
    return new TrainingSchedule(
        usual.steps(), usual.learningRate(), side, usual.batch(), usual.seed());
  }

  /**
   * The values of a row that refines the picture of a network instead of optimising from its own
   * start.
   *
   * @param uri the network
   */
  public static Hyperparameters refining(Hyperparameters row, String uri) {
    Map<Knob, Object> values = new EnumMap<>(Knob.class);
    values.put(Knob.INIT, Init.NETWORK);
    values.put(Knob.NETWORK, uri);
    values.put(Knob.SMALLEST_SIZE, 0L);
    values.put(Knob.NUM_ITERATIONS, (long) Math.max(1, row.numIterations() / STEPS_DIVISOR));
    return row.with(values);
  }
}
