package nst.engine.tile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.InputNormalization;
import nst.engine.tile.TileGrid.Tile;
import nst.engine.tile.TileGrid.Window;
import nst.image.Size;
import nst.model.knob.Layer;

/**
 * Runs a network over the tiles of an image, one after another. Only the maps of one tile are in
 * memory.
 */
public final class TileSweep {
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final TileGrid grid;

  public TileSweep(FeatureNetwork network, Arithmetic arithmetic, TileGrid grid) {
    this.network = network;
    this.arithmetic = arithmetic;
    this.grid = grid;
  }

  /**
   * The positions of one tile in the map of the whole image.
   *
   * @param map their values, (1, N, height, width), channels last, in the network's precision
   */
  public record Part(NDArray map, Window window) {
    /** The same positions of another map of the whole image, (1, any, height, width), as a view. */
    public NDArray of(NDArray whole) {
      return cut(whole, window);
    }
  }

  /** The parts of a layer's map, (1, any, height, width), in the order of the tiles, as views. */
  public List<NDArray> parts(Layer layer, NDArray map) {
    return grid.tiles().stream().map(tile -> cut(map, grid.inImage(tile, layer))).toList();
  }

  /** The gradients of an objective with respect to the parts of maps. */
  public interface PartGradients {
    /** Returns a new tensor of the part's shape and precision. */
    NDArray at(Layer layer, Part part);
  }

  /** The shape of a layer's map of the whole image, (1, N, height, width). */
  public Shape shape(Layer layer) {
    Size size = grid.map(layer);
    return new Shape(1, grid.channels(layer), size.height(), size.width());
  }

  /**
   * Computes the maps of some layers, without what a gradient needs.
   *
   * @param pixels the image, (1, 3, height, width)
   * @param visitor receives each part of each layer's map, which is closed afterwards
   */
  public void forward(NDArray pixels, Set<Layer> layers, BiConsumer<Layer, Part> visitor) {
    for (Tile tile : grid.tiles()) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        network
            .features(input(pixels, tile), layers)
            .forEach(
                (layer, map) -> {
                  Part part = part(map, tile, layer);
                  map.close();
                  visitor.accept(layer, part);
                  part.map().close();
                });
      }
    }
  }

  /**
   * Computes the gradient with respect to the network's input, from that with respect to the maps.
   *
   * @param pixels the image, (1, 3, height, width)
   * @return (1, 3, height, width), in the precision of losses
   */
  public NDArray backward(NDArray pixels, Set<Layer> layers, PartGradients objective) {
    NDArray byInput = pixels.zerosLike();
    for (Tile tile : grid.tiles()) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        FeatureNetwork.Pass pass = pass(pixels, tile, layers);
        NDArray byTile =
            pass.backward(
                (layer, map, arriving) -> {
                  Part part = part(map, tile, layer);
                  NDArray byPart = objective.at(layer, part);
                  part.map().close();
                  return embedded(byPart, grid.inTile(tile, layer), map, arriving);
                });
        // Halos overlap, and a pixel acts on the positions of several tiles.
        cut(byInput, tile.withHalo()).addi(arithmetic.leave(byTile));
      }
    }
    return byInput;
  }

  private FeatureNetwork.Pass pass(NDArray pixels, Tile tile, Set<Layer> layers) {
    try (NDArray input = input(pixels, tile)) {
      return network.forward(input, layers);
    }
  }

  /** The network's input for a tile with its halo. */
  private NDArray input(NDArray pixels, Tile tile) {
    NDArray cut = cut(pixels, tile.withHalo());
    return arithmetic.enter(InputNormalization.NETWORK.fromPixels(cut));
  }

  private Part part(NDArray map, Tile tile, Layer layer) {
    try (NDArray own = cut(map, grid.inTile(tile, layer))) { // a view would keep the map in memory
      return new Part(arithmetic.operations().channelsLast(own), grid.inImage(tile, layer));
    }
  }

  /**
   * The gradient with respect to the map of a tile with its halo: that from deeper layers plus that
   * of the objective, which does not depend on the halo.
   */
  private NDArray embedded(NDArray byPart, Window window, NDArray map, Optional<NDArray> arriving) {
    NDArray byMap = arriving.map(NDArray::duplicate).orElseGet(() -> zeros(map));
    arriving.ifPresent(NDArray::close);
    try (NDArray own = cut(byMap, window)) {
      own.addi(byPart);
    }
    byPart.close();
    return byMap;
  }

  /** DJL's {@code zerosLike} aborts the JVM for bfloat16. */
  private NDArray zeros(NDArray map) {
    return arithmetic.enter(arithmetic.exact(map.getManager().zeros(map.getShape())));
  }

  /** A rectangle of (1, any, height, width), as a view. */
  private static NDArray cut(NDArray x, Window window) {
    try (PtNDArray rows =
        JniUtils.slice((PtNDArray) x, HEIGHT, window.top(), window.top() + window.height(), 1)) {
      return JniUtils.slice(rows, WIDTH, window.left(), window.left() + window.width(), 1);
    }
  }
}
