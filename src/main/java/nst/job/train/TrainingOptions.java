package nst.job.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
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
 * @param styles absolute URIs of the paintings
 * @param imageSizes the longest sides of the pictures that the network is for; each painting has a
 *     look for each
 * @param policy what paintings may be read
 * @param photos absolute URI of a manifest or a folder
 * @param output absolute URI
 * @param from absolute URI of the network that the training begins with; empty: random weights
 * @param version of this program
 */
public record TrainingOptions(
    List<String> styles,
    List<Integer> imageSizes,
    UriPolicy policy,
    String photos,
    String output,
    String from,
    NetworkSize size,
    TrainingSchedule schedule,
    RunConfig config,
    String version)
    implements Serializable {
  public TrainingOptions {
    styles = List.copyOf(styles);
    imageSizes = List.copyOf(imageSizes);
  }

  /** The looks of the network: each painting at each size. */
  <T> List<T> looks(BiFunction<Integer, Integer, T> lookOfStyleAndSize) {
    List<T> looks = new ArrayList<>();
    for (int style = 0; style < styles.size(); style++) {
      for (int size : imageSizes) {
        looks.add(lookOfStyleAndSize.apply(style, size));
      }
    }
    return looks;
  }

  /** Reads the paintings from a store. */
  Sources paintings(ObjectStore store) {
    return new Sources(
        timed(store), new ImageDecoder(ImageLimits.of(config)), config.whole(Setting.MAX_BYTES), 1);
  }

  /** A store whose calls end after the configured time. */
  ObjectStore timed(ObjectStore store) {
    return new TimedObjectStore(store, config.seconds(Setting.OBJECT_SECONDS));
  }
}
