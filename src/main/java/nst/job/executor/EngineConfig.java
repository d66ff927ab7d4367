package nst.job.executor;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import nst.engine.tile.TileSize;
import nst.job.network.Networks;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Backbone;
import org.apache.spark.SparkConf;

/**
 * The configuration that an executor needs to load its engine at start-up. It is passed in Spark's
 * configuration, which is available before anything else.
 *
 * @param device the type of device
 * @param threads the threads of one evaluation
 * @param tileSize the tiles of larger images
 * @param backbone the network to load at start-up; others are loaded when a row needs them
 * @param networks the networks that rows may use
 */
public record EngineConfig(
    Setting.Device device, int threads, TileSize tileSize, Backbone backbone, Networks networks)
    implements Serializable {
  private static final String DEVICE = "spark.nst.engine.device";
  private static final String THREADS = "spark.nst.engine.threads";
  private static final String TILE = "spark.nst.engine.tile";
  private static final String BACKBONE = "spark.nst.engine.backbone";
  private static final String NETWORKS = "spark.nst.engine.networks";

  public static EngineConfig of(RunConfig config, Networks networks) {
    return new EngineConfig(
        config.device(),
        config.integer(Setting.THREADS),
        new TileSize(config.integer(Setting.TILE_SIZE)),
        networks.get(config.defaults().backbone()).backbone(),
        networks);
  }

  /** Reads the values set by {@link #write}; empty for an application without devices. */
  static Optional<EngineConfig> read(SparkConf conf) {
    if (!conf.contains(DEVICE)) {
      return Optional.empty();
    }
    return Optional.of(
        new EngineConfig(
            Setting.Device.valueOf(conf.get(DEVICE)),
            conf.getInt(THREADS, 1),
            new TileSize(conf.getInt(TILE, 0)),
            Backbone.valueOf(conf.get(BACKBONE)),
            Networks.read(conf.get(NETWORKS))));
  }

  void write(SparkConf conf) {
    conf.set(DEVICE, device.name())
        .set(THREADS, Integer.toString(threads))
        .set(TILE, Integer.toString(tileSize.side()))
        .set(BACKBONE, backbone.name())
        .set(NETWORKS, networks.json());
  }

  /** Whether both can use one engine, which may have several networks. */
  boolean isSameProcess(EngineConfig other) {
    return process().equals(other.process());
  }

  /** The values that an engine cannot change. */
  String process() {
    return asked()
        + ", "
        + Setting.THREADS.key()
        + "="
        + threads
        + ", "
        + Setting.TILE_SIZE.key()
        + "="
        + tileSize.side();
  }

  /** The configured device, for messages: {@code device=gpu}. */
  String asked() {
    return Setting.DEVICE.key() + "=" + device.name().toLowerCase(Locale.ROOT);
  }
}
