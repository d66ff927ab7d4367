package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.engine.network.Arithmetic;
import nst.engine.tile.TileSweep;
import nst.model.knob.Layer;

/** The maps of an image without a gradient, a photo or a painting, for the targets of the terms. */
sealed interface ImageMaps extends AutoCloseable {

  /** The shape of a layer's map, (1, N, height, width). */
  Shape shape(Layer layer);

  /** A layer's map in the precision of losses, as a new tensor. */
  NDArray exact(Layer layer);

  /** Parts of such a map that together are the whole, as views. */
  default List<NDArray> parts(Layer layer, NDArray exact) {
    return List.of(exact);
  }

  /**
   * The Gram matrices of some layers, each (N, N), as new tensors.
   *
   * @param shares for each layer, the share of each position, (M, 1)
   */
  Map<Layer, NDArray> grams(
      GramMatrix gramMatrix, Set<Layer> layers, Optional<Map<Layer, NDArray>> shares);

  @Override
  void close();

  private static Optional<NDArray> at(Layer layer, Optional<Map<Layer, NDArray>> shares) {
    return shares.map(byLayer -> byLayer.get(layer));
  }

  /**
   * All maps in memory.
   *
   * @param byLayer in the network's arithmetic; closed with this object
   */
  record Whole(Arithmetic arithmetic, Map<Layer, NDArray> byLayer) implements ImageMaps {
    @Override
    public Shape shape(Layer layer) {
      return byLayer.get(layer).getShape();
    }

    @Override
    public NDArray exact(Layer layer) {
      try (NDArray exact = arithmetic.leave(byLayer.get(layer).stopGradient())) {
        return exact.duplicate();
      }
    }

    @Override
    public Map<Layer, NDArray> grams(
        GramMatrix gramMatrix, Set<Layer> layers, Optional<Map<Layer, NDArray>> shares) {
      Map<Layer, NDArray> grams = new EnumMap<>(Layer.class);
      for (Layer layer : layers) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray gram = gramMatrix.of(arithmetic, byLayer.get(layer), at(layer, shares));
          NDScope.unregister(gram);
          grams.put(layer, gram);
        }
      }
      return grams;
    }

    @Override
    public void close() {
      byLayer.values().forEach(NDArray::close);
    }
  }

  /**
   * Maps that images of one photo share, without regions.
   *
   * @param manager owns the tensors that are made
   */
  record Shared(NDManager manager, Arithmetic arithmetic, SharedTargets.PhotoMaps values)
      implements ImageMaps {
    @Override
    public Shape shape(Layer layer) {
      return values.shapes().get(layer);
    }

    @Override
    public NDArray exact(Layer layer) {
      try (NDArray borrowed = manager.create(values.content().get(layer), shape(layer));
          NDArray owned = borrowed.duplicate()) {
        return arithmetic.operations().channelsLast(owned);
      }
    }

    @Override
    public Map<Layer, NDArray> grams(
        GramMatrix gramMatrix, Set<Layer> layers, Optional<Map<Layer, NDArray>> shares) {
      if (shares.isPresent()) {
        throw new IllegalArgumentException("expected no regions, were those of a mask");
      }
      return values.grams().tensors(manager);
    }

    @Override
    public void close() {
      // All tensors belong to the callers.
    }
  }

  /**
   * The maps are computed tile by tile when they are needed, and only what is asked for is kept.
   *
   * @param pixels the image, (1, 3, height, width); closed with this object
   */
  record Tiled(Arithmetic arithmetic, TileSweep sweep, NDArray pixels) implements ImageMaps {
    @Override
    public Shape shape(Layer layer) {
      return sweep.shape(layer);
    }

    @Override
    public NDArray exact(Layer layer) {
      NDArray zeros = arithmetic.exact(pixels.getManager().zeros(shape(layer)));
      NDArray whole = arithmetic.operations().channelsLast(zeros);
      zeros.close();
      sweep.forward(
          pixels, Set.of(layer), (only, part) -> part.of(whole).addi(arithmetic.leave(part.map())));
      return whole;
    }

    @Override
    public List<NDArray> parts(Layer layer, NDArray exact) {
      return sweep.parts(layer, exact);
    }

    @Override
    public Map<Layer, NDArray> grams(
        GramMatrix gramMatrix, Set<Layer> layers, Optional<Map<Layer, NDArray>> shares) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        Map<Layer, GramMatrix.Sums> sums = new EnumMap<>(Layer.class);
        for (Layer layer : layers) {
          sums.put(
              layer,
              gramMatrix
              .new Sums(pixels.getManager(), arithmetic, shape(layer), at(layer, shares)));
        }
        sweep.forward(
            pixels,
            layers,
            (layer, part) ->
                sums.get(layer)
                    .add(
                        part.map(),
                        at(layer, shares).map(all -> GramMatrix.shares(all, part, shape(layer)))));
        Map<Layer, NDArray> grams = new EnumMap<>(Layer.class);
        sums.forEach((layer, sum) -> grams.put(layer, sum.total().gram()));
        grams.values().forEach(NDScope::unregister);
        return grams;
      }
    }

    @Override
    public void close() {
      pixels.close();
    }
  }
}
