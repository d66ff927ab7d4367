package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.TestEngine;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.ImageTensors;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.tile.TileSize;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * Objectives of a small photo with seeded filters, for comparisons of two ways to evaluate them.
 */
final class SmallObjectives implements AutoCloseable {
  private final NDManager manager = TestEngine.device().manager().newSubManager();
  private final TensorOperations operations = TensorOperations.load(manager);
  private final Map<Backbone, FilterBank> filters = new EnumMap<>(Backbone.class);

  /** Owns the tensors of one comparison. */
  NDManager newManager() {
    return manager.newSubManager();
  }

  /** The objective of the photo in the given size. */
  Objective objective(
      NDManager owner, Hyperparameters h, Size size, List<StyleImage> styles, TileSize tileSize) {
    TestEngine.device().enter();
    Arithmetic arithmetic = new Arithmetic(h.precision(), operations);
    FilterBank ofBackbone =
        filters.computeIfAbsent(
            h.backbone(), name -> new FilterBank(manager, NetworkWeights.seeded(name)));
    return new ScaleSetup(
            new FeatureExtractor(owner, ofBackbone.network(arithmetic, h), arithmetic, tileSize),
            new SharedTargets(1 << 24, 0),
            new SourceImages(photo(size), styles, Optional.empty()),
            h,
            size,
            size)
        .objective(Parametrization.of(h));
  }

  /** The photo with noise, so that no term is 0. */
  NDArray variable(NDManager owner, Hyperparameters h, Size size) {
    RgbImage start = ImageTensors.mixed(photo(size), ImageTensors.noise(size, 3), 0.4);
    return Parametrization.of(h)
        .fromPixels(new Arithmetic(h.precision(), operations).pixels(owner, start));
  }

  private static RgbImage photo(Size size) {
    return TestEngine.imagesWithoutTies(size.width(), size.height()).content().whole();
  }

  @Override
  public void close() {
    filters.values().forEach(FilterBank::close);
    manager.close();
  }
}
