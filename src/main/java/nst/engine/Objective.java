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
   * Where an objective is asked for.
   *
   * @param variable (1, 3, height, width) in the objective's coordinates
   * @param progress from 0 at the first iterate to 1 at the last; style layer weights follow it
   */
  record Point(Objective objective, NDArray variable, double progress) {}

  /** Terms and gradient at one point, {@link #evaluate(List)} with nobody beside. */
  Evaluation evaluate(NDArray variable, double progress) {
    return evaluate(List.of(new Point(this, variable, progress))).get(0);
  }

  /**
   * Terms and gradients, in one pass through the network.
   *
   * @param points of objectives that share network, arithmetic, layers and shape
   * @return in the order of the points
   */
  static List<Evaluation> evaluate(List<Point> points) {
    List<Evaluation> evaluations = new ArrayList<>(evaluateScaled(points));
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      while (!evaluations.get(i).isFinite() && point.objective().lossScale.lower()) {
        evaluations.get(i).gradient().close(); // half precision overflowed
        evaluations.set(i, evaluateScaled(List.of(point)).get(0));
      }
    }
    return evaluations;
  }

  private static List<Evaluation> evaluateScaled(List<Point> points) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<NDArray> leaves = new ArrayList<>(); // each (1, 3, height, width), cut from any graph
      for (Point point : points) {
        NDArray leaf = point.variable().duplicate();
        leaf.setRequiresGradient(true);
        leaves.add(leaf);
      }
      List<List<Term>> terms = new ArrayList<>();
      List<NDArray> values = new ArrayList<>(); // each (terms)
      TorchDevice.backward(
          TorchDevice.recorded(
              () -> {
                terms.addAll(terms(points, leaves));
                terms.forEach(of -> values.add(stacked(of)));
                return total(points, terms, values);
              }));
      List<Evaluation> evaluations = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        LossScale lossScale = points.get(i).objective().lossScale;
        NDArray gradient = lossScale.removedFrom(leaves.get(i).getGradient());
        NDScope.unregister(gradient);
        evaluations.add(
            new Evaluation(read(terms.get(i), values.get(i)), gradient, Scalars.norm(gradient)));
      }
      return evaluations;
    }
  }

  /** The sum of all weighted terms: no image's terms depend on another's variable. */
  private static NDArray total(List<Point> points, List<List<Term>> terms, List<NDArray> values) {
    NDArray total = values.get(0).mul(points.get(0).objective().weights(terms.get(0))).sum();
    for (int i = 1; i < points.size(); i++) {
      total = total.add(values.get(i).mul(points.get(i).objective().weights(terms.get(i))).sum());
    }
    return total;
  }

  /** The terms of pixels in [0, 1], with no gradient: a third of the work. */
  Terms score(NDArray pixels, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Point point = new Point(this, coordinates.fromPixels(pixels), progress);
      List<Term> terms = terms(List.of(point), List.of(point.variable())).get(0);
      return read(terms, stacked(terms));
    }
  }

  /** Each point's terms: one pass through the network, then every image by itself. */
  private static List<List<Term>> terms(List<Point> points, List<NDArray> variables) {
    Objective first = points.get(0).objective(); // all share what is taken of it
    List<NDArray> pixels = new ArrayList<>(); // each (1, 3, height, width)
    NDList inputs = new NDList();
    for (int i = 0; i < points.size(); i++) {
      Objective objective = points.get(i).objective();
      pixels.add(objective.coordinates.toPixels(variables.get(i)));
      inputs.add(
          InputStandard.of(objective.hyperparameters.inputSpace()).fromPixels(pixels.get(i)));
    }
    NDArray input = inputs.size() == 1 ? inputs.head() : NDArrays.concat(inputs); // (B, 3, ...)
    Map<Layer, NDArray> maps = first.network.features(first.arithmetic.enter(input), first.layers);
    List<Map<Layer, NDArray>> byImage = byImage(maps, points.size());
    List<List<Term>> terms = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      terms.add(
          point
              .objective()
              .terms(variables.get(i), pixels.get(i), byImage.get(i), point.progress()));
    }
    return terms;
  }

  /** (B, N, height, width) to B times (1, N, height, width). */
  private static List<Map<Layer, NDArray>> byImage(Map<Layer, NDArray> maps, int images) {
    if (images == 1) {
      return List.of(maps);
    }
    List<Map<Layer, NDArray>> byImage = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      byImage.add(new EnumMap<>(Layer.class));
    }
    maps.forEach(
        (layer, map) -> {
          NDList split = map.split(images);
          for (int i = 0; i < images; i++) {
            byImage.get(i).put(layer, split.get(i));
          }
        });
    return byImage;
  }

  private List<Term> terms(
      NDArray variable, NDArray pixels, Map<Layer, NDArray> maps, double progress) {
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

  private NDArray weights(List<Term> terms) { // (terms)
    double[] weights = new double[terms.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = terms.get(i).factor() * terms.get(i).weight() * lossScale.factor();
    }
    return Scalars.vector(terms.get(0).node(), weights);
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
