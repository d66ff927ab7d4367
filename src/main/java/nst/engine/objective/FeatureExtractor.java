package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.InputNormalization;
import nst.engine.tile.TileSize;
import nst.engine.tile.TileSweep;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/**
 * Computes the maps of images: whole, or in tiles.
 *
 * @param manager owns all tensors
 * @param tileSize images that are larger are computed in tiles
 */
public record FeatureExtractor(
    NDManager manager, FeatureNetwork network, Arithmetic arithmetic, TileSize tileSize) {

  /** Computes all images whole. */
  public FeatureExtractor(NDManager manager, FeatureNetwork network, Arithmetic arithmetic) {
    this(manager, network, arithmetic, TileSize.NONE);
  }

  /** The tiles of an image; empty if it is computed whole. */
  Optional<TileSweep> sweep(Size image, Hyperparameters hyperparameters) {
    return tileSize
        .grid(image, hyperparameters)
        .map(grid -> new TileSweep(network, arithmetic, grid));
  }

  /** The maps of an image at these layers. The caller closes them. */
  ImageMaps maps(RgbImage image, Set<Layer> layers, Hyperparameters hyperparameters) {
    return sweep(new Size(image.width(), image.height()), hyperparameters)
        .<ImageMaps>map(
            sweep -> new ImageMaps.Tiled(arithmetic, sweep, arithmetic.pixels(manager, image)))
        .orElseGet(() -> new ImageMaps.Whole(arithmetic, wholeMaps(image, layers)));
  }

  /** The maps of an image, in the network's arithmetic. */
  private Map<Layer, NDArray> wholeMaps(RgbImage image, Set<Layer> layers) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = InputNormalization.NETWORK.fromPixels(arithmetic.pixels(manager, image));
      Map<Layer, NDArray> maps = network.features(arithmetic.enter(input), layers);
      maps.values().forEach(NDScope::unregister);
      return maps;
    }
  }
}
