package nst.job.train;

import static nst.model.knob.Effect.OBJECTIVE;
import static nst.model.knob.Effect.OBJECTIVE_COMPUTATION;
import static nst.model.knob.Effect.TRAINING_STEPS;

import java.util.EnumSet;
import java.util.Set;
import nst.model.CombinationCheck;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.OptimizerChoices.Bounds;
import nst.model.knob.OptimizerChoices.Init;
import nst.model.knob.OptimizerChoices.OptimizeIn;
import nst.model.knob.OutputChoices.ColorPreservation;
import nst.model.knob.SizeChoices.SizeRule;

/** Which knobs and settings a training uses. */
public final class TrainingKnobs {
  private static final Set<Setting> SETTINGS =
      EnumSet.of(
          Setting.DEVICE,
          Setting.THREADS,
          Setting.WEIGHTS_PATH,
          Setting.WEIGHTS_SHA256,
          Setting.WEIGHTS_INPUT,
          Setting.WEIGHTS_ACTIVATION_SCALE,
          Setting.ALLOWED_PREFIXES,
          Setting.MAX_PIXELS,
          Setting.MAX_BYTES,
          Setting.MIN_SIDE,
          Setting.MAX_ASPECT,
          Setting.OBJECT_SECONDS,
          Setting.EXECUTOR_WAIT);

  private TrainingKnobs() {}

  /** Whether a training uses this knob or setting. */
  public static boolean uses(String key) {
    return Knob.named(key)
        .map(knob -> knob.affectsAny(OBJECTIVE, OBJECTIVE_COMPUTATION, TRAINING_STEPS))
        .or(() -> Setting.named(key).map(SETTINGS::contains))
        .orElse(true);
  }

  /**
   * Refuses options that have no meaning in a training. Values from a configuration file and from
   * the environment are meant for runs too, so they are not refused.
   */
  public static void refuseOthers(RunConfig config, Problems problems) {
    for (Knob knob : Knob.values()) {
      if (!uses(knob.key())) {
        refuse(config, knob.key(), "it belongs to the rows of a run", problems);
      }
    }
    SizeRule rule = config.defaults().sizeRule();
    if (config.isSet(Knob.SIZE_RULE) && rule != SizeRule.LONGEST && rule != SizeRule.SHORTEST) {
      refuse(config, Knob.SIZE_RULE.key(), "crops are squares of image_size", problems);
    }
    for (Setting setting : Setting.values()) {
      if (!uses(setting.key())) {
        refuse(config, setting.key(), "it is a setting of runs", problems);
      }
    }
  }

  private static void refuse(RunConfig config, String key, String reason, Problems problems) {
    RunConfig.Entry entry = config.entries().get(key);
    if (entry.source().startsWith("--")) {
      problems.add(
          entry.source(),
          key,
          "expected no value for train, was " + entry.value() + ": " + reason + ". Leave it out");
    }
  }

  /**
   * The values that the engine trains with: those of the objective as configured, and of the others
   * such that they do not matter.
   *
   * @param crop the side of the crops, in pixels
   */
  static Hyperparameters values(RunConfig config, Backbone backbone, int crop, Problems problems) {
    Hyperparameters configured = config.defaults().on(backbone);
    SizeRule rule =
        switch (configured.sizeRule()) {
          case LONGEST, SHORTEST -> configured.sizeRule();
          case EXACT, CONTENT -> SizeRule.LONGEST; // crops are squares of one size
        };
    Hyperparameters objective =
        configured
            .with(Knob.SIZE_RULE, rule)
            .with(Knob.IMAGE_SIZE, (long) crop)
            .with(Knob.INIT, Init.CONTENT)
            .with(Knob.NUM_ITERATIONS, 1) // a file may say 0, which goes with init=network
            .with(Knob.OPTIMIZE_IN, OptimizeIn.PIXELS)
            .with(Knob.BOUNDS, Bounds.SIGMOID)
            .with(Knob.ORIGINAL_COLORS, ColorPreservation.NONE);
    new CombinationCheck(objective, "configuration", problems).check();
    return objective;
  }
}
