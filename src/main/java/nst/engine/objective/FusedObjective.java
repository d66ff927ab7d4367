package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
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
 * {@link Objective} as one call of libtorch. An evaluation of {@link Objective} is some hundred
 * calls from Java, which cost more than the computation if the image is small or the device fast.
 * The method {@code evaluate} in {@code src/tools/torchscript} does the same steps in the same
 * order, with the gradient of the pixels and the total variation in closed form. What does not
 * change between evaluations is made into arguments once.
 */
final class FusedObjective extends Objective {
  private final FeatureNetwork.Vgg network;
  private final TensorOperations operations;
  private final Hyperparameters hyperparameters;
  private final Size size;
  private final List<VggStep> steps;
  private final IValue[] arguments;

  /** The terms, if they are the same in all evaluations. */
  private final Optional<WeightedTerms> constantTerms;

  /**
   * The terms of the sum in an evaluation.
   *
   * @param terms in the order of the scalars of an evaluation
   * @param styleFactors from G - A_s to the weighted dstyle/dG, for each style of each layer
   */
  private record WeightedTerms(List<TermValue.Term> terms, IValue styleFactors)
      implements AutoCloseable {
    @Override
    public void close() {
      styleFactors.close();
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
    this.arguments = arguments(manager, arithmetic, coordinates);
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
    NDArray gradient = variable.duplicate(); // overwritten
    NDScope.unregister(gradient);
    double[] scalars = operations.evaluate(variable, gradient, weighted.styleFactors(), arguments);
    List<TermValue.Term> terms = weighted.terms();
    return new Evaluation(
        TermValue.sums(terms, scalars), gradient, Math.sqrt(scalars[terms.size()]));
  }

  /** The same with the calls of {@link Objective}, for comparisons. */
  Evaluation reference(NDArray variable, double progress) {
    return super.evaluate(variable, progress);
  }

  private WeightedTerms weightedTerms(double progress) {
    return new WeightedTerms(terms(progress), IValue.listFrom(styleFactors(progress)));
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

  private double[] styleFactors(double progress) {
    return layerTerms().keySet().stream()
        .flatMap(
            layer ->
                styleTerms(layer).stream()
                    .flatMap(term -> term.terms(shape(layer), progress).stream())
                    .map(term -> StyleTerm.byDistance(term, square(shape(layer).get(1)))))
        .mapToDouble(Double::doubleValue)
        .toArray();
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

  private IValue[] arguments(
      NDManager manager, Arithmetic arithmetic, Parametrization coordinates) {
    List<NDArray> contents = new ArrayList<>();
    List<NDArray> styles = new ArrayList<>();
    List<Double> contentFactors = new ArrayList<>();
    List<Double> divisors = new ArrayList<>();
    long[] contentAt = new long[steps.size()]; // the number of the step's content target, or -1
    long[] stylesAt = new long[steps.size()]; // the number of the step's styles, or -1
    for (int i = 0; i < contentAt.length; i++) {
      Layer layer = steps.get(i).layer();
      contentAt[i] = contentTerms(layer).isEmpty() ? -1 : contents.size();
      for (ContentTerm term : contentTerms(layer)) {
        contents.add(term.target().map());
        contentFactors.add(term.byDifference(1));
      }
      stylesAt[i] = styleTerms(layer).isEmpty() ? -1 : divisors.size();
      for (StyleTerm term : styleTerms(layer)) {
        term.region().styles().forEach(style -> styles.add(style.grams().get(layer).matrix()));
        divisors.add(term.gramMatrix().divisor(shape(layer), Optional.empty()));
      }
    }
    List<Filter> filters = network.filters(steps);
    try (NDArray one =
        arithmetic.exact(manager.ones(new Shape()))) { // its type decides the others'
      InputNormalization standard =
          coordinates instanceof Parametrization.Standardized standardized
              ? standardized.standard()
              : InputNormalization.NETWORK; // not used
      return new IValue[] {
        IValue.from(space(coordinates)),
        IValue.from(Parametrization.Sigmoid.MARGIN),
        TensorOperations.tensors(
            Stream.of(
                InputNormalization.NETWORK.scale(one),
                InputNormalization.NETWORK.offset(one),
                standard.scale(one),
                standard.offset(one))),
        TensorOperations.codes(steps),
        TensorOperations.tensors(filters.stream().map(Filter::weight)),
        TensorOperations.tensors(filters.stream().map(Filter::bias)),
        IValue.from(network.padding() == Padding.REPLICATE),
        IValue.from(network.pooling() == Pooling.MAX),
        IValue.listFrom(contentAt),
        TensorOperations.tensors(contents.stream()),
        IValue.listFrom(array(contentFactors)),
        IValue.listFrom(stylesAt),
        TensorOperations.tensors(styles.stream()),
        IValue.listFrom(array(divisors)),
        IValue.from(hyperparameters.gram() == GramNormalization.CENTERED),
        IValue.from(code(totalVariation().form())),
        IValue.from(totalVariation().gradientFactor())
      };
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
