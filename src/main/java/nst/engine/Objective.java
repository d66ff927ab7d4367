package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.model.Hyperparameters;
import nst.model.Layer;

/**
 * Gatys' objective at one scale:
 *
 * <pre>
 * L(x) = content_weight * sum_l c_l content(l)
 *      + style_weight * sum_l w_l sum_s b_s style(l, s)
 *      + tv_weight * tv(x)
 * </pre>
 *
 * Every scalar term is its own node of the graph; the total is their inner product with one vector
 * of weights, so that all of them are read with one copy.
 */
final class Objective {
  private enum Kind {
    CONTENT,
    STYLE,
    TOTAL_VARIATION
  }

  /**
   * One scalar of the sum.
   *
   * @param node what the graph computes
   * @param factor from the node to the unweighted term
   * @param weight from the unweighted term to the total
   */
  private record Term(Kind kind, Layer layer, NDArray node, double factor, double weight) {}

  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final Coordinates coordinates;
  private final Hyperparameters hyperparameters;
  private final Targets targets;
  private final Set<Layer> layers;
  private final Set<Layer> styleLayers;
  private final GramMatrix gramMatrix;
  private final TotalVariation totalVariation;
  private final LossScale lossScale;

  Objective(
      FeatureNetwork network,
      Arithmetic arithmetic,
      Coordinates coordinates,
      Hyperparameters hyperparameters,
      Targets targets) {
    this.network = network;
    this.arithmetic = arithmetic;
    this.coordinates = coordinates;
    this.hyperparameters = hyperparameters;
    this.targets = targets;
    this.layers = Sizing.layers(hyperparameters);
    this.styleLayers = LayerSchedule.layers(hyperparameters);
    this.gramMatrix = GramMatrix.of(hyperparameters);
    this.totalVariation = new TotalVariation(hyperparameters.tvTerm());
    this.lossScale = LossScale.of(arithmetic.precision());
  }

  /**
   * Terms and gradient.
   *
   * @param variable (1, 3, height, width) in the objective's coordinates
   * @param progress from 0 at the first iterate to 1 at the last; style layer weights follow it
   */
  Evaluation evaluate(NDArray variable, double progress) {
    Evaluation evaluation = evaluateScaled(variable, progress);
    while (!evaluation.isFinite() && lossScale.lower()) { // half precision overflowed
      evaluation.gradient().close();
      evaluation = evaluateScaled(variable, progress);
    }
    return evaluation;
  }

  private Evaluation evaluateScaled(NDArray variable, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray leaf = variable.duplicate(); // (1, 3, height, width), cut from any graph
      leaf.setRequiresGradient(true);
      List<Term> terms = new ArrayList<>();
      NDArray[] values = new NDArray[1]; // (terms)
      NDArray total =
          TorchDevice.recorded(
              () -> {
                terms.addAll(terms(leaf, progress));
                values[0] = stacked(terms);
                return values[0].mul(weights(values[0], terms)).sum();
              });
      NDArray gradient = TorchDevice.gradient(total, leaf); // (1, 3, height, width)
      NDArray unscaled = lossScale.removedFrom(gradient);
      NDScope.unregister(unscaled);
      return new Evaluation(read(terms, values[0]), unscaled, Scalars.norm(unscaled));
    }
  }

  /** The terms of pixels in [0, 1], with no gradient: a third of the work. */
  Terms score(NDArray pixels, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<Term> terms = terms(coordinates.fromPixels(pixels), progress);
      return read(terms, stacked(terms));
    }
  }

  private List<Term> terms(NDArray variable, double progress) {
    NDArray pixels = coordinates.toPixels(variable); // (1, 3, height, width)
    NDArray input = InputStandard.of(hyperparameters.inputSpace()).fromPixels(pixels);
    Map<Layer, NDArray> maps = network.features(arithmetic.enter(input), layers);
    List<Term> terms = new ArrayList<>();
    maps.forEach(
        (layer, map) -> {
          addContent(terms, layer, map);
          addStyle(terms, layer, map, progress);
        });
    terms.add(
        new Term(
            Kind.TOTAL_VARIATION,
            Layer.CONV1_1, // of no layer
            totalVariation.of(coordinates.smoothed(variable, pixels)),
            1 / targets.totalVariationReference(),
            hyperparameters.tvWeight()));
    return terms;
  }

  private void addContent(List<Term> terms, Layer layer, NDArray map) {
    Targets.Content target = targets.content().get(layer);
    if (target == null) {
      return;
    }
    NDArray features = arithmetic.leave(map); // F, (1, N, height, width)
    double factor =
        switch (hyperparameters.contentTerm()) {
          case MEAN_SQUARES -> 1;
          case HALF_SUM_SQUARES -> features.getShape().size() / 2.0;
        };
    terms.add(
        new Term(
            Kind.CONTENT,
            layer,
            features.sub(target.map()).square().mean(),
            hyperparameters.contentLayers().get(layer) * factor / target.reference(),
            hyperparameters.contentWeight()));
  }

  private void addStyle(List<Term> terms, Layer layer, NDArray map, double progress) {
    double layerWeight = LayerSchedule.weight(hyperparameters, layer, progress);
    if (!styleLayers.contains(layer)) {
      return;
    }
    for (Targets.Region region : targets.regions()) {
      Optional<NDArray> shares = region.sharesAt(layer); // (M, 1)
      NDArray gram = arithmetic.gram(gramMatrix, map, shares); // G, (N, N)
      double factor = layerWeight * gramMatrix.factor(map, shares);
      for (Targets.Style style : region.styles()) {
        Targets.Gram target = style.grams().get(layer);
        terms.add(
            new Term(
                Kind.STYLE,
                layer,
                gram.sub(target.matrix()).square().mean(),
                factor * style.weight() / target.reference(),
                hyperparameters.styleWeight()));
      }
    }
  }

  private static NDArray stacked(List<Term> terms) { // (terms)
    return NDArrays.stack(new NDList(terms.stream().map(Term::node).toList()));
  }

  private NDArray weights(NDArray nodes, List<Term> terms) { // (terms)
    double[] weights = new double[terms.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = terms.get(i).factor() * terms.get(i).weight() * lossScale.factor();
    }
    return Scalars.vector(nodes, weights);
  }

  private static Terms read(List<Term> terms, NDArray stacked) {
    double[] nodes = Scalars.values(stacked);
    Map<Kind, Double> sums = new EnumMap<>(Kind.class);
    Map<Layer, Double> styleByLayer = new EnumMap<>(Layer.class);
    double total = 0;
    for (int i = 0; i < nodes.length; i++) {
      Term term = terms.get(i);
      double value = nodes[i] * term.factor();
      sums.merge(term.kind(), value, Double::sum);
      total += value * term.weight();
      if (term.kind() == Kind.STYLE) {
        styleByLayer.merge(term.layer(), value, Double::sum);
      }
    }
    return new Terms(
        sums.getOrDefault(Kind.CONTENT, 0.0),
        sums.getOrDefault(Kind.STYLE, 0.0),
        sums.getOrDefault(Kind.TOTAL_VARIATION, 0.0),
        total,
        styleByLayer);
  }
}
