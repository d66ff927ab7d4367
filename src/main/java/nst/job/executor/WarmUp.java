package nst.job.executor;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.knob.Effect;
import org.apache.spark.SparkConf;

/**
 * The rows for which an executor prepares its engine. Executors start before the manifest is read,
 * so these are rows that set nothing themselves. It is passed in Spark's configuration, as {@link
 * EngineConfig} is, but engines with different ones are equal.
 */
final class WarmUp {
  private static final String KEY = "spark.nst.engine.warm_up";

  private WarmUp() {}

  /** Writes the knobs that decide which parts of a network rows use, if they use any. */
  static void write(RunConfig config, SparkConf conf) {
    Hyperparameters rows = config.defaults();
    if (!config.measuresAllLosses(rows)) {
      conf.remove(KEY);
      return;
    }
    conf.set(
        KEY,
        Stream.concat(Knob.affecting(Effect.FEATURES).stream(), Knob.ofLayers().stream())
            .map(knob -> knob.key() + "=" + rows.text(knob))
            .collect(Collectors.joining(";")));
  }

  /** Rows of the kind that was written; empty if they do not need the network. */
  static Optional<Hyperparameters> read(SparkConf conf) {
    if (!conf.contains(KEY)) {
      return Optional.empty();
    }
    Map<Knob, Object> values = new EnumMap<>(Knob.class);
    Arrays.stream(conf.get(KEY).split(";"))
        .map(pair -> pair.split("=", 2))
        .forEach(
            pair -> {
              Knob knob = Knob.named(pair[0]).orElseThrow();
              values.put(knob, knob.domain().parse(pair[1]));
            });
    return Optional.of(Preset.BALANCED.hyperparameters().with(values));
  }
}
