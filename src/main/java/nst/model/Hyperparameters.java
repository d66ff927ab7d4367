package nst.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A value for every {@link Knob}: all parameters of one stylised image except the input images.
 * Immutable; two instances are equal if all their values are.
 */
public final class Hyperparameters implements Serializable {
  private static final long serialVersionUID = 1L;

  /** {@link #AUTO} is the run's first network; planning replaces it with one of the others. */
  public enum Backbone {
    AUTO,
    VGG19,
    VGG16,
    MOBILENET_V2
  }

  public enum Precision {
    AUTO,
    FLOAT32,
    FLOAT64,
    BFLOAT16,
    FLOAT16
  }

  public enum Pooling {
    MAX,
    AVERAGE
  }

  public enum Padding {
    ZEROS,
    REPLICATE
  }

  /**
   * The activation scale to which the loss weights refer.
   *
   * @see NetworkFacts#activationScale()
   */
  public enum FeatureScale {
    CAFFE(NetworkFacts.CAFFE_SCALE),
    TORCHVISION(NetworkFacts.TORCHVISION_SCALE);

    private final double activationScale;

    FeatureScale(double activationScale) {
      this.activationScale = activationScale;
    }

    public double activationScale() {
      return activationScale;
    }
  }

  public enum ContentTerm {
    MEAN_SQUARES,
    HALF_SUM_SQUARES
  }

  public enum Gram {
    RAW,
    PER_POSITION,
    PER_ELEMENT,
    CENTERED
  }

  public enum StyleTerm {
    MEAN_SQUARES,
    GATYS,
    MEAN_PER_ELEMENT
  }

  public enum StyleBlend {
    GRAMS,
    LOSSES
  }

  public enum TvTerm {
    D2L,
    SQUARES,
    ABSOLUTE,
    KERAS
  }

  public enum LossNormalization {
    NONE,
    INITIAL
  }

  public enum SizeRule {
    LONGEST,
    SHORTEST,
    EXACT,
    CONTENT
  }

  public enum StyleFit {
    SCALE,
    CROP,
    PAD
  }

  public enum Init {
    CONTENT,
    STYLE,
    RANDOM,
    IMAGE,
    RECOLORED
  }

  public enum Optimizer {
    ADAM,
    LBFGS
  }

  public enum OptimizeIn {
    PIXELS,
    STANDARDIZED,
    CAFFE
  }

  public enum LearningRateSchedule {
    CONSTANT,
    STEP,
    LINEAR,
    COSINE
  }

  public enum LineSearch {
    NONE,
    ARMIJO,
    STRONG_WOLFE
  }

  public enum Bounds {
    NONE,
    PROJECTED,
    SIGMOID
  }

  public enum ScaleState {
    FRESH,
    CARRIED
  }

  public enum Keep {
    LAST,
    BEST,
    AVERAGE
  }

  public enum OriginalColors {
    NONE,
    LUMINANCE_YCBCR,
    LUMINANCE_OKLAB,
    MATCH
  }

  public enum OutputFormat {
    PNG,
    JPG
  }

  private static final List<Knob> LAYER_KNOBS =
      List.of(Knob.CONTENT_LAYERS, Knob.STYLE_LAYERS, Knob.STYLE_LAYERS_END);

  private final EnumMap<Knob, Object> values;

  /** The line of each knob in {@link #canonicalText}, cached because it is needed for every row. */
  private final EnumMap<Knob, String> lines;

  private Hyperparameters(Map<Knob, Object> values) {
    this.values = new EnumMap<>(values);
    this.lines = new EnumMap<>(Knob.class);
    for (Knob knob : Knob.values()) {
      Object value =
          Objects.requireNonNull(this.values.get(knob), () -> "no value for " + knob.key());
      lines.put(knob, line(knob, value));
    }
  }

  private Hyperparameters(Hyperparameters base, Map<Knob, Object> overrides) {
    this.values = new EnumMap<>(base.values);
    this.lines = new EnumMap<>(base.lines);
    overrides.forEach(
        (knob, value) -> {
          values.put(knob, Objects.requireNonNull(value, () -> "no value for " + knob.key()));
          lines.put(knob, line(knob, value));
        });
  }

  private static String line(Knob knob, Object value) {
    return knob.key() + "=" + knob.domain().text(value);
  }

  /**
   * Creates an instance from a value for every knob, each already parsed by the knob's {@link
   * Domain}.
   */
  public static Hyperparameters of(Map<Knob, Object> values) {
    return new Hyperparameters(values);
  }

  /** A copy with some values replaced, each already parsed by the knob's {@link Domain}. */
  public Hyperparameters with(Map<Knob, Object> overrides) {
    return overrides.isEmpty() ? this : new Hyperparameters(this, overrides);
  }

  /** A copy with one value replaced: {@code with(Knob.CONTENT_WEIGHT, 5)}. */
  public Hyperparameters with(Knob knob, Object raw) {
    return with(Map.of(knob, knob.domain().parse(raw)));
  }

  public Map<Knob, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The canonical text of a value, as used in tables, reports and the key. */
  public String text(Knob knob) {
    return knob.domain().text(values.get(knob));
  }

  /**
   * All values in the order of the knobs, one per line. Equal values have equal text in every JVM.
   */
  public String canonicalText() {
    return String.join("\n", lines.values());
  }

  /**
   * Checks the combination of values. Each single value has already been checked by its domain.
   *
   * @param where the row or the source of the values, for messages
   */
  public void check(String where, Problems problems) {
    checkLayers(where, Knob.CONTENT_LAYERS, contentLayers(), problems);
    checkLayers(where, Knob.STYLE_LAYERS, styleLayers(), problems);
    checkLayers(where, Knob.STYLE_LAYERS_END, styleLayersEnd(), problems);
    if (contentWeight() == 0 && styleWeight() == 0) {
      problems.add(
          where,
          Knob.STYLE_WEIGHT.key(),
          "expected a positive content_weight or style_weight, both were 0");
    }
    if (padding() == Padding.REPLICATE && backbone() == Backbone.MOBILENET_V2) {
      problems.add(
          where, Knob.PADDING.key(), "expected zeros with backbone=mobilenet_v2, was replicate");
    }
    if (styleTerm() == StyleTerm.GATYS && gram() != Gram.RAW) {
      problems.add(
          where,
          Knob.STYLE_TERM.key(),
          "expected gram=raw with style_term=gatys, was " + text(Knob.GRAM));
    }
    if (sizeRule() == SizeRule.EXACT && (imageWidth() < 1 || imageHeight() < 1)) {
      problems.add(
          where,
          Knob.SIZE_RULE.key(),
          "expected image_width and image_height with size_rule=exact, were "
              + imageWidth()
              + " and "
              + imageHeight());
    }
    if (init() == Init.IMAGE && initImage().isEmpty()) {
      problems.add(where, Knob.INIT_IMAGE.key(), "expected a URI with init=image, was none");
    }
    if (bounds() == Bounds.SIGMOID && optimizeIn() != OptimizeIn.PIXELS) {
      problems.add(
          where,
          Knob.OPTIMIZE_IN.key(),
          "expected optimize_in=pixels with bounds=sigmoid, was " + text(Knob.OPTIMIZE_IN));
    }
  }

  private void checkLayers(String where, Knob knob, Map<Layer, Double> layers, Problems problems) {
    for (Layer layer : layers.keySet()) {
      if (backbone() != Backbone.AUTO && !layer.isIn(backbone())) {
        problems.add(
            where,
            knob.key(),
            "expected layers of backbone="
                + text(Knob.BACKBONE)
                + ", was "
                + layer.label()
                + layer
                    .standIn(backbone())
                    .map(near -> ". Use " + near.label() + ", the last of its block")
                    .orElse(""));
      }
    }
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
    for (Knob knob : LAYER_KNOBS) {
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
    LAYER_KNOBS.stream()
        .filter(knob -> !except.contains(knob))
        .forEach(knob -> named.addAll(layers(knob).keySet()));
    return named.stream()
        .flatMap(
            layer ->
                layer.standIn(backbone).map(near -> layer.label() + " -> " + near.label()).stream())
        .collect(Collectors.joining(", "));
  }

  private double real(Knob knob) {
    return (Double) values.get(knob);
  }

  private int whole(Knob knob) {
    return Math.toIntExact((Long) values.get(knob));
  }

  @SuppressWarnings("unchecked") // Domain.Layers only returns this type
  private Map<Layer, Double> layers(Knob knob) {
    return (Map<Layer, Double>) values.get(knob);
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
    return real(Knob.CONTENT_WEIGHT);
  }

  public double styleWeight() {
    return real(Knob.STYLE_WEIGHT);
  }

  public double tvWeight() {
    return real(Knob.TV_WEIGHT);
  }

  public Map<Layer, Double> contentLayers() {
    return layers(Knob.CONTENT_LAYERS);
  }

  public ContentTerm contentTerm() {
    return (ContentTerm) values.get(Knob.CONTENT_TERM);
  }

  public Map<Layer, Double> styleLayers() {
    return layers(Knob.STYLE_LAYERS);
  }

  public Map<Layer, Double> styleLayersEnd() {
    return layers(Knob.STYLE_LAYERS_END);
  }

  public Gram gram() {
    return (Gram) values.get(Knob.GRAM);
  }

  public StyleTerm styleTerm() {
    return (StyleTerm) values.get(Knob.STYLE_TERM);
  }

  public StyleBlend styleBlend() {
    return (StyleBlend) values.get(Knob.STYLE_BLEND);
  }

  public TvTerm tvTerm() {
    return (TvTerm) values.get(Knob.TV_TERM);
  }

  public LossNormalization lossNormalization() {
    return (LossNormalization) values.get(Knob.LOSS_NORMALIZATION);
  }

  public double maskFeather() {
    return real(Knob.MASK_FEATHER);
  }

  public int imageSize() {
    return whole(Knob.IMAGE_SIZE);
  }

  public SizeRule sizeRule() {
    return (SizeRule) values.get(Knob.SIZE_RULE);
  }

  public int imageWidth() {
    return whole(Knob.IMAGE_WIDTH);
  }

  public int imageHeight() {
    return whole(Knob.IMAGE_HEIGHT);
  }

  public double styleScale() {
    return real(Knob.STYLE_SCALE);
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

  public double noiseRatio() {
    return real(Knob.NOISE_RATIO);
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
    return whole(Knob.NUM_ITERATIONS);
  }

  public double learningRate() {
    return real(Knob.LEARNING_RATE);
  }

  public LearningRateSchedule learningRateSchedule() {
    return (LearningRateSchedule) values.get(Knob.LEARNING_RATE_SCHEDULE);
  }

  public double learningRateEnd() {
    return real(Knob.LEARNING_RATE_END);
  }

  public double learningRateDecay() {
    return real(Knob.LEARNING_RATE_DECAY);
  }

  public int learningRateDecayEvery() {
    return whole(Knob.LEARNING_RATE_DECAY_EVERY);
  }

  public double adamBeta1() {
    return real(Knob.ADAM_BETA1);
  }

  public double adamBeta2() {
    return real(Knob.ADAM_BETA2);
  }

  public double adamEpsilon() {
    return real(Knob.ADAM_EPSILON);
  }

  public int lbfgsHistory() {
    return whole(Knob.LBFGS_HISTORY);
  }

  public LineSearch lineSearch() {
    return (LineSearch) values.get(Knob.LINE_SEARCH);
  }

  public double firstMove() {
    return real(Knob.FIRST_MOVE);
  }

  public Bounds bounds() {
    return (Bounds) values.get(Knob.BOUNDS);
  }

  public int smallestSize() {
    return whole(Knob.SMALLEST_SIZE);
  }

  public double scaleRatio() {
    return real(Knob.SCALE_RATIO);
  }

  public double coarseShare() {
    return real(Knob.COARSE_SHARE);
  }

  public ScaleState scaleState() {
    return (ScaleState) values.get(Knob.SCALE_STATE);
  }

  public Keep keep() {
    return (Keep) values.get(Knob.KEEP);
  }

  public double averageDecay() {
    return real(Knob.AVERAGE_DECAY);
  }

  public double tolerance() {
    return real(Knob.TOLERANCE);
  }

  public int toleranceWindow() {
    return whole(Knob.TOLERANCE_WINDOW);
  }

  public double maxSeconds() {
    return real(Knob.MAX_SECONDS);
  }

  public OriginalColors originalColors() {
    return (OriginalColors) values.get(Knob.ORIGINAL_COLORS);
  }

  public OutputFormat outputFormat() {
    return (OutputFormat) values.get(Knob.OUTPUT_FORMAT);
  }

  public int jpegQuality() {
    return whole(Knob.JPEG_QUALITY);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hyperparameters that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return canonicalText().hashCode(); // hash codes of enum constants differ between JVMs
  }

  @Override
  public String toString() {
    return canonicalText().replace('\n', ' ');
  }
}
