package nst.model.knob;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a knob changes besides the result. Each {@link nst.model.Knob} declares its effects. What
 * rows share, and what their costs depend on, is derived from these declarations. Tests vary each
 * knob and fail if it has another effect than it declares.
 *
 * <p>Images share a pass through the network ({@code DynamicBatcher}) if the knobs that affect
 * {@link #FEATURES} and {@link #SIZES} and the layers are equal.
 */
public enum Effect {
  /** The feature maps that the network computes from given pixels. */
  FEATURES,

  /** The sizes at which an image is processed. */
  SIZES,

  /**
   * The style targets, in ways other than by {@link #FEATURES} and {@link #SIZES}, which affect
   * them as well.
   */
  STYLE_TARGETS,

  /** The predicted time. */
  TIME,

  /** The predicted memory. */
  MEMORY,

  /** What a style network is trained for: the objective of a training, and so its network. */
  OBJECTIVE,

  /**
   * How a training computes its {@link #OBJECTIVE}, such as the precision. A network that was
   * trained with another value can still be used for a row.
   */
  OBJECTIVE_COMPUTATION,

  /** The steps of a training. {@code train} has its own default and meaning for these knobs. */
  TRAINING_STEPS;

  /** The effects of a knob: {@code affects(FEATURES, TIME)}. */
  public static Set<Effect> affects(Effect first, Effect... others) {
    return EnumSet.of(first, others);
  }

  /** The effects of a knob that changes nothing but the result. */
  public static Set<Effect> affectsResultOnly() {
    return EnumSet.noneOf(Effect.class);
  }
}
