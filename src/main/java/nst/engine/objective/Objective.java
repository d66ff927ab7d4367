package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.factor.FeatureScaling;
import nst.engine.factor.LayerSchedule;
import nst.engine.factor.LossScale;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.InputNormalization;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/**
 * Gatys' objective at one scale, a sum of terms (Gatys et al. 2016, eq. 7):
 *
 * <pre>
 * L(x) = content_weight * sum_l content(l)        {@link ContentTerm}
 *      + style_weight * sum_l style(l)            {@link StyleTerm}, for each region
 *      + tv_weight * tv(x)                        {@link TotalVariation}
 * </pre>
 *
 * An evaluation is a forward and a backward pass through the network. Forward: the variable is
 * converted to pixels, to the network's input, and to maps F_l. Backward: each term gives dL/dF_l
 * in closed form, the network computes dL/dinput from them, and autograd computes dL/dx. All
 * tensors except the maps are (1, 3, height, width). {@link TiledObjective} computes the same tile
 * by tile.
 */
public class Objective {
  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final Parametrization coordinates;
  private final Map<Layer, LayerTerm> layerTerms = new EnumMap<>(Layer.class);
  private final TotalVariation totalVariation;
  private final LossScale lossScale;

  Objective(
      FeatureNetwork network,
      Arithmetic arithmetic,
      Parametrization coordinates,
      Hyperparameters hyperparameters,
      Targets targets) {
    this.network = network;
    this.arithmetic = arithmetic;
    this.coordinates = coordinates;
    this.totalVariation = TotalVariation.of(hyperparameters, targets.totalVariationReference());
    this.lossScale = LossScale.of(arithmetic.precision());
    FeatureScaling scaling = FeatureScaling.of(hyperparameters, network);
    for (Layer layer : hyperparameters.layers()) {
      List<LayerTerm> terms = new ArrayList<>();
      if (hyperparameters.contentLayers().containsKey(layer)) {
        Targets.Content photo = targets.content().get(layer);
        terms.add(new ContentTerm(hyperparameters, arithmetic, layer, photo, scaling.content()));
      }
      if (LayerSchedule.layers(hyperparameters).contains(layer)) {
        for (Targets.Region region : targets.regions()) {
          terms.add(new StyleTerm(hyperparameters, arithmetic, layer, region, scaling.style()));
        }
      }
      layerTerms.put(layer, LayerTerm.sum(terms));
    }
  }

  /**
   * Evaluates terms and gradient.
   *
   * @param variable in the objective's coordinates
   * @param progress from 0 at the first iterate to 1 at the last; the style layer weights depend on
   *     it
   */
  public Evaluation evaluate(NDArray variable, double progress) {
    return finite(evaluateScaled(variable, progress), variable, progress);
  }

  /** Repeats the evaluation with smaller loss scales while half precision overflows. */
  Evaluation finite(Evaluation first, NDArray variable, double progress) {
    Evaluation evaluation = first;
    while (!evaluation.isFinite() && lossScale.lower()) {
      evaluation.gradient().close();
      evaluation = evaluateScaled(variable, progress);
    }
    return evaluation;
  }

  private Evaluation evaluateScaled(NDArray variable, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      AtPoint point = new AtPoint(variable, progress);
      NDArray byInput = throughNetwork(point);
      TorchDevice.backward(TorchDevice.recorded(() -> point.paired(byInput)));
      return point.evaluation();
    }
  }

  /** Adds the layer terms to a point; returns the gradient with respect to the network's input. */
  NDArray throughNetwork(AtPoint point) {
    FeatureNetwork.Pass pass = forward(point.input());
    point.addLayerTerms(pass.maps());
    return backward(
        pass,
        (layer, map, arriving) -> {
          NDArray byMap = point.gradient(layer, map);
          return arriving.map(deeper -> LayerTerm.added(byMap, deeper)).orElse(byMap);
        });
  }

  /** Adds the layer terms to a point, without what a gradient needs. */
  void addLayerTerms(AtPoint point) {
    try (NDArray input = point.input()) {
      point.addLayerTerms(network.features(input, layerTerms.keySet()));
    }
  }

  /** Whether several objectives of this kind can be evaluated in one pass through the network. */
  boolean canShareAPass() {
    return true;
  }

  /** The terms of each layer. */
  Map<Layer, LayerTerm> layerTerms() {
    return layerTerms;
  }

  TotalVariation totalVariation() {
    return totalVariation;
  }

  /** The terms for pixels in [0, 1], without a gradient. */
  public LossTerms score(NDArray pixels, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray variable = coordinates.fromPixels(pixels);
      AtPoint point = new AtPoint(variable, progress);
      addLayerTerms(point);
      point.addTotalVariation(variable, pixels);
      return TermValue.sums(
          TermValue.terms(point.values), Scalars.values(TermValue.stacked(point.values)));
    }
  }

  /**
   * Computes the maps of the network.
   *
   * @param input (images, 3, height, width); closed
   */
  FeatureNetwork.Pass forward(NDArray input) {
    try (input) {
      return network.forward(input, layerTerms.keySet());
    }
  }

  /** Computes dL/dinput, (images, 3, height, width), from dL/dF, in the precision of losses. */
  NDArray backward(FeatureNetwork.Pass pass, FeatureNetwork.MapGradients byMaps) {
    return arithmetic.leave(pass.backward(byMaps));
  }

  /**
   * The steps of an evaluation at one point, in order. Their tensors belong to the caller's scope.
   */
  final class AtPoint {
    private final NDArray variable;
    private final double progress;
    private final List<TermValue> values = new ArrayList<>();
    private final Map<Layer, UnaryOperator<NDArray>> gradients = new EnumMap<>(Layer.class);
    private Optional<NDArray> leaf = Optional.empty();

    AtPoint(NDArray variable, double progress) {
      this.variable = variable;
      this.progress = progress;
    }

    double progress() {
      return progress;
    }

    double lossScale() {
      return lossScale.factor();
    }

    /** The pixels of the variable, (1, 3, height, width), not part of a graph. */
    NDArray pixels() {
      return coordinates.toPixels(variable);
    }

    /** Adds values of terms. */
    void add(List<TermValue> more) {
      values.addAll(more);
    }

    /** The network's input in its arithmetic, not part of a graph. The caller closes it. */
    NDArray input() {
      try (NDScope scope = new NDScope()) { // to have only this tensor in memory with the maps
        scope.suppressNotUsedWarning();
        NDArray pixels = coordinates.toPixels(variable);
        NDArray input = arithmetic.enter(InputNormalization.NETWORK.fromPixels(pixels));
        NDScope.unregister(input);
        return input;
      }
    }

    /** The content and style terms for the maps, (1, N, height, width). */
    void addLayerTerms(Map<Layer, NDArray> maps) {
      maps.forEach(
          (layer, map) -> {
            LayerTerm.AtMap here = layerTerms.get(layer).at(map, progress, lossScale.factor());
            values.addAll(here.values());
            gradients.put(layer, here.gradient());
          });
    }

    /** dL/dF of a layer. */
    NDArray gradient(Layer layer, NDArray map) {
      return gradients.get(layer).apply(map);
    }

    private NDArray addTotalVariation(NDArray at, NDArray pixels) { // of shape ()
      NDArray tv = totalVariation.at(coordinates.smoothed(at, pixels));
      values.add(new TermValue(totalVariation.term(), tv));
      return tv;
    }

    /**
     * A scalar whose gradient with respect to x is that of the objective: the sum of pixels(x) *
     * dL/dpixels, plus the weighted tv(x). The caller records it. Autograd's graph contains only
     * what is computed here, after the maps are closed.
     *
     * @param byInput dL/dinput
     */
    NDArray paired(NDArray byInput) {
      NDArray x = variable.duplicate(); // detached from any graph
      x.setRequiresGradient(true);
      leaf = Optional.of(x);
      NDArray pixels = coordinates.toPixels(x);
      NDArray tv = addTotalVariation(x, pixels);
      return pixels
          .mul(InputNormalization.NETWORK.gradientByPixels(byInput))
          .sum()
          .add(totalVariation.weighted(tv, lossScale.factor()));
    }

    /** The values of the terms and dL/dx, after autograd's backward pass. */
    Evaluation evaluation() {
      NDArray gradient = lossScale.removedFrom(leaf.orElseThrow().getGradient());
      NDScope.unregister(gradient);
      NDArray squaredNorm = Scalars.product(gradient, gradient);
      double[] scalars = Scalars.values(TermValue.stacked(values, squaredNorm));
      return new Evaluation(
          TermValue.sums(TermValue.terms(values), scalars),
          gradient,
          Math.sqrt(scalars[values.size()]));
    }
  }
}
