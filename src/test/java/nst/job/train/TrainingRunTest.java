package nst.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.DoublePredicate;
import nst.engine.NetworkTraining;
import nst.engine.StyleTransfer;
import nst.engine.network.NetworkWeights;
import nst.engine.objective.LossTerms;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.CropSampler;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.StyleNetworkTrainer.Step;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.engine.stylenetwork.TrainingLook;
import nst.engine.stylenetwork.TrainingSample;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.engine.stylenetwork.TrainingSetup;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.job.TestCatalogue;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.text.Sha256;
import nst.record.TrainingLog;
import nst.storage.HadoopObjectStore;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints and diverging losses, on the real engine with the smallest network. */
@Tag("slow")
class TrainingRunTest {
  private static final int SIDE = 32;
  private static final TrainingSchedule SCHEDULE = new TrainingSchedule(20, 1e-2, SIDE, 1, 5);

  private static final Hyperparameters OBJECTIVE =
      Preset.BALANCED
          .hyperparameters()
          .with(Knob.BACKBONE, Backbone.VGG16)
          .with(Knob.PRECISION, Precision.FLOAT32)
          .with(Knob.IMAGE_SIZE, (long) SIDE)
          .with(Knob.CONTENT_LAYERS, "relu2_1:1")
          .with(Knob.STYLE_LAYERS, "relu1_1:1,relu2_1:1");

  @TempDir Path folder;

  private final TorchDevice device = TorchDevice.open(DeviceName.CPU);
  private final StyleTransfer engine =
      StyleTransfer.open(device, NetworkWeights.seeded(Backbone.VGG16));
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
  private TrainingSetup setup;

  @BeforeEach
  void catalogue() throws Exception {
    TestCatalogue catalogue = new TestCatalogue(folder);
    for (int i = 0; i < 4; i++) {
      catalogue.picture("p" + i + ".png", 40, 36, i);
    }
    catalogue.picture("style.png", 32, 32, 9);
    RgbImage style = decoder.decode(Files.readAllBytes(folder.resolve("style.png"))).image();
    setup =
        new TrainingSetup(
            new StyleNetworkArchitecture(2, 0, Convolution.FULL),
            List.of(
                new TrainingLook(
                    List.of(new StyleImage(style, 1, Optional.empty(), Optional.empty(), "style")),
                    SIDE)),
            OBJECTIVE,
            Optional.empty(),
            SCHEDULE.seed(),
            1);
  }

  @AfterEach
  void close() {
    engine.close();
    device.close();
  }

  /** The digest of the network at the end, and what was measured. */
  private record End(boolean complete, String network, TrainingLog log) {}

  /**
   * Runs a training.
   *
   * @param diverges whether a step with this learning rate is reported as not finite
   */
  private End train(String name, DoublePredicate diverges, BooleanSupplier interrupted) {
    PhotoCache photos = cache("p0.png", "p1.png", "p2.png");
    PhotoCache held = cache("p3.png");
    HeldOutPhotos heldOut =
        HeldOutPhotos.of(List.of(uri("p3.png")), held::find, SIDE, List.of(SIDE));
    Checkpoints checkpoints = new Checkpoints(store, layout(name));
    try (SampleQueue samples = new SampleQueue(new CropSampler(photos, SCHEDULE, 1), SCHEDULE);
        TrainingRun run =
            new TrainingRun(
                from -> new Faulty(engine.training(setup, from), diverges),
                SCHEDULE,
                photos,
                heldOut,
                samples,
                checkpoints,
                progress -> {},
                interrupted)) {
      boolean complete = run.complete();
      return new End(
          complete, Sha256.hex(run.training().checkpoint("{}").network().encoded()), run.log());
    }
  }

  private NetworkLayout layout(String name) {
    return new NetworkLayout(uri(name), "0123");
  }

  private String uri(String name) {
    return "file:" + folder.resolve(name);
  }

  private PhotoCache cache(String... names) {
    List<String> uris = new ArrayList<>();
    for (String name : names) {
      uris.add(uri(name));
    }
    return new PhotoCache(uris, store, decoder, 1 << 20, 2 * SIDE, 1 << 20);
  }

  /** True at the first call with this number. */
  private static BooleanSupplier atCall(int number) {
    int[] calls = {0};
    return () -> ++calls[0] == number;
  }

  /** Steps above a learning rate are reported as not finite, as an overflow would be. */
  private record Faulty(NetworkTraining training, DoublePredicate diverges)
      implements NetworkTraining {
    @Override
    public Step step(List<TrainingSample> samples, double learningRate) {
      Step seen = training.step(samples, learningRate);
      return diverges.test(learningRate) ? new Step(seen.terms(), Double.NaN) : seen;
    }

    @Override
    public List<LossTerms> losses(List<TrainingSample> samples) {
      return training.losses(samples);
    }

    @Override
    public RgbImage picture(TrainingSample sample) {
      return training.picture(sample);
    }

    @Override
    public TrainingCheckpoint checkpoint(String recipe) {
      return training.checkpoint(recipe);
    }

    @Override
    public long steps() {
      return training.steps();
    }

    @Override
    public void close() {
      training.close();
    }
  }

  @Test
  void anInterruptedTrainingEndsAsAnUninterruptedOne() {
    End whole = train("whole", rate -> false, () -> false);

    assertThatThrownBy(() -> train("halves", rate -> false, atCall(12)))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("after 11 steps");
    End rest = train("halves", rate -> false, () -> false);

    assertThat(whole.complete()).isTrue();
    assertThat(rest.log()).isEqualTo(whole.log());
    assertThat(rest.network()).isEqualTo(whole.network());
    assertThat(whole.log().heldOut()).hasSize(11);
    assertThat(whole.log().halvings()).isZero();
    assertThat(whole.log().curve()).hasSize(20);
  }

  @Test
  void aDivergingTrainingGoesBackAndContinuesWithASmallerStep() {
    double most = SCHEDULE.learningRate(9) / 3; // two halvings are enough
    End whole = train("whole", rate -> rate > most, () -> false);

    assertThat(whole.complete()).isTrue();
    assertThat(whole.log().halvings()).isEqualTo(2);
    assertThat(whole.log().heldOut()).hasSize(11);

    assertThatThrownBy(() -> train("halves", rate -> rate > most, atCall(16)))
        .isInstanceOf(CancellationException.class);
    End rest = train("halves", rate -> rate > most, () -> false);

    assertThat(rest.log()).isEqualTo(whole.log());
    assertThat(rest.network()).isEqualTo(whole.network());
  }

  @Test
  void afterThreeHalvingsItStops() {
    End end = train("never", rate -> rate > 0, () -> false);

    assertThat(end.complete()).isFalse();
    assertThat(end.log().halvings()).isEqualTo(3);
  }

  @Test
  void aDamagedCheckpointIsNotUsed() throws Exception {
    assertThatThrownBy(() -> train("damaged", rate -> false, atCall(4)))
        .isInstanceOf(CancellationException.class);
    NetworkLayout layout = layout("damaged");
    Files.write(Path.of(layout.mark().substring("file:".length())), new byte[] {1, 2, 3});

    End end = train("damaged", rate -> false, () -> false);

    assertThat(end.network()).isEqualTo(train("whole", rate -> false, () -> false).network());
  }
}
