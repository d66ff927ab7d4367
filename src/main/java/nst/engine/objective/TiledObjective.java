package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.EnumMap;
import java.util.Map;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.tile.TileSweep;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/**
 * {@link Objective} with the maps of one tile in memory at a time. All layer terms depend on sums
 * over positions: Gram matrices and squared differences. So an evaluation is two sweeps over the
 * tiles:
 *
 * <ol>
 *   <li>forward, to add up the sums, which give the terms and dL/dG;
 *   <li>forward again and back, with dL/dF of the tile's own positions, which adds dL/dinput of the
 *       tile and its halo to that of the image.
 * </ol>
 *
 * The result is that of the whole image, apart from rounding. Total variation and the optimiser
 * need no maps and are not divided.
 */
final class TiledObjective extends Objective {
  private final TileSweep sweep;

  TiledObjective(
      FeatureNetwork network,
      Arithmetic arithmetic,
      Parametrization coordinates,
      Hyperparameters hyperparameters,
      Targets targets,
      TileSweep sweep) {
    super(network, arithmetic, coordinates, hyperparameters, targets);
    this.sweep = sweep;
  }

  @Override
  NDArray throughNetwork(AtPoint point) {
    NDArray pixels = point.pixels();
    Map<Layer, LayerTerm.AtParts> terms = terms(pixels, point);
    return sweep.backward(
        pixels, layerTerms().keySet(), (layer, part) -> terms.get(layer).gradient().apply(part));
  }

  @Override
  void addLayerTerms(AtPoint point) {
    terms(point.pixels(), point);
  }

  /** A pass of several images would need the memory of several tiles. */
  @Override
  boolean canShareAPass() {
    return false;
  }

  /** The first sweep: the terms of each layer, whose values are added to the point. */
  private Map<Layer, LayerTerm.AtParts> terms(NDArray pixels, AtPoint point) {
    Map<Layer, LayerTerm.InParts> begun = new EnumMap<>(Layer.class);
    NDManager manager = pixels.getManager();
    layerTerms()
        .forEach((layer, term) -> begun.put(layer, term.inParts(manager, sweep.shape(layer))));
    sweep.forward(pixels, begun.keySet(), (layer, part) -> begun.get(layer).add(part));
    Map<Layer, LayerTerm.AtParts> terms = new EnumMap<>(Layer.class);
    begun.forEach(
        (layer, sums) -> {
          LayerTerm.AtParts here = sums.at(point.progress(), point.lossScale());
          point.add(here.values());
          terms.put(layer, here);
        });
    return terms;
  }
}
