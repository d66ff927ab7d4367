package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.InputStandard;
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
 * An evaluation is one pass through the network and one back. Forward, the variable becomes pixels,
 * the network's input, and maps F_l. Back, each term gives dL/dF_l in closed form, the network
 * makes dL/dinput of them, and autograd dL/dx. All tensors but the maps are (1, 3, height, width).
 */
public final class Objective {
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
   * Terms and gradient.
   *
   * @param variable in the objective's coordinates
   * @param progress from 0 at the first iterate to 1 at the last; style layer weights follow it
   */
  public Evaluation evaluate(NDArray variable, double progress) {
    return finite(evaluateScaled(variable, progress), variable, progress);
  }

  /** Evaluates again with smaller loss scales, as long as half precision overflowed. */
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
      FeatureNetwork.Pass pass = forward(point.input());
      point.addLayerTerms(pass.maps());
      NDArray byInput =
          backward(
              pass,
              (layer, map, arriving) -> {
                NDArray byMap = point.gradient(layer, map);
                return arriving.map(deeper -> LayerTerm.added(byMap, deeper)).orElse(byMap);
              });
      TorchDevice.backward(TorchDevice.recorded(() -> point.paired(byInput)));
      return point.evaluation();
    }
  }

  /** The terms of pixels in [0, 1], with no gradient: a third of the work. */
  public LossTerms score(NDArray pixels, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray variable = coordinates.fromPixels(pixels);
      AtPoint point = new AtPoint(variable, progress);
      try (NDArray input = point.input()) {
        point.addLayerTerms(network.features(input, layerTerms.keySet()));
      }
      point.addTotalVariation(variable, pixels);
      return TermValue.sums(point.values, Scalars.values(TermValue.stacked(point.values)));
    }
  }

  /**
   * From the network's input to its maps.
   *
   * @param input (images, 3, height, width); closed
   */
  FeatureNetwork.Pass forward(NDArray input) {
    try (input) {
      return network.forward(input, layerTerms.keySet());
    }
  }

  /** From dL/dF to dL/dinput, (images, 3, height, width), in the losses' precision. */
  NDArray backward(FeatureNetwork.Pass pass, FeatureNetwork.MapGradients byMaps) {
    return arithmetic.leave(pass.backward(byMaps));
  }

  /** An evaluation's steps at one variable, in order; their tensors are the caller's scope's. */
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

    /** The network's input in its arithmetic, of no graph; to be closed. */
    NDArray input() {
      try (NDScope scope = new NDScope()) { // beside the maps there shall be no more than this
        scope.suppressNotUsedWarning();
        NDArray pixels = coordinates.toPixels(variable);
        NDArray input = arithmetic.enter(InputStandard.NETWORK.fromPixels(pixels));
        NDScope.unregister(input);
        return input;
      }
    }

    /** Content and style at the maps, (1, N, height, width). */
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
      values.add(totalVariation.value(tv));
      return tv;
    }

    /**
     * A scalar whose gradient by x is the objective's: the sum of pixels(x) * dL/dpixels, plus the
     * weighted tv(x). To be recorded. All that autograd sees is made here, when the maps are gone.
     *
     * @param byInput dL/dinput
     */
    NDArray paired(NDArray byInput) {
      NDArray x = variable.duplicate(); // cut from any graph
      x.setRequiresGradient(true);
      leaf = Optional.of(x);
      NDArray pixels = coordinates.toPixels(x);
      NDArray tv = addTotalVariation(x, pixels);
      return pixels
          .mul(InputStandard.NETWORK.gradientByPixels(byInput))
          .sum()
          .add(totalVariation.weighted(tv, lossScale.factor()));
    }

    /** The terms' values and dL/dx, when autograd is through. */
    Evaluation evaluation() {
      NDArray gradient = lossScale.removedFrom(leaf.orElseThrow().getGradient());
      NDScope.unregister(gradient);
      NDArray squaredNorm = Scalars.product(gradient, gradient);
      double[] scalars = Scalars.values(TermValue.stacked(values, squaredNorm));
      return new Evaluation(
          TermValue.sums(values, scalars), gradient, Math.sqrt(scalars[values.size()]));
    }
  }
}
