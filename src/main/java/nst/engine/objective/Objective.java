package nst.engine.objective;

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
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.InputStandard;
import nst.engine.sizing.Sizing;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
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
 * The gradient is taken in three parts: by the maps in closed form, from there to the network's
 * input by the network, from there to the variable by autograd.
 */
public final class Objective {
  private enum Kind {
    CONTENT,
    STYLE,
    TOTAL_VARIATION
  }

  /**
   * One scalar of the sum.
   *
   * @param node what is computed, of shape ()
   * @param factor from the node to the unweighted term
   * @param weight from the unweighted term to the total
   */
  private record Term(Kind kind, Layer layer, NDArray node, double factor, double weight) {}

  /** What some terms add to the gradient by a map: a new tensor of its shape and precision. */
  private interface Contribution {
    NDArray gradient(NDArray map);
  }

  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final Parametrization coordinates;
  private final Hyperparameters hyperparameters;
  private final Targets targets;
  private final Set<Layer> layers;
  private final Set<Layer> styleLayers;
  private final GramMatrix gramMatrix;
  private final TotalVariation totalVariation;
  private final LossScale lossScale;
  private final FeatureScaling scaling;

  Objective(
      FeatureNetwork network,
      Arithmetic arithmetic,
      Parametrization coordinates,
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
    this.scaling = FeatureScaling.of(hyperparameters, network);
  }

  /**
   * Where an objective is asked for.
   *
   * @param variable (1, 3, height, width) in the objective's coordinates
   * @param progress from 0 at the first iterate to 1 at the last; style layer weights follow it
   */
  public record Point(Objective objective, NDArray variable, double progress) {}

  /** Terms and gradient at one point, {@link #evaluate(List)} with nobody beside. */
  public Evaluation evaluate(NDArray variable, double progress) {
    return evaluate(List.of(new Point(this, variable, progress))).get(0);
  }

  /**
   * Terms and gradients, in one pass through the network.
   *
   * @param points of objectives that share network, arithmetic, layers and shape
   * @return in the order of the points
   */
  public static List<Evaluation> evaluate(List<Point> points) {
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
      Objective first = points.get(0).objective(); // all share what is taken of it
      List<OneImage> images = points.stream().map(OneImage::new).toList();
      FeatureNetwork.Pass pass;
      try (NDArray input = inputs(images)) {
        pass = first.network.forward(input, first.layers);
      }
      addMapTerms(images, pass.maps());
      NDArray byInput =
          first.arithmetic.leave(
              pass.backward((layer, map, arriving) -> added(images, layer, map, arriving)));
      NDList byInputs = split(byInput, images.size()); // each (1, 3, height, width)
      TorchDevice.backward(
          TorchDevice.recorded(
              () -> {
                NDArray total = images.get(0).paired(byInputs.get(0));
                for (int i = 1; i < images.size(); i++) {
                  total = total.add(images.get(i).paired(byInputs.get(i)));
                }
                return total;
              }));
      return images.stream().map(OneImage::evaluation).toList();
    }
  }

  /** The terms of pixels in [0, 1], with no gradient: a third of the work. */
  public LossTerms score(NDArray pixels, double progress) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      OneImage image = new OneImage(new Point(this, coordinates.fromPixels(pixels), progress));
      try (NDArray input = image.input()) {
        image.addTerms(network.features(input, layers));
      }
      image.addTotalVariation(totalVariation(image.point.variable(), pixels));
      return read(image.terms, Scalars.values(stacked(image.terms)));
    }
  }

  /** An image on its way through an evaluation. */
  private static final class OneImage {
    private final Point point;
    private final List<Term> terms = new ArrayList<>();
    private final Map<Layer, List<Contribution>> contributions = new EnumMap<>(Layer.class);
    private Optional<NDArray> leaf = Optional.empty(); // (1, 3, height, width)

    OneImage(Point point) {
      this.point = point;
    }

    private Objective objective() {
      return point.objective();
    }

    /** The network's input in its arithmetic, (1, 3, height, width), of no graph; to be closed. */
    NDArray input() {
      try (NDScope scope = new NDScope()) { // beside the maps there shall be no more than this
        scope.suppressNotUsedWarning();
        NDArray pixels = objective().coordinates.toPixels(point.variable());
        NDArray input = objective().arithmetic.enter(InputStandard.NETWORK.fromPixels(pixels));
        NDScope.unregister(input);
        return input;
      }
    }

    /** The terms' values, and how each layer's come into the gradient. */
    void addTerms(Map<Layer, NDArray> maps) {
      maps.forEach(
          (layer, map) -> {
            List<Contribution> atLayer = new ArrayList<>();
            objective().addContent(terms, atLayer, layer, map);
            objective().addStyle(terms, atLayer, layer, map, point.progress());
            contributions.put(layer, atLayer);
          });
    }

    void addTotalVariation(NDArray value) { // of shape ()
      terms.add(
          new Term(
              Kind.TOTAL_VARIATION,
              Layer.CONV1_1, // of no layer
              value,
              1 / objective().targets.totalVariationReference(),
              objective().hyperparameters.tvWeight()));
    }

    /** What the terms at a map add to its gradient. */
    NDArray gradient(Layer layer, NDArray map) {
      List<Contribution> atLayer = contributions.get(layer);
      NDArray sum = atLayer.get(0).gradient(map);
      for (Contribution more : atLayer.subList(1, atLayer.size())) {
        add(sum, more.gradient(map));
      }
      return sum;
    }

    /**
     * A scalar whose gradient by the leaf is the objective's; recorded. All that autograd sees is
     * made here, when the maps are gone.
     *
     * @param byInput the gradient by the network's input, in single precision
     */
    NDArray paired(NDArray byInput) {
      NDArray variable = point.variable().duplicate(); // cut from any graph
      variable.setRequiresGradient(true);
      leaf = Optional.of(variable);
      NDArray pixels = objective().coordinates.toPixels(variable);
      NDArray smoothness = objective().totalVariation(variable, pixels);
      addTotalVariation(smoothness);
      double weight =
          objective().hyperparameters.tvWeight()
              * objective().lossScale.factor()
              / objective().targets.totalVariationReference();
      return pixels
          .mul(InputStandard.NETWORK.gradientByPixels(byInput))
          .sum()
          .add(smoothness.mul(Scalars.of(variable, weight)));
    }

    Evaluation evaluation() {
      NDArray gradient = objective().lossScale.removedFrom(leaf.orElseThrow().getGradient());
      NDScope.unregister(gradient);
      double[] read = Scalars.values(stacked(terms, Scalars.product(gradient, gradient)));
      return new Evaluation(read(terms, read), gradient, Math.sqrt(read[terms.size()]));
    }
  }

  private NDArray totalVariation(NDArray variable, NDArray pixels) { // of shape ()
    return totalVariation.of(coordinates.smoothed(variable, pixels));
  }

  /** (images, 3, height, width) in the network's arithmetic, of no graph. */
  private static NDArray inputs(List<OneImage> images) {
    if (images.size() == 1) {
      return images.get(0).input();
    }
    NDList inputs = new NDList(images.stream().map(OneImage::input).toList());
    NDArray together = NDArrays.concat(inputs);
    inputs.close();
    return together;
  }

  private static void addMapTerms(List<OneImage> images, Map<Layer, NDArray> maps) {
    List<Map<Layer, NDArray>> byImage = new ArrayList<>();
    images.forEach(image -> byImage.add(new EnumMap<>(Layer.class)));
    maps.forEach(
        (layer, map) -> {
          NDList split = split(map, images.size());
          for (int i = 0; i < images.size(); i++) {
            byImage.get(i).put(layer, split.get(i));
          }
        });
    for (int i = 0; i < images.size(); i++) {
      images.get(i).addTerms(byImage.get(i));
    }
  }

  private static NDArray added(
      List<OneImage> images, Layer layer, NDArray map, Optional<NDArray> arriving) {
    NDList split = split(map, images.size());
    NDList gradients = new NDList();
    for (int i = 0; i < images.size(); i++) {
      gradients.add(images.get(i).gradient(layer, split.get(i)));
    }
    NDArray gradient = gradients.size() == 1 ? gradients.head() : NDArrays.concat(gradients);
    arriving.ifPresent(deeper -> add(gradient, deeper));
    return gradient;
  }

  /** (B, N, height, width) to B times (1, N, height, width), views. */
  private static NDList split(NDArray map, int images) {
    return images == 1 ? new NDList(map) : map.split(images);
  }

  /** sum += x, which is closed. */
  private static void add(NDArray sum, NDArray x) {
    sum.addi(x);
    x.close();
  }

  private void addContent(
      List<Term> terms, List<Contribution> contributions, Layer layer, NDArray map) {
    Targets.Content target = targets.content().get(layer);
    if (target == null) {
      return;
    }
    long values = map.getShape().size(); // N * M
    double form =
        switch (hyperparameters.contentTerm()) {
          case MEAN_SQUARES -> 1;
          case HALF_SUM_SQUARES -> values / 2.0;
        };
    double factor =
        hyperparameters.contentLayers().get(layer) * form * scaling.content() / target.reference();
    try (NDArray difference = difference(map, target)) {
      NDArray squares =
          difference.muli(difference); // in place: all maps are there, the peak is now
      terms.add(
          new Term(Kind.CONTENT, layer, squares.mean(), factor, hyperparameters.contentWeight()));
    }
    double byDifference =
        2 * factor * hyperparameters.contentWeight() * lossScale.factor() / values;
    contributions.add(
        again -> {
          try (NDArray difference = difference(again, target)) {
            return arithmetic.enter(Scalars.scale(difference, byDifference));
          }
        });
  }

  /** F - P in the losses' precision, a new tensor. */
  private NDArray difference(NDArray map, Targets.Content target) {
    NDArray exact = arithmetic.leave(map);
    return exact == map ? map.sub(target.map()) : exact.subi(target.map());
  }

  private void addStyle(
      List<Term> terms,
      List<Contribution> contributions,
      Layer layer,
      NDArray map,
      double progress) {
    if (!styleLayers.contains(layer)) {
      return;
    }
    double layerWeight = LayerSchedule.weight(hyperparameters, layer, progress);
    for (Targets.Region region : targets.regions()) {
      Optional<NDArray> shares = region.sharesAt(layer); // (M, 1)
      GramMatrix.Measured measured = gramMatrix.measured(arithmetic, map, shares);
      double factor = layerWeight * gramMatrix.factor(map, shares) * scaling.style();
      long entries = measured.gram().getShape().size(); // N^2
      NDList byGrams = new NDList(); // dL/dG, (N, N), for each style
      for (Targets.Style style : region.styles()) {
        Targets.Gram target = style.grams().get(layer);
        NDArray distance = measured.gram().sub(target.matrix()); // G - A, (N, N)
        Term term =
            new Term(
                Kind.STYLE,
                layer,
                distance.square().mean(),
                factor * style.weight() / target.reference(),
                hyperparameters.styleWeight());
        terms.add(term);
        double byDistance = 2 * term.factor() * term.weight() * lossScale.factor() / entries;
        byGrams.add(Scalars.scale(distance, byDistance));
      }
      NDArray byGram = byGrams.stream().reduce(NDArray::addi).orElseThrow();
      contributions.add(again -> gramMatrix.gradient(arithmetic, again, shares, measured, byGram));
    }
  }

  private static NDArray stacked(List<Term> terms, NDArray... more) { // (terms + more)
    NDList nodes = new NDList(more.length + terms.size());
    terms.forEach(term -> nodes.add(term.node().stopGradient()));
    nodes.addAll(List.of(more));
    return NDArrays.stack(nodes);
  }

  /**
   * Terms by their numbers.
   *
   * @param nodes a value for each term, in their order
   */
  private static LossTerms read(List<Term> terms, double[] nodes) {
    Map<Kind, Double> sums = new EnumMap<>(Kind.class);
    Map<Layer, Double> styleByLayer = new EnumMap<>(Layer.class);
    double total = 0;
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      double value = nodes[i] * term.factor();
      sums.merge(term.kind(), value, Double::sum);
      total += value * term.weight();
      if (term.kind() == Kind.STYLE) {
        styleByLayer.merge(term.layer(), value, Double::sum);
      }
    }
    return new LossTerms(
        sums.getOrDefault(Kind.CONTENT, 0.0),
        sums.getOrDefault(Kind.STYLE, 0.0),
        sums.getOrDefault(Kind.TOTAL_VARIATION, 0.0),
        total,
        styleByLayer);
  }
}
