package nst.engine.stylenetwork;

import java.io.Serializable;

/**
 * How long to train and how fast.
 *
 * @param steps of the optimiser
 * @param learningRate the largest. It rises to it over the first steps, and falls along a half
 *     cosine to a tenth of it (Loshchilov and Hutter 2017, eq. 5)
 * @param side of the crops, in pixels
 * @param batch crops for each step
 * @param seed of the first weights and of the crops
 */
public record TrainingSchedule(long steps, double learningRate, int side, int batch, long seed)
    implements Serializable {
  /** Steps in which the learning rate rises. */
  public static final int WARM_UP_STEPS = 20;

  /** The schedule of {@code train} without options. */
  public static final TrainingSchedule DEFAULT = new TrainingSchedule(2000, 1e-3, 256, 2, 0);

  /** The fewest photos that a training needs. */
  public static final int FEWEST_PHOTOS = 4;

  private static final double LAST_SHARE = 0.1;

  /** The number of crops in all steps. */
  public long crops() {
    return steps * batch;
  }

  /** The learning rate of a step, from 0. */
  public double learningRate(long step) {
    double cosine = (1 + Math.cos(Math.PI * step / steps)) / 2;
    double warmUp = Math.min(1, (step + 1) / (double) WARM_UP_STEPS);
    return learningRate * (LAST_SHARE + (1 - LAST_SHARE) * cosine) * warmUp;
  }
}
