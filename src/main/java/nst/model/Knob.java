package nst.model;

import static nst.model.Domain.atLeastZero;
import static nst.model.Domain.choice;
import static nst.model.Domain.positive;
import static nst.model.Domain.share;
import static nst.model.Domain.whole;
import static nst.model.knob.Effect.FEATURES;
import static nst.model.knob.Effect.MEMORY;
import static nst.model.knob.Effect.OBJECTIVE;
import static nst.model.knob.Effect.OBJECTIVE_COMPUTATION;
import static nst.model.knob.Effect.SIZES;
import static nst.model.knob.Effect.STYLE_TARGETS;
import static nst.model.knob.Effect.TIME;
import static nst.model.knob.Effect.TRAINING_STEPS;
import static nst.model.knob.Effect.affects;
import static nst.model.knob.Effect.affectsResultOnly;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nst.model.knob.Effect;
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
 * The parameters of one stylised image. Each knob is a manifest column, a configuration key and a
 * flag with the same name: {@code content_weight}, {@code --content-weight}.
 *
 * <p>In the equations, F is a layer's feature map of the image with shape (N channels, M = height *
 * width positions), P is that of the content image, and G and A are the Gram matrices of the image
 * and the style. Default values come from the {@link Preset}.
 *
 * <p>Each knob declares its {@link Effect}s, from which all lists of knobs are derived.
 */
public enum Knob {
  BACKBONE(
      choice(Backbone.class),
      affects(FEATURES, TIME, MEMORY, OBJECTIVE),
      "the network whose features are compared; auto: the first network in weights.path. With vgg16, the last ReLU of a block"
          + " replaces the fourth convolution that a preset names"),
  PRECISION(
      choice(Precision.class),
      affects(FEATURES, TIME, MEMORY, OBJECTIVE_COMPUTATION),
      "the arithmetic of the network; pixels, Gram matrices and losses are float32, or float64 if the network is. auto:"
          + " bfloat16 if the device is fast at it, but float32 with MobileNet and with line_search=strong_wolfe, which stalls in"
          + " bfloat16; float64: several times slower, to rule out rounding errors"),
  POOLING(
      choice(Pooling.class),
      affects(FEATURES, TIME, OBJECTIVE),
      "how the network reduces its maps (Gatys: average looks better)"),
  PADDING(
      choice(Padding.class),
      affects(FEATURES, OBJECTIVE),
      "the values beyond the border for convolutions: zeros, as the networks were trained, which leaves a frame around the picture;"
          + " replicate, the border's own values (VGG only)"),
  FEATURE_SCALE(
      choice(FeatureScale.class),
      affects(OBJECTIVE),
      "the activation scale to which the loss weights refer: caffe (networks with input in 0..255) or torchvision (standardised"
          + " input; 57.63 times smaller). The engine rescales the feature maps, whatever the scale of the weights file"),

  CONTENT_WEIGHT(atLeastZero(), affects(OBJECTIVE), "the weight of the content term"),
  STYLE_WEIGHT(atLeastZero(), affects(OBJECTIVE), "the weight of the style term"),
  TV_WEIGHT(atLeastZero(), affects(OBJECTIVE), "the weight of the total variation term"),
  CONTENT_LAYERS(
      new Domain.Layers(Domain.Layers.Emptiness.REFUSED),
      affects(TIME, MEMORY, OBJECTIVE),
      "the layers in which content is compared, each with its c_l"),
  CONTENT_TERM(
      choice(ContentLoss.class),
      affects(OBJECTIVE),
      "content(l): mean (F-P)^2, or 1/2 sum (F-P)^2 (Gatys 2016, eq. 1)"),
  STYLE_LAYERS(
      new Domain.Layers(Domain.Layers.Emptiness.REFUSED),
      affects(STYLE_TARGETS, TIME, MEMORY, OBJECTIVE),
      "the layers in which style is compared, each with its w_l"),
  STYLE_LAYERS_END(
      new Domain.Layers(Domain.Layers.Emptiness.ALLOWED),
      affects(STYLE_TARGETS, TIME, MEMORY, OBJECTIVE),
      "the weights w_l at the last iteration; they change linearly from style_layers. Empty: they do not change"),
  GRAM(
      choice(GramNormalization.class),
      affects(STYLE_TARGETS, OBJECTIVE),
      "G: raw F F^T (Gatys 2016, eq. 3); per_position: / M (TensorFlow's tutorial); per_element: / (N M) (neural-style; Johnson 2016,"
          + " eq. 3); centered: covariance (F-mean)(F-mean)^T / M (ours)"),
  STYLE_TERM(
      choice(StyleLoss.class),
      affects(OBJECTIVE),
      "style(l): mean (G-A)^2 over N^2 (neural-style); gatys: sum (G-A)^2 / (4 N^2 M^2) of raw Grams (Gatys 2016, eq. 4); mean_per_element:"
          + " mean (G-A)^2 / (N M)"),
  STYLE_BLEND(
      choice(StyleBlend.class),
      affectsResultOnly(),
      "how several styles are combined; their weights b_s are normalised to a sum of 1. grams: compare with sum b_s A_s; losses:"
          + " sum b_s style(l, s) (neural-style). A style with its own mask is always compared separately"),
  TV_TERM(
      choice(TvLoss.class),
      affects(OBJECTIVE),
      "tv(x): d2l (mean |dy| + mean |dx|) / 2; squares: sum dy^2 + dx^2 (neural-style); absolute: sum |dy| + |dx| (TensorFlow);"
          + " keras: sum (dy^2 + dx^2)^1.25 (Mahendran 2015, beta 2.5)"),
  LOSS_NORMALIZATION(
      choice(LossNormalization.class),
      affects(OBJECTIVE),
      "initial: divide each layer's term by its value at a reference (style and tv: the content image; content: a map with the"
          + " channel means at every position), so that weights have the same effect at any size, layer and backbone"),
  MASK_FEATHER(
      atLeastZero(),
      affectsResultOnly(),
      "width in pixels of the soft edge of a region mask; masks as in Gatys 2017, Controlling perceptual factors, section 4"),

  IMAGE_SIZE(
      whole(32, 16384),
      affects(SIZES, TIME, MEMORY, TRAINING_STEPS),
      "length in pixels of the side chosen by size_rule"),
  SIZE_RULE(
      choice(SizeRule.class),
      affects(SIZES, TIME, MEMORY, OBJECTIVE_COMPUTATION),
      "the side that image_size sets; exact: image_width by image_height, ignoring the aspect ratio; content: the photo's own size"),
  IMAGE_WIDTH(whole(0, 16384), affects(SIZES, TIME, MEMORY), "pixels, for size_rule=exact"),
  IMAGE_HEIGHT(whole(0, 16384), affects(SIZES, TIME, MEMORY), "pixels, for size_rule=exact"),
  STYLE_SCALE(
      positive(),
      affects(STYLE_TARGETS, OBJECTIVE),
      "the size of the style image relative to the content image"),
  STYLE_FIT(
      choice(StyleFit.class),
      affects(STYLE_TARGETS, OBJECTIVE),
      "scale: resize the style by size_rule and keep its aspect ratio; crop: scale it to cover the content's size and crop the"
          + " centre; pad: crop the centre without scaling and pad with black, as torchvision's CenterCrop does"),

  INIT(
      choice(Init.class),
      affects(SIZES, TIME),
      "the start image: content; style (stretched); random (seeded noise); image (init_image); recolored (the content in the"
          + " style's colours, by the linear Monge-Kantorovich map); network (what a trained style network makes of the photo at"
          + " its final size, without coarser scales)"),
  INIT_IMAGE(new Domain.Uri(), affectsResultOnly(), "the start image, for init=image"),
  NETWORK(
      new Domain.Uri(Optional.of(EmbeddedLooks.NAME)),
      affectsResultOnly(),
      "the file of a trained style network, for init=network. It must have been trained on the row's styles; several are blended by"
          + " their weights. Empty: run finds one in the networks of its output"),
  NOISE_RATIO(share(), affectsResultOnly(), "the share of seeded uniform noise in the start image"),
  SEED(
      whole(Long.MIN_VALUE, Long.MAX_VALUE), affects(TRAINING_STEPS), "the random seed of the row"),

  OPTIMIZER(
      choice(Optimizer.class),
      affects(TIME, MEMORY),
      "the algorithm that changes the pixels: adam (Kingma and Ba 2015, algorithm 1); lbfgs (Nocedal and Wright 2006, algorithm 7.5)"),
  OPTIMIZE_IN(
      choice(OptimizeIn.class),
      affectsResultOnly(),
      "the coordinates of x for the optimiser, its learning rate and tv: pixels (RGB in [0,1]); standardized (minus ImageNet's"
          + " mean, divided by its deviation); caffe (0..255 minus Caffe's means)"),
  NUM_ITERATIONS(
      whole(0, 1_000_000),
      affects(TIME),
      "the total number of steps over all scales; 0, only with init=network: the network's picture is the result"),
  LEARNING_RATE(
      positive(),
      affects(TRAINING_STEPS),
      "the step size; adam: in units of optimize_in; lbfgs: the first trial step along the direction"),
  LEARNING_RATE_SCHEDULE(
      choice(LearningRateSchedule.class),
      affectsResultOnly(),
      "constant; step: multiply by learning_rate_decay every learning_rate_decay_every iterations; linear, or cosine (Loshchilov"
          + " 2017, eq. 5): decrease to learning_rate_end at the last step"),
  LEARNING_RATE_END(
      positive(), affectsResultOnly(), "the step size at the last step, for linear and cosine"),
  LEARNING_RATE_DECAY(positive(), affectsResultOnly(), "the factor for step"),
  LEARNING_RATE_DECAY_EVERY(
      whole(1, 1_000_000), affectsResultOnly(), "the interval in iterations for step"),
  ADAM_BETA1(
      new Domain.Real(0, 0.999999, Domain.Real.Bound.INCLUDED),
      affectsResultOnly(),
      "Adam's decay rate of the first moment"),
  ADAM_BETA2(
      new Domain.Real(0, 0.999999, Domain.Real.Bound.INCLUDED),
      affectsResultOnly(),
      "Adam's decay rate of the second moment"),
  ADAM_EPSILON(positive(), affectsResultOnly(), "Adam's term against division by zero"),
  LBFGS_HISTORY(whole(1, 100), affects(MEMORY), "the number of pairs that L-BFGS keeps"),
  LINE_SEARCH(
      choice(LineSearchMethod.class),
      affects(TIME, MEMORY), // MEMORY by precision=auto
      "the line search of lbfgs: none (fixed step), armijo (backtracking), strong_wolfe (bracketing, Nocedal and Wright 3.5)"),
  FIRST_MOVE(
      positive(),
      affectsResultOnly(),
      "for lbfgs with line_search=armijo: the mean change of a pixel, or of its logit with bounds=sigmoid, in the first trial"
          + " step. Other line searches start like PyTorch's L-BFGS, with min(1, 1 / sum |g|) times learning_rate"),
  BOUNDS(
      choice(Bounds.class),
      affectsResultOnly(),
      "how pixels are kept in the range [0,1]: none (clamp only when the image is saved), projected (clamp after each step; lbfgs:"
          + " Bertsekas 1982), sigmoid (optimise z with x = (sigmoid(z) - e) / (1 - 2 e), e = 0.02)"),

  SMALLEST_SIZE(
      whole(0, 16384),
      affects(SIZES, TIME),
      "the longest side in pixels at the first scale of the pyramid (Gatys 2017, coarse to fine); 0: one scale only, as"
          + " always with init=network"),
  SCALE_RATIO(
      new Domain.Real(1.05, 16, Domain.Real.Bound.INCLUDED),
      affects(SIZES, TIME),
      "the ratio of each scale to the one before"),
  COARSE_SHARE(
      share(), affects(TIME), "the share of num_iterations for all scales before the last"),
  SCALE_STATE(
      choice(ScaleState.class),
      affectsResultOnly(),
      "the state of the optimiser when a scale begins: carried (resampled) or fresh"),

  KEEP(
      choice(Keep.class),
      affectsResultOnly(),
      "the image that is saved: last; best (lowest total loss of the clamped image); average (of all iterations, each with"
          + " average_decay times the weight of the next)"),
  AVERAGE_DECAY(
      new Domain.Real(0, 0.9999, Domain.Real.Bound.INCLUDED),
      affectsResultOnly(),
      "the decay for keep=average"),
  TOLERANCE(
      atLeastZero(),
      affects(TIME),
      "stop if the loss of the clamped image fell by less than this share over tolerance_window iterations; 0: never"),
  TOLERANCE_WINDOW(
      whole(1, 1_000_000), affectsResultOnly(), "the number of iterations for tolerance"),
  MAX_SECONDS(atLeastZero(), affects(TIME), "stop after this time in seconds; 0: never"),

  ORIGINAL_COLORS(
      choice(ColorPreservation.class),
      affects(STYLE_TARGETS),
      "none: use the colours of the style; luminance_ycbcr, luminance_oklab: combine the content's colours with the result's"
          + " luminance; match: first recolour the style like the content (Gatys 2016, Preserving color)"),
  OUTPUT_FORMAT(
      choice(OutputFormat.class),
      affectsResultOnly(),
      "the file format of the image; png16: PNG with 16 bits a channel. PNG keeps the photo's alpha"),
  JPEG_QUALITY(whole(1, 100), affectsResultOnly(), "the JPEG quality for output_format=jpg");

  private static final List<Knob> OF_LAYERS =
      Arrays.stream(values()).filter(knob -> knob.domain instanceof Domain.Layers).toList();

  private static final List<Knob> OF_URIS =
      Arrays.stream(values()).filter(knob -> knob.domain instanceof Domain.Uri).toList();

  private final Domain domain;
  private final Set<Effect> effects;
  private final String meaning;

  Knob(Domain domain, Set<Effect> effects, String meaning) {
    this.domain = domain;
    this.effects = effects;
    this.meaning = meaning;
  }

  /** The name of the manifest column and the configuration key: {@code content_weight}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of the flag: {@code --content-weight}. */
  public String flag() {
    return "--" + key().replace('_', '-');
  }

  public Domain domain() {
    return domain;
  }

  public String meaning() {
    return meaning;
  }

  /** Whether the knob has any of these effects. */
  public boolean affectsAny(Effect... any) {
    return Arrays.stream(any).anyMatch(effects::contains);
  }

  /**
   * Whether tables and the page show the measured value and not the requested one, which may be
   * {@code auto}.
   */
  public boolean isShownAsMeasured() {
    return this == PRECISION;
  }

  /** The knobs that have any of these effects. */
  public static List<Knob> affecting(Effect... any) {
    return Arrays.stream(values()).filter(knob -> knob.affectsAny(any)).toList();
  }

  /** The knobs that name layers. */
  public static List<Knob> ofLayers() {
    return OF_LAYERS;
  }

  /** The knobs that name an object which a row reads. */
  public static List<Knob> ofUris() {
    return OF_URIS;
  }

  /** Whether a value of this knob names something that is embedded in this program. */
  public boolean isEmbedded(Object value) {
    return domain instanceof Domain.Uri uri && uri.isEmbedded(value);
  }

  public static Optional<Knob> named(String key) {
    return Arrays.stream(values()).filter(knob -> knob.key().equals(key)).findFirst();
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(Knob::key).toList();
  }
}
