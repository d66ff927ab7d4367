package nst.job.train;

import java.io.Serializable;
import java.util.List;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.input.Sources;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.ObjectStore;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;

/**
 * What {@code train} was asked for.
 *
 * @param styles absolute URIs of the paintings; each is one look
 * @param policy what paintings may be read
 * @param photos absolute URI of a manifest or a folder
 * @param output absolute URI
 * @param version of this program
 */
public record TrainingOptions(
    List<String> styles,
    UriPolicy policy,
    String photos,
    String output,
    StyleNetworkArchitecture architecture,
    TrainingSchedule schedule,
    RunConfig config,
    String version)
    implements Serializable {
  public TrainingOptions {
    styles = List.copyOf(styles);
  }

  /** Reads the paintings from a store. */
  Sources paintings(ObjectStore store) {
    return new Sources(
        timed(store), new ImageDecoder(ImageLimits.of(config)), config.whole(Setting.MAX_BYTES));
  }

  /** A store whose calls end after the configured time. */
  ObjectStore timed(ObjectStore store) {
    return new TimedObjectStore(store, config.seconds(Setting.OBJECT_SECONDS));
  }
}
