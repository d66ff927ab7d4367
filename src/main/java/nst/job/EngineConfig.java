package nst.job;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import nst.model.Hyperparameters.Backbone;
import nst.model.RunConfig;
import nst.model.Setting;
import org.apache.spark.SparkConf;

/**
 * What an executor needs to know to load its engine as it starts. Travels in Spark's own
 * configuration: an executor has that before it has anything else of ours.
 *
 * @param device what computes
 * @param threads of one evaluation
 * @param backbone the network to load at once; another one is loaded when a row asks for it
 * @param weightsPath absolute URI of a safetensors file; empty for the seeded network
 * @param weightsDigest SHA-256 of the file as the driver read it, or the seeded network's name
 */
record EngineConfig(
    Setting.Device device, int threads, Backbone backbone, String weightsPath, String weightsDigest)
    implements Serializable {
  private static final String DEVICE = "spark.nst.engine.device";
  private static final String THREADS = "spark.nst.engine.threads";
  private static final String BACKBONE = "spark.nst.engine.backbone";
  private static final String WEIGHTS = "spark.nst.engine.weights";
  private static final String DIGEST = "spark.nst.engine.digest";

  static EngineConfig of(RunConfig config, Weights weights) {
    return new EngineConfig(
        config.device(),
        Math.toIntExact(config.whole(Setting.THREADS)),
        config.defaults().backbone(),
        weights.path(),
        weights.digest());
  }

  /** What {@link #write} wrote; empty for an application that takes no device. */
  static Optional<EngineConfig> read(SparkConf conf) {
    if (!conf.contains(DEVICE)) {
      return Optional.empty();
    }
    return Optional.of(
        new EngineConfig(
            Setting.Device.valueOf(conf.get(DEVICE)),
            conf.getInt(THREADS, 1),
            Backbone.valueOf(conf.get(BACKBONE)),
            conf.get(WEIGHTS),
            conf.get(DIGEST)));
  }

  void write(SparkConf conf) {
    conf.set(DEVICE, device.name())
        .set(THREADS, Integer.toString(threads))
        .set(BACKBONE, backbone.name())
        .set(WEIGHTS, weightsPath)
        .set(DIGEST, weightsDigest);
  }

  /** As the configuration names it: {@code device=gpu}. */
  String asked() {
    return Setting.DEVICE.key() + "=" + device.name().toLowerCase(Locale.ROOT);
  }
}
