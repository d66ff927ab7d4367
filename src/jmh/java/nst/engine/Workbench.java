package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.ImageTensors;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.Objective;
import nst.engine.objective.Parametrization;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.torch.Precisions;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Size;
import nst.image.codec.ImageDecoder;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * Prepares the objective of the default preset for a sample photo, so that its parts can be
 * measured.
 */
final class Workbench implements AutoCloseable {
  private static final Path PHOTO = Path.of("sample-data/content/lake.jpg");
  private static final Path PAINTING = Path.of("sample-data/style/starry_night.jpg");

  final NDManager manager;
  final TensorOperations operations;
  final Arithmetic arithmetic;
  final Hyperparameters hyperparameters;
  final Size size;
  final Objective objective;
  final Parametrization coordinates;
  final NDArray variable; // (1, 3, side, side)

  /**
   * Creates the objective of the default preset at a square size.
   *
   * @param precision a value of the knob
   */
  Workbench(TorchDevice device, int side, String precision) {
    this(device, recipe(side, precision), NetworkWeights.embedded());
  }

  private Workbench(TorchDevice device, Hyperparameters recipe, NetworkWeights weights) {
    device.enter();
    this.manager = device.manager().newSubManager();
    this.operations = TensorOperations.load(manager);
    this.hyperparameters = recipe;
    this.arithmetic =
        new Arithmetic(Precisions.effective(hyperparameters, device.name()), operations);
    this.size = Sizing.working(Sizing.UNKNOWN_CONTENT, recipe);
    this.coordinates = Parametrization.of(hyperparameters);
    FilterBank filters = new FilterBank(manager, weights);
    ScaleSetup scene =
        new ScaleSetup(
            new FeatureExtractor(manager, filters.network(arithmetic, hyperparameters), arithmetic),
            new SharedTargets(1 << 24, 0),
            images(),
            hyperparameters,
            size,
            size);
    this.objective = scene.objective(coordinates);
    RgbImage start =
        StartImage.of(hyperparameters, images(), scene.content(), UnaryOperator.identity());
    this.variable = coordinates.fromPixels(ImageTensors.of(manager, start));
  }

  /** The default preset for the embedded network, square. */
  static Hyperparameters recipe(int side, String precision) {
    return Preset.BALANCED
        .hyperparameters()
        .on(Backbone.VGG16)
        .with(Knob.PRECISION, precision)
        .with(Knob.SIZE_RULE, "exact")
        .with(Knob.IMAGE_WIDTH, side)
        .with(Knob.IMAGE_HEIGHT, side);
  }

  static SourceImages images() {
    return new SourceImages(
        read(PHOTO),
        List.of(
            new StyleImage(
                read(PAINTING), 1, Optional.empty(), Optional.empty(), PAINTING.toString())),
        Optional.empty());
  }

  private static RgbImage read(Path file) {
    try {
      return new ImageDecoder(ImageLimits.DEFAULT).decode(Files.readAllBytes(file)).image();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Computes the loss and its gradient once. */
  void evaluate() {
    objective.evaluate(variable, 0).gradient().close();
  }

  double gigaflops() {
    return Sizing.flopsPerEvaluation(size, hyperparameters) / 1e9;
  }

  String precision() {
    return arithmetic.precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    manager.close();
  }
}
