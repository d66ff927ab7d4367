package nst.job.task;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.StylizedImage;
import nst.engine.optimizer.StopReason;
import nst.engine.source.SourceImages;
import nst.image.RgbImage;
import nst.image.record.Credits;
import nst.job.network.Networks;
import nst.model.LossSample;
import nst.model.RunConfig;
import nst.model.Setting.RecordedSources;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Precision;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.OutputLayout;
import nst.storage.UriPolicy;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The task of a run whose device and images answer at once: no photo is read, every row gets the
 * same small picture, with as many loss samples as a row of the default preset has, and the encoded
 * picture is thrown away. Everything else is as in a run: the pipeline, the journal and the
 * messages to the driver.
 */
public final class InstantTask {
  private static final int STEPS = 30;
  private static final int SIDE = 16;

  private InstantTask() {}

  public static TransferTask of(
      RunConfig config,
      OutputLayout layout,
      Networks networks,
      UriPolicy policy,
      Broadcast<SerializableConfiguration> hadoop) {
    return new TransferTask(config, layout, networks, policy, hadoop, InstantTask::instant);
  }

  static RowStages instant(RowStages stages) {
    RgbImage photo = image();
    RowInputs inputs =
        new RowInputs.Inputs(
            SourceImages.of(photo, photo),
            Optional.empty(),
            new RowInputs.Provenance("", List.of(""), "", List.of(), Credits.NONE));
    StylizedImage picture = picture(photo);
    return new RowStages(
        (row, times) -> inputs,
        (row, fetched, times) -> picture,
        new RowStore(new Nowhere(), RecordedSources.URI));
  }

  /** Says that every image is written. */
  private static final class Nowhere extends ForwardingStore {
    Nowhere() {
      super(new HadoopObjectStore(new Configuration(false)));
    }

    @Override
    public boolean create(String uri, byte[] bytes) {
      return true;
    }
  }

  private static RgbImage image() {
    return new RgbImage(SIDE, SIDE, new float[3 * SIDE * SIDE]);
  }

  private static StylizedImage picture(RgbImage image) {
    List<LossSample> losses = new ArrayList<>();
    Map<Layer, Double> layers = new EnumMap<>(Layer.class);
    for (Layer layer : List.of(Layer.RELU1_1, Layer.RELU2_1, Layer.RELU3_1, Layer.RELU4_1)) {
      layers.put(layer, 0.123456789);
    }
    for (int step = 0; step <= STEPS; step++) {
      losses.add(
          new LossSample(SIDE, step, step + 1, 0.1, 0.2, 0.3, 0.6, layers, 0.123456789, 1, step));
    }
    return new StylizedImage(
        image,
        losses,
        Optional.of(losses.get(STEPS)),
        STEPS,
        STEPS + 1,
        StopReason.ITERATIONS,
        Precision.FLOAT32,
        1L << 30);
  }
}
