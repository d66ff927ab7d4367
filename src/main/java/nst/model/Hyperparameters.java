package nst.model;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nst.model.knob.Effect;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.ContentLoss;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.LossChoices.LossNormalization;
import nst.model.knob.LossChoices.StyleBlend;
import nst.model.knob.LossChoices.StyleLoss;
import nst.model.knob.LossChoices.TvLoss;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Pooling;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OptimizerChoices.Bounds;
import nst.model.knob.OptimizerChoices.Init;
import nst.model.knob.OptimizerChoices.Keep;
import nst.model.knob.OptimizerChoices.LearningRateSchedule;
import nst.model.knob.OptimizerChoices.LineSearchMethod;
import nst.model.knob.OptimizerChoices.OptimizeIn;
import nst.model.knob.OptimizerChoices.Optimizer;
import nst.model.knob.OutputChoices.ColorPreservation;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.model.knob.SizeChoices.ScaleState;
import nst.model.knob.SizeChoices.SizeRule;
import nst.model.knob.SizeChoices.StyleFit;

/**
 * A value for every {@link Knob}: all parameters of one stylised image except the input images.
 * Immutable; two instances are equal if all their values are.
 */
public final class Hyperparameters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final KnobValues values;

  private Hyperparameters(KnobValues values) {
    this.values = values;
  }

  /**
   * Creates an instance from a value for every knob, each already parsed by the knob's {@link
   * Domain}.
   */
  public static Hyperparameters of(Map<Knob, Object> values) {
    return new Hyperparameters(KnobValues.of(values));
  }

  /** A copy with some values replaced, each already parsed by the knob's {@link Domain}. */
  public Hyperparameters with(Map<Knob, Object> overrides) {
    return overrides.isEmpty() ? this : new Hyperparameters(values.with(overrides));
  }

  /** A copy with one value replaced: {@code with(Knob.CONTENT_WEIGHT, 5)}. */
  public Hyperparameters with(Knob knob, Object raw) {
    return with(Map.of(knob, knob.domain().parse(raw)));
  }

  public Map<Knob, Object> values() {
    return values.byKnob();
  }

  /** The values of the knobs that have any of these effects. */
  public Map<Knob, Object> values(Effect... effects) {
    return values.affecting(effects);
  }

  /** The same as text by the keys of the knobs. */
  public SortedMap<String, String> texts(Effect... effects) {
    SortedMap<String, String> texts = new TreeMap<>();
    Knob.affecting(effects).forEach(knob -> texts.put(knob.key(), text(knob)));
    return texts;
  }

  /** All layers that a term reads at some time, in network order. */
  public Set<Layer> layers() {
    Set<Layer> layers = EnumSet.noneOf(Layer.class);
    Knob.ofLayers().forEach(knob -> layers.addAll(layers(knob).keySet()));
    return layers;
  }

  /** The canonical text of a value, as used in tables, reports and the key. */
  public String text(Knob knob) {
    return values.text(knob);
  }

  /**
   * All values in the order of the knobs, one per line. Equal values have equal text in every JVM.
   */
  public String canonicalText() {
    return values.canonicalText();
  }

  /**
   * A copy for one of the run's networks. Layers that VGG19 has and VGG16 lacks are replaced by the
   * last ReLU of their block.
   *
   * @param backbone not {@link Backbone#AUTO}
   */
  public Hyperparameters on(Backbone backbone) {
    EnumMap<Knob, Object> changed = new EnumMap<>(Knob.class);
    changed.put(Knob.BACKBONE, backbone);
    for (Knob knob : Knob.ofLayers()) {
      TreeMap<Layer, Double> there = new TreeMap<>();
      layers(knob)
          .forEach(
              (layer, weight) ->
                  there.merge(layer.standIn(backbone).orElse(layer), weight, Double::sum));
      changed.put(knob, there);
    }
    return with(changed);
  }

  /**
   * The layers that {@link #on} replaces, as text: {@code relu4_4 -> relu4_3}; empty if it replaces
   * none.
   *
   * @param except knobs to leave out
   */
  public String substitutions(Backbone backbone, Set<Knob> except) {
    TreeSet<Layer> named = new TreeSet<>();
    Knob.ofLayers().stream()
        .filter(knob -> !except.contains(knob))
        .forEach(knob -> named.addAll(layers(knob).keySet()));
    return named.stream()
        .flatMap(
            layer ->
                layer.standIn(backbone).map(near -> layer.label() + " -> " + near.label()).stream())
        .collect(Collectors.joining(", "));
  }

  /** The layers of a knob whose domain is {@link Domain.Layers}, each with its weight. */
  @SuppressWarnings("unchecked") // Domain.Layers only returns this type
  Map<Layer, Double> layers(Knob knob) {
    return (Map<Layer, Double>) values.get(knob);
  }

  /** The URIs of the objects that the knobs name, without empty ones. */
  public List<String> uris() {
    return Knob.ofUris().stream().map(this::text).filter(uri -> !uri.isEmpty()).toList();
  }

  public Backbone backbone() {
    return (Backbone) values.get(Knob.BACKBONE);
  }

  public Precision precision() {
    return (Precision) values.get(Knob.PRECISION);
  }

  public Pooling pooling() {
    return (Pooling) values.get(Knob.POOLING);
  }

  public Padding padding() {
    return (Padding) values.get(Knob.PADDING);
  }

  public FeatureScale featureScale() {
    return (FeatureScale) values.get(Knob.FEATURE_SCALE);
  }

  public double contentWeight() {
    return values.real(Knob.CONTENT_WEIGHT);
  }

  public double styleWeight() {
    return values.real(Knob.STYLE_WEIGHT);
  }

  public double tvWeight() {
    return values.real(Knob.TV_WEIGHT);
  }

  public Map<Layer, Double> contentLayers() {
    return layers(Knob.CONTENT_LAYERS);
  }

  public ContentLoss contentTerm() {
    return (ContentLoss) values.get(Knob.CONTENT_TERM);
  }

  public Map<Layer, Double> styleLayers() {
    return layers(Knob.STYLE_LAYERS);
  }

  public Map<Layer, Double> styleLayersEnd() {
    return layers(Knob.STYLE_LAYERS_END);
  }

  public GramNormalization gram() {
    return (GramNormalization) values.get(Knob.GRAM);
  }

  public StyleLoss styleTerm() {
    return (StyleLoss) values.get(Knob.STYLE_TERM);
  }

  public StyleBlend styleBlend() {
    return (StyleBlend) values.get(Knob.STYLE_BLEND);
  }

  public TvLoss tvTerm() {
    return (TvLoss) values.get(Knob.TV_TERM);
  }

  public LossNormalization lossNormalization() {
    return (LossNormalization) values.get(Knob.LOSS_NORMALIZATION);
  }

  public double maskFeather() {
    return values.real(Knob.MASK_FEATHER);
  }

  public int imageSize() {
    return values.whole(Knob.IMAGE_SIZE);
  }

  public SizeRule sizeRule() {
    return (SizeRule) values.get(Knob.SIZE_RULE);
  }

  public int imageWidth() {
    return values.whole(Knob.IMAGE_WIDTH);
  }

  public int imageHeight() {
    return values.whole(Knob.IMAGE_HEIGHT);
  }

  public double styleScale() {
    return values.real(Knob.STYLE_SCALE);
  }

  public StyleFit styleFit() {
    return (StyleFit) values.get(Knob.STYLE_FIT);
  }

  public Init init() {
    return (Init) values.get(Knob.INIT);
  }

  public String initImage() {
    return (String) values.get(Knob.INIT_IMAGE);
  }

  public String network() {
    return (String) values.get(Knob.NETWORK);
  }

  public double noiseRatio() {
    return values.real(Knob.NOISE_RATIO);
  }

  public long seed() {
    return (Long) values.get(Knob.SEED);
  }

  public Optimizer optimizer() {
    return (Optimizer) values.get(Knob.OPTIMIZER);
  }

  public OptimizeIn optimizeIn() {
    return (OptimizeIn) values.get(Knob.OPTIMIZE_IN);
  }

  public int numIterations() {
    return values.whole(Knob.NUM_ITERATIONS);
  }

  public double learningRate() {
    return values.real(Knob.LEARNING_RATE);
  }

  public LearningRateSchedule learningRateSchedule() {
    return (LearningRateSchedule) values.get(Knob.LEARNING_RATE_SCHEDULE);
  }

  public double learningRateEnd() {
    return values.real(Knob.LEARNING_RATE_END);
  }

  public double learningRateDecay() {
    return values.real(Knob.LEARNING_RATE_DECAY);
  }

  public int learningRateDecayEvery() {
    return values.whole(Knob.LEARNING_RATE_DECAY_EVERY);
  }

  public double adamBeta1() {
    return values.real(Knob.ADAM_BETA1);
  }

  public double adamBeta2() {
    return values.real(Knob.ADAM_BETA2);
  }

  public double adamEpsilon() {
    return values.real(Knob.ADAM_EPSILON);
  }

  public int lbfgsHistory() {
    return values.whole(Knob.LBFGS_HISTORY);
  }

  public LineSearchMethod lineSearch() {
    return (LineSearchMethod) values.get(Knob.LINE_SEARCH);
  }

  public double firstMove() {
    return values.real(Knob.FIRST_MOVE);
  }

  public Bounds bounds() {
    return (Bounds) values.get(Knob.BOUNDS);
  }

  public int smallestSize() {
    return values.whole(Knob.SMALLEST_SIZE);
  }

  public double scaleRatio() {
    return values.real(Knob.SCALE_RATIO);
  }

  public double coarseShare() {
    return values.real(Knob.COARSE_SHARE);
  }

  public ScaleState scaleState() {
    return (ScaleState) values.get(Knob.SCALE_STATE);
  }

  public Keep keep() {
    return (Keep) values.get(Knob.KEEP);
  }

  public double averageDecay() {
    return values.real(Knob.AVERAGE_DECAY);
  }

  public double tolerance() {
    return values.real(Knob.TOLERANCE);
  }

  public int toleranceWindow() {
    return values.whole(Knob.TOLERANCE_WINDOW);
  }

  public double maxSeconds() {
    return values.real(Knob.MAX_SECONDS);
  }

  public ColorPreservation originalColors() {
    return (ColorPreservation) values.get(Knob.ORIGINAL_COLORS);
  }

  public OutputFormat outputFormat() {
    return (OutputFormat) values.get(Knob.OUTPUT_FORMAT);
  }

  public int jpegQuality() {
    return values.whole(Knob.JPEG_QUALITY);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hyperparameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return canonicalText().replace('\n', ' ');
  }
}
