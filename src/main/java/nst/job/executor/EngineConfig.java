package nst.job.executor;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import nst.job.network.Networks;
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
 * @param imagesTogether images that may be on the device at once
 * @param backbone of the network to load at once; another one is loaded when a row asks for it
 * @param networks that rows may ask for
 */
public record EngineConfig(
    Setting.Device device, int threads, int imagesTogether, Backbone backbone, Networks networks)
    implements Serializable {
  private static final String DEVICE = "spark.nst.engine.device";
  private static final String THREADS = "spark.nst.engine.threads";
  private static final String IMAGES = "spark.nst.engine.images";
  private static final String BACKBONE = "spark.nst.engine.backbone";
  private static final String NETWORKS = "spark.nst.engine.networks";

  public static EngineConfig of(RunConfig config, Networks networks) {
    return new EngineConfig(
        config.device(),
        Math.toIntExact(config.whole(Setting.THREADS)),
        Math.toIntExact(config.whole(Setting.BATCH_IMAGES)),
        networks.get(config.defaults().backbone()).backbone(),
        networks);
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
            conf.getInt(IMAGES, 1),
            Backbone.valueOf(conf.get(BACKBONE)),
            Networks.read(conf.get(NETWORKS))));
  }

  void write(SparkConf conf) {
    conf.set(DEVICE, device.name())
        .set(THREADS, Integer.toString(threads))
        .set(IMAGES, Integer.toString(imagesTogether))
        .set(BACKBONE, backbone.name())
        .set(NETWORKS, networks.json());
  }

  /** As the configuration names it: {@code device=gpu}. */
  String asked() {
    return Setting.DEVICE.key() + "=" + device.name().toLowerCase(Locale.ROOT);
  }
}
