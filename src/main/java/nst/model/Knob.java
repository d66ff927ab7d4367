package nst.model;

import static nst.model.Domain.atLeastZero;
import static nst.model.Domain.choice;
import static nst.model.Domain.positive;
import static nst.model.Domain.share;
import static nst.model.Domain.whole;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every value that shapes one stylised image. A knob is a manifest column, a configuration key and
 * a flag, all of one name: {@code content_weight}, {@code --content-weight}.
 *
 * <p>The equations use F for a layer's feature map as (N channels, M = height * width positions), P
 * for the content's and G, A for the Gram matrices of the image and the style. What a knob does not
 * say, the {@link Preset} says.
 */
public enum Knob {
  BACKBONE(
      choice(Hyperparameters.Backbone.class),
      "the network whose features are compared; auto: the first of weights.path. On vgg16 the last ReLU of a block stands in"
          + " for a fourth convolution that a recipe names"),
  PRECISION(
      choice(Hyperparameters.Precision.class),
      "arithmetic of the network; pixels, Grams and losses are float32, and float64 where the network is. auto: the fastest"
          + " that the device offers and that costs no quality; float64: to tell rounding from a fault, several times slower"),
  POOLING(
      choice(Hyperparameters.Pooling.class),
      "how the network reduces its maps (Gatys: average looks better)"),
  PADDING(
      choice(Hyperparameters.Padding.class),
      "the values beyond the border for convolutions: zeros, as the networks were trained, which leaves a frame around the picture;"
          + " replicate, the border's own values (VGG only)"),
  FEATURE_SCALE(
      choice(Hyperparameters.FeatureScale.class),
      "the activation scale that the loss weights are stated for: caffe (networks fed 0..255) or torchvision (fed standardised"
          + " values; 57.63 times smaller). The engine multiplies feature maps to it, whatever scale the weights file has"),

  CONTENT_WEIGHT(atLeastZero(), "the weight of the content term"),
  STYLE_WEIGHT(atLeastZero(), "the weight of the style term"),
  TV_WEIGHT(atLeastZero(), "the weight of the total variation term"),
  CONTENT_LAYERS(
      new Domain.Layers(Domain.Layers.Emptiness.REFUSED),
      "the layers in which content is compared, each with its c_l"),
  CONTENT_TERM(
      choice(Hyperparameters.ContentTerm.class),
      "content(l): mean (F-P)^2, or 1/2 sum (F-P)^2 (Gatys 2016, eq. 1)"),
  STYLE_LAYERS(
      new Domain.Layers(Domain.Layers.Emptiness.REFUSED),
      "the layers in which style is compared, each with its w_l"),
  STYLE_LAYERS_END(
      new Domain.Layers(Domain.Layers.Emptiness.ALLOWED),
      "the w_l at the last iteration, reached linearly from style_layers; empty: they stay"),
  GRAM(
      choice(Hyperparameters.Gram.class),
      "G: raw F F^T (Gatys 2016, eq. 3); per_position: / M (TensorFlow's tutorial); per_element: / (N M) (neural-style; Johnson 2016,"
          + " eq. 3); centered: covariance (F-mean)(F-mean)^T / M (ours)"),
  STYLE_TERM(
      choice(Hyperparameters.StyleTerm.class),
      "style(l): mean (G-A)^2 over N^2 (neural-style); gatys: sum (G-A)^2 / (4 N^2 M^2) of raw Grams (Gatys 2016, eq. 4); mean_per_element:"
          + " mean (G-A)^2 / (N M)"),
  STYLE_BLEND(
      choice(Hyperparameters.StyleBlend.class),
      "several styles, weights b_s made to sum to 1: grams compares with sum b_s A_s, losses is sum b_s style(l, s) (neural-style);"
          + " a style with a mask of its own is always compared alone"),
  TV_TERM(
      choice(Hyperparameters.TvTerm.class),
      "tv(x): d2l (mean |dy| + mean |dx|) / 2; squares: sum dy^2 + dx^2 (neural-style); absolute: sum |dy| + |dx| (TensorFlow);"
          + " keras: sum (dy^2 + dx^2)^1.25 (Mahendran 2015, beta 2.5)"),
  LOSS_NORMALIZATION(
      choice(Hyperparameters.LossNormalization.class),
      "initial divides each layer's term by its value at a reference (style and tv: the content image; content: a map that"
          + " holds its channel means everywhere), so that weights mean the same for any size, layer and backbone"),
  MASK_FEATHER(
      atLeastZero(),
      "pixels over which the edge of a region mask fades; masks after Gatys 2017, Controlling perceptual factors, section 4"),

  IMAGE_SIZE(whole(32, 16384), "pixels of the side that size_rule names"),
  SIZE_RULE(
      choice(Hyperparameters.SizeRule.class),
      "the side that image_size sets; exact: image_width by image_height, aspect lost; content: the photo's own size"),
  IMAGE_WIDTH(whole(0, 16384), "pixels, for size_rule=exact"),
  IMAGE_HEIGHT(whole(0, 16384), "pixels, for size_rule=exact"),
  STYLE_SCALE(positive(), "the style image's size over the content's"),
  STYLE_FIT(
      choice(Hyperparameters.StyleFit.class),
      "scale: the style keeps its aspect, sized by size_rule; crop: it is scaled to cover the content's size and cut to it about"
          + " its centre; pad: it is cut at its own size, black where it is too small, as torchvision's CenterCrop"),

  INIT(
      choice(Hyperparameters.Init.class),
      "the start: content; style (stretched); random (seeded noise); image (init_image); recolored (the content in the"
          + " style's colours, by the linear Monge-Kantorovich map)"),
  INIT_IMAGE(new Domain.Text("a URI"), "the start image, for init=image"),
  NOISE_RATIO(share(), "the share of seeded uniform noise mixed into the start"),
  SEED(whole(Long.MIN_VALUE, Long.MAX_VALUE), "of all randomness of the row"),

  OPTIMIZER(
      choice(Hyperparameters.Optimizer.class),
      "the algorithm that changes the pixels: adam (Kingma and Ba 2015, algorithm 1); lbfgs (Nocedal and Wright 2006, algorithm 7.5)"),
  OPTIMIZE_IN(
      choice(Hyperparameters.OptimizeIn.class),
      "the coordinates of x for the optimiser, its learning rate and tv: pixels (RGB in [0,1]); standardized (minus ImageNet's"
          + " mean, over its deviation); caffe (0..255 minus Caffe's means)"),
  NUM_ITERATIONS(whole(1, 1_000_000), "steps in all, over all scales"),
  LEARNING_RATE(
      positive(),
      "the step size; adam: in units of optimize_in; lbfgs: the first trial step along the direction"),
  LEARNING_RATE_SCHEDULE(
      choice(Hyperparameters.LearningRateSchedule.class),
      "constant; step: times learning_rate_decay every learning_rate_decay_every; linear, or cosine (Loshchilov 2017, eq. 5), to"
          + " learning_rate_end at the last step"),
  LEARNING_RATE_END(positive(), "the last step size, for linear and cosine"),
  LEARNING_RATE_DECAY(positive(), "the factor, for step"),
  LEARNING_RATE_DECAY_EVERY(whole(1, 1_000_000), "iterations, for step"),
  ADAM_BETA1(
      new Domain.Real(0, 0.999999, Domain.Real.Bound.INCLUDED), "Adam's decay of the first moment"),
  ADAM_BETA2(
      new Domain.Real(0, 0.999999, Domain.Real.Bound.INCLUDED),
      "Adam's decay of the second moment"),
  ADAM_EPSILON(positive(), "Adam's guard against division by zero"),
  LBFGS_HISTORY(whole(1, 100), "pairs that L-BFGS remembers"),
  LINE_SEARCH(
      choice(Hyperparameters.LineSearch.class),
      "lbfgs: none (fixed step), armijo (back-tracking), strong_wolfe (bracketing, Nocedal and Wright 3.5)"),
  FIRST_MOVE(
      positive(),
      "lbfgs with line_search=armijo: the mean move of what is optimised in the first trial step (a pixel; its logit with"
          + " bounds=sigmoid); the others begin as PyTorch's L-BFGS, min(1, 1 / sum |g|) times learning_rate"),
  BOUNDS(
      choice(Hyperparameters.Bounds.class),
      "how pixels are kept in the savable range [0,1]: none (only when saved), projected (after each step; lbfgs: Bertsekas"
          + " 1982), sigmoid (x = (sigmoid(z) - e) / (1 - 2 e), e = 0.02, of what is optimised)"),

  SMALLEST_SIZE(
      whole(0, 16384),
      "the first scale of the pyramid (Gatys 2017, coarse to fine), longest side in pixels; 0: one scale"),
  SCALE_RATIO(new Domain.Real(1.05, 16, Domain.Real.Bound.INCLUDED), "from one scale to the next"),
  COARSE_SHARE(share(), "the share of num_iterations that all scales but the last spend together"),
  SCALE_STATE(
      choice(Hyperparameters.ScaleState.class),
      "the state of the optimiser when a scale begins: carried (resampled) or fresh"),

  KEEP(
      choice(Hyperparameters.Keep.class),
      "the image that is saved: last; best by clamped total loss; average of all iterates, each weighing average_decay times"
          + " the one after it"),
  AVERAGE_DECAY(new Domain.Real(0, 0.9999, Domain.Real.Bound.INCLUDED), "of keep=average"),
  TOLERANCE(
      atLeastZero(),
      "stop when the clamped loss fell by less than this share over tolerance_window iterations; 0: never"),
  TOLERANCE_WINDOW(whole(1, 1_000_000), "iterations, for tolerance"),
  MAX_SECONDS(atLeastZero(), "stop after this time; 0: never"),

  ORIGINAL_COLORS(
      choice(Hyperparameters.OriginalColors.class),
      "none: the colours come with the style; luminance_ycbcr, luminance_oklab: the content's colours under the result's"
          + " luminance; match: the style is recoloured like the content first (Gatys 2016, Preserving color)"),
  OUTPUT_FORMAT(choice(Hyperparameters.OutputFormat.class), "of the image that is written"),
  JPEG_QUALITY(whole(1, 100), "for output_format=jpg");

  private final Domain domain;
  private final String meaning;

  Knob(Domain domain, String meaning) {
    this.domain = domain;
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

  public static Optional<Knob> named(String key) {
    return Arrays.stream(values()).filter(knob -> knob.key().equals(key)).findFirst();
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(Knob::key).toList();
  }
}
