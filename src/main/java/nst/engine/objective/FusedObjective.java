package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import nst.engine.factor.LayerSchedule;
import nst.engine.network.Architecture;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.Filter;
import nst.engine.network.InputNormalization;
import nst.engine.network.TensorOperations;
import nst.engine.network.VggStep;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.LossChoices.TvLoss;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Pooling;
import nst.model.knob.NetworkChoices.Precision;

/**
 * {@link Objective} as one call of libtorch, for one image or for several of one shape. An
 * evaluation of {@link Objective} is some hundred calls from Java, which cost more than the
 * computation if the image is small or the device fast. The method {@code evaluate} in {@code
 * src/tools/torchscript} does the same steps in the same order, with the gradient of the pixels and
 * the total variation in closed form. What does not change between evaluations is made into
 * arguments once.
 */
final class FusedObjective extends Objective {
  private final FeatureNetwork.Vgg network;
  private final TensorOperations operations;
  private final Hyperparameters hyperparameters;
  private final Size size;
  private final List<VggStep> steps;

  /** The arguments of this image alone, from the style factors on. */
  private final IValue[] arguments;

  /** The terms of this image, the only argument that differs between images of one shape. */
  private final IValue imageTerms;

  /** The terms, if they are the same in all evaluations. */
  private final Optional<WeightedTerms> constantTerms;

  /**
   * The terms of the sum in an evaluation.
   *
   * @param terms in the order of the scalars of an evaluation
   * @param styleFactors from G - A_s to the weighted dstyle/dG, for each style of each layer
   * @param argument the style factors
   */
  private record WeightedTerms(
      List<TermValue.Term> terms, List<Double> styleFactors, IValue argument)
      implements AutoCloseable {
    @Override
    public void close() {
      argument.close();
    }
  }

  /**
   * Whether an objective can be evaluated in one call: with a VGG, without masks, and in a
   * precision that needs no loss scale. Double precision is for comparisons with the reference,
   * which is {@link Objective}.
   */
  static boolean isPossible(FeatureNetwork network, Arithmetic arithmetic, Targets targets) {
    return network instanceof FeatureNetwork.Vgg
        && (arithmetic.precision() == Precision.FLOAT32
            || arithmetic.precision() == Precision.BFLOAT16)
        && targets.regions().size() == 1
        && targets.regions().get(0).shares().isEmpty();
  }

  /**
   * Prepares the arguments.
   *
   * @param manager owns the arguments
   * @param size of the image
   */
  FusedObjective(
      NDManager manager,
      FeatureNetwork network,
      Arithmetic arithmetic,
      Parametrization coordinates,
      Hyperparameters hyperparameters,
      Targets targets,
      Size size) {
    super(network, arithmetic, coordinates, hyperparameters, targets);
    this.network = (FeatureNetwork.Vgg) network;
    this.operations = arithmetic.operations();
    this.hyperparameters = hyperparameters;
    this.size = size;
    this.steps = this.network.steps(layerTerms().keySet());
    this.imageTerms = imageTerms(manager, arithmetic, coordinates);
    this.arguments = arguments(manager, arithmetic);
    manager.attachInternal(UUID.randomUUID().toString(), imageTerms);
    manager.attachInternal(UUID.randomUUID().toString(), arguments);
    this.constantTerms =
        LayerSchedule.moves(hyperparameters) ? Optional.empty() : Optional.of(weightedTerms(0));
    constantTerms.ifPresent(terms -> manager.attachInternal(UUID.randomUUID().toString(), terms));
  }

  @Override
  public Evaluation evaluate(NDArray variable, double progress) {
    if (constantTerms.isPresent()) {
      return evaluate(variable, constantTerms.get());
    }
    try (WeightedTerms now = weightedTerms(progress)) {
      return evaluate(variable, now);
    }
  }

  private Evaluation evaluate(NDArray variable, WeightedTerms weighted) {
    NDArray gradient = overwritten(variable);
    double[] values =
        operations.evaluate(
            Stream.of(variable), Stream.of(gradient), weighted.argument(), arguments);
    return evaluation(weighted.terms(), values, gradient);
  }

  /**
   * Evaluates the objectives of several images in one call.
   *
   * @param points of the same network, arithmetic, layers and shape
   * @return the evaluations in the order of the points
   */
  static List<Evaluation> evaluate(List<Point> points) {
    List<FusedObjective> objectives =
        points.stream().map(point -> (FusedObjective) point.objective()).toList();
    List<WeightedTerms> weighted = new ArrayList<>();
    List<NDArray> gradients = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      weighted.add(objectives.get(i).weightedTerms(points.get(i).progress()));
      gradients.add(overwritten(points.get(i).variable()));
    }
    List<Double> factors =
        weighted.stream().flatMap(terms -> terms.styleFactors().stream()).toList();
    FusedObjective any = objectives.get(0);
    IValue[] arguments = any.arguments.clone();
    double[] values;
    try (IValue styleFactors = IValue.listFrom(array(factors));
        IValue images =
            IValue.listFrom(
                objectives.stream().map(one -> one.imageTerms).toArray(IValue[]::new))) {
      arguments[0] = images;
      values =
          any.operations.evaluate(
              points.stream().map(Point::variable), gradients.stream(), styleFactors, arguments);
    } finally {
      weighted.forEach(WeightedTerms::close);
    }
    List<Evaluation> evaluations = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < points.size(); i++) {
      List<TermValue.Term> terms = weighted.get(i).terms();
      int to = from + terms.size() + 1;
      evaluations.add(evaluation(terms, Arrays.copyOfRange(values, from, to), gradients.get(i)));
      from = to;
    }
    return evaluations;
  }

  private static NDArray overwritten(NDArray variable) {
    NDArray gradient = variable.duplicate();
    NDScope.unregister(gradient);
    return gradient;
  }

  /**
   * What the call returned for one image.
   *
   * @param values of the terms, and the squared norm of the gradient
   */
  private static Evaluation evaluation(
      List<TermValue.Term> terms, double[] values, NDArray gradient) {
    return new Evaluation(TermValue.sums(terms, values), gradient, Math.sqrt(values[terms.size()]));
  }

  /** The same with the calls of {@link Objective}, for comparisons. */
  Evaluation reference(NDArray variable, double progress) {
    return super.evaluate(variable, progress);
  }

  private WeightedTerms weightedTerms(double progress) {
    List<Double> factors = styleFactors(progress);
    return new WeightedTerms(terms(progress), factors, IValue.listFrom(array(factors)));
  }

  /** By layer, the content before the styles, then the total variation. */
  private List<TermValue.Term> terms(double progress) {
    List<TermValue.Term> terms = new ArrayList<>();
    for (Layer layer : layerTerms().keySet()) {
      contentTerms(layer).forEach(term -> terms.add(term.term()));
      styleTerms(layer).forEach(term -> terms.addAll(term.terms(shape(layer), progress)));
    }
    terms.add(totalVariation().term());
    return terms;
  }

  private List<Double> styleFactors(double progress) {
    return layerTerms().keySet().stream()
        .flatMap(
            layer ->
                styleTerms(layer).stream()
                    .flatMap(term -> term.terms(shape(layer), progress).stream())
                    .map(term -> StyleTerm.byDistance(term, square(shape(layer).get(1)))))
        .toList();
  }

  /** The space of the variable, as {@code pixels.py} numbers it. */
  private static long space(Parametrization coordinates) {
    if (coordinates instanceof Parametrization.Pixels) {
      return 0;
    }
    return coordinates instanceof Parametrization.Standardized ? 1 : 2;
  }

  /** The form of the total variation, as {@code pixels.py} numbers it. */
  private static long code(TvLoss form) {
    return switch (form) {
      case D2L -> 0;
      case ABSOLUTE -> 1;
      case SQUARES -> 2;
      case KERAS -> 3;
    };
  }

  private List<ContentTerm> contentTerms(Layer layer) {
    return terms(layer, ContentTerm.class);
  }

  private List<StyleTerm> styleTerms(Layer layer) {
    return terms(layer, StyleTerm.class);
  }

  private <T> List<T> terms(Layer layer, Class<T> kind) {
    LayerTerm term = layerTerms().get(layer);
    return term instanceof LayerTerm.Sum sum
        ? sum.terms().stream().filter(kind::isInstance).map(kind::cast).toList()
        : List.of();
  }

  /** The shape of a layer's map, (1, N, height, width). */
  private Shape shape(Layer layer) {
    Architecture.Vgg vgg = network.architecture();
    return new Shape(
        1,
        vgg.geometry(layer).channels(),
        vgg.positions(layer, size.height()),
        vgg.positions(layer, size.width()));
  }

  private static long square(long x) {
    return x * x;
  }

  private IValue[] arguments(NDManager manager, Arithmetic arithmetic) {
    long[] contentAt = new long[steps.size()]; // the number of the step's content target, or -1
    long[] stylesAt = new long[steps.size()]; // the number of the step's styles, or -1
    int contents = 0;
    int styled = 0;
    for (int i = 0; i < contentAt.length; i++) {
      Layer layer = steps.get(i).layer();
      contentAt[i] = contentTerms(layer).isEmpty() ? -1 : contents++;
      stylesAt[i] = styleTerms(layer).isEmpty() ? -1 : styled++;
    }
    List<Filter> filters = network.filters(steps);
    try (NDArray one =
        arithmetic.exact(manager.ones(new Shape()))) { // its type decides the others'
      return new IValue[] {
        IValue.listFrom(imageTerms),
        IValue.from(Parametrization.Sigmoid.MARGIN),
        TensorOperations.tensors(
            Stream.of(
                InputNormalization.NETWORK.scale(one), InputNormalization.NETWORK.offset(one))),
        TensorOperations.codes(steps),
        TensorOperations.tensors(filters.stream().map(Filter::weight)),
        TensorOperations.tensors(filters.stream().map(Filter::bias)),
        IValue.from(network.padding() == Padding.REPLICATE),
        IValue.from(network.pooling() == Pooling.MAX),
        IValue.listFrom(contentAt),
        IValue.listFrom(stylesAt)
      };
    }
  }

  private IValue imageTerms(NDManager manager, Arithmetic arithmetic, Parametrization coordinates) {
    List<NDArray> contents = new ArrayList<>();
    List<NDArray> styles = new ArrayList<>();
    List<Double> contentFactors = new ArrayList<>();
    List<Double> divisors = new ArrayList<>();
    for (Layer layer : steps.stream().map(VggStep::layer).toList()) {
      for (ContentTerm term : contentTerms(layer)) {
        contents.add(term.target().map());
        contentFactors.add(term.byDifference(1));
      }
      for (StyleTerm term : styleTerms(layer)) {
        term.region().styles().forEach(style -> styles.add(style.grams().get(layer).matrix()));
        divisors.add(term.gramMatrix().divisor(shape(layer), Optional.empty()));
      }
    }
    InputNormalization standard =
        coordinates instanceof Parametrization.Standardized standardized
            ? standardized.standard()
            : InputNormalization.NETWORK; // not used
    try (NDArray one = arithmetic.exact(manager.ones(new Shape()))) {
      return tuple(
          IValue.from(space(coordinates)),
          TensorOperations.tensors(Stream.of(standard.scale(one), standard.offset(one))),
          TensorOperations.tensors(contents.stream()),
          IValue.listFrom(array(contentFactors)),
          TensorOperations.tensors(styles.stream()),
          IValue.listFrom(array(divisors)),
          IValue.from(hyperparameters.gram() == GramNormalization.CENTERED),
          IValue.from(code(totalVariation().form())),
          IValue.from(totalVariation().gradientFactor()));
    }
  }

  /** Closes the parts. */
  private static IValue tuple(IValue... parts) {
    try {
      return IValue.tupleFrom(parts);
    } finally {
      Stream.of(parts).forEach(IValue::close);
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
