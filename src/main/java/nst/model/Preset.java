package nst.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of values for all {@link Knob}s. Each preset is written as its differences from
 * {@link #NEUTRAL}, which is not a published recipe: plain Gatys with all extras off. A line that
 * begins with # gives the source of the values below it.
 */
public enum Preset {
  BALANCED(
      "ours; chosen by measurement and by eye, see docs/algorithm.md",
      """
      # ours: docs/design.md, The default preset
      pooling=average
      padding=zeros
      gram=centered
      loss_normalization=initial
      content_weight=0.05
      style_weight=1
      tv_weight=0.03
      tv_term=squares
      style_layers=relu1_1:0.25,relu2_1:0.25,relu3_1:0.25,relu4_1:0.25
      init=recolored
      optimizer=lbfgs
      bounds=sigmoid
      line_search=armijo
      lbfgs_history=15
      first_move=0.2
      smallest_size=256
      scale_ratio=2
      coarse_share=0.5
      num_iterations=30
      precision=auto
      """),
  GATYS(
      "Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016; weights of neural-style",
      """
      # neural-style (Johnson 2015), its defaults; its image, maps and tv use the range 0..255
      image_size=512
      size_rule=longest
      pooling=max
      optimize_in=caffe
      feature_scale=caffe
      content_layers=relu4_2:1
      content_weight=5
      style_weight=100
      tv_weight=0.001
      tv_term=squares
      gram=per_element
      content_term=mean_squares
      style_term=mean_squares
      optimizer=lbfgs
      num_iterations=1000
      # Gatys et al. 2016, section 2.2: five layers with w_l = 1/5
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      # ours: the recipe starts from noise or the photo; this start keeps the photo recognisable
      init=content
      # ours: the fixed step of 1 in neural-style may diverge
      line_search=strong_wolfe
      lbfgs_history=20
      """),
  GATYS_AS_PRINTED(
      "Gatys, Ecker, Bethge, CVPR 2016, equations 1 to 7 and section 3, as printed, with"
          + " two exceptions: their filters were rescaled to a mean activation of 1, and the"
          + " paper does not specify the line search",
      """
      # Gatys et al. 2016, section 2: average pooling; filters rescaled to a mean activation of 1, similar to torchvision's
      pooling=average
      feature_scale=torchvision
      # ours: the image in their program is BGR in 0..255 minus means
      optimize_in=caffe
      # Gatys et al. 2016, equation 1, at conv4_2 as in section 3
      content_term=half_sum_squares
      content_layers=relu4_2:1
      # Gatys et al. 2016, equation 3
      gram=raw
      # Gatys et al. 2016, equation 4
      style_term=gatys
      # Gatys et al. 2016, equation 5 and section 3: five layers with w_l = 1/5
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      # Gatys et al. 2016, equation 7 and section 3: alpha / beta = 1e-3
      content_weight=1
      style_weight=1000
      tv_weight=0
      # Gatys et al. 2016, section 3: L-BFGS from white noise, about 512 x 512 pixels
      optimizer=lbfgs
      init=random
      image_size=512
      # ours: not given in the paper
      line_search=strong_wolfe
      lbfgs_history=20
      num_iterations=1000
      """),
  KERAS(
      "the Keras program with the weights of TensorFlow's tutorial; the Gram matrix is"
          + " divided by the positions, as these weights assume, the picture is clamped after"
          + " each step, and the best image is scored as it is kept",
      """
      # printed in the program
      size_rule=exact
      image_width=512
      image_height=512
      optimize_in=caffe
      feature_scale=caffe
      content_layers=relu5_2:1
      content_weight=1e4
      style_weight=1e-2
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      optimizer=adam
      learning_rate=5
      adam_beta1=0.99
      adam_epsilon=0.1
      num_iterations=1000
      init=content
      keep=best
      # TensorFlow's tutorial, the source of the weights; the program lacks the division
      gram=per_position
      # TensorFlow's tutorial; the program does not clamp
      bounds=projected
      """),
  KERAS_AS_PRINTED(
      "the Keras program with the weights of TensorFlow's tutorial, as printed: raw Gram"
          + " matrix, no clamp between steps; but the best image is scored by its own loss, not"
          + " by that of the step before",
      """
      # printed in the program
      size_rule=exact
      image_width=512
      image_height=512
      optimize_in=caffe
      feature_scale=caffe
      content_layers=relu5_2:1
      gram=raw
      content_weight=1e4
      style_weight=1e-2
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      optimizer=adam
      learning_rate=5
      adam_beta1=0.99
      adam_epsilon=0.1
      bounds=none
      num_iterations=1000
      init=content
      keep=best
      """),
  D2L(
      "Dive into Deep Learning, 14.12; there is no d2l-as-printed, because its network is"
          + " built from 28 copies of itself and cannot run",
      """
      # Dive into Deep Learning, 14.12
      size_rule=exact
      image_width=450
      image_height=300
      optimize_in=standardized
      feature_scale=torchvision
      content_layers=relu4_4:1
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,conv5_1:1
      gram=per_element
      style_term=mean_squares
      content_weight=1
      style_weight=1e4
      tv_weight=10
      tv_term=d2l
      optimizer=adam
      learning_rate=0.3
      learning_rate_schedule=step
      learning_rate_decay=0.8
      learning_rate_decay_every=50
      num_iterations=500
      init=content
      """),
  PYTORCH(
      "the common PyTorch script: raw Gram matrix, style term divided by N M; styles"
          + " smaller than the photo are enlarged to cover it, and the picture is clamped when it"
          + " is saved",
      """
      # printed in the script
      image_size=512
      size_rule=longest
      optimize_in=standardized
      feature_scale=torchvision
      content_layers=relu4_2:1
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1
      gram=raw
      style_term=mean_per_element
      content_weight=1e3
      style_weight=1e6
      optimizer=adam
      learning_rate=0.003
      num_iterations=300
      init=content
      # ours: the script crops the style without scaling and pads it with black
      style_fit=crop
      """),
  PYTORCH_AS_PRINTED(
      "the common PyTorch script as printed: the style is cut at its own size, with black"
          + " where it is smaller than the photo; but the picture is clamped when it is saved,"
          + " while the script wraps 1.05 to 11 of 255",
      """
      # printed in the script
      image_size=512
      size_rule=longest
      style_fit=pad
      optimize_in=standardized
      feature_scale=torchvision
      content_layers=relu4_2:1
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1
      gram=raw
      style_term=mean_per_element
      content_weight=1e3
      style_weight=1e6
      optimizer=adam
      learning_rate=0.003
      bounds=none
      num_iterations=300
      init=content
      """),
  SCHEDULED(
      "dynamic style weights, a decreasing learning rate and early stopping",
      """
      # printed in the program; its learning rates refer to pixel values in 0..255
      image_size=256
      size_rule=shortest
      optimize_in=caffe
      content_layers=relu4_2:1
      gram=per_element
      style_term=mean_squares
      optimizer=adam
      learning_rate=5
      learning_rate_schedule=linear
      learning_rate_end=0.1
      bounds=projected
      num_iterations=2000
      init=content
      # neural-style (Johnson 2015), as preset gatys
      feature_scale=caffe
      content_weight=5
      style_weight=100
      tv_weight=0.001
      tv_term=squares
      # ours: the program moves the weights from deep to shallow layers; so do these values
      style_layers=relu1_1:0.1,relu2_1:0.15,relu3_1:0.2,relu4_1:0.25,relu5_1:0.3
      style_layers_end=relu1_1:0.3,relu2_1:0.25,relu3_1:0.2,relu4_1:0.15,relu5_1:0.1
      # ours: when to stop early
      tolerance=0.001
      tolerance_window=100
      """),
  SCHEDULED_AS_PRINTED(
      "dynamic style weights as printed: VGG16's layer numbers are used in VGG19, so they"
          + " select other layers and end before conv5_1; but the layers are read inside the"
          + " whole network, while the program chains them directly",
      """
      # printed in the program; its learning rates refer to pixel values in 0..255
      image_size=256
      size_rule=shortest
      optimize_in=caffe
      gram=per_element
      style_term=mean_squares
      optimizer=adam
      learning_rate=5
      learning_rate_schedule=linear
      learning_rate_end=0.1
      bounds=projected
      num_iterations=2000
      init=content
      # printed in the program: number 20, which is relu4_2 in VGG16, is relu4_1 in VGG19
      content_layers=relu4_1:1
      # printed in the program: numbers 1, 6, 11, 18 and 25, which are relu1_1 to relu5_1 in VGG16; ours: the weights
      style_layers=relu1_1:0.1,relu2_1:0.15,relu3_1:0.2,pool3:0.25,conv4_4:0.3
      style_layers_end=relu1_1:0.3,relu2_1:0.25,relu3_1:0.2,pool3:0.15,conv4_4:0.1
      # neural-style (Johnson 2015), as preset gatys
      feature_scale=caffe
      content_weight=5
      style_weight=100
      tv_weight=0.001
      tv_term=squares
      # ours: when to stop early
      tolerance=0.001
      tolerance_window=100
      """);

  private static final String NEUTRAL =
      """
      # ours: the first network of the run
      backbone=auto
      # the scale of the embedded network
      feature_scale=caffe
      # Gatys et al. 2016
      content_layers=relu4_2:1
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1
      # as in the training of the network
      pooling=max
      padding=zeros
      # PyTorch's default
      precision=float32
      # neutral: every term is a mean, so that its weight does not depend on the size
      content_term=mean_squares
      gram=per_element
      style_term=mean_squares
      content_weight=1
      style_weight=1
      # ours: the published recipes have one style without masks
      style_blend=grams
      mask_feather=8
      # neutral: off
      tv_weight=0
      tv_term=squares
      style_layers_end=
      loss_normalization=none
      noise_ratio=0
      bounds=none
      smallest_size=0
      tolerance=0
      max_seconds=0
      original_colors=none
      # neural-style (Johnson 2015), its defaults
      image_size=512
      size_rule=longest
      style_scale=1
      style_fit=scale
      # no effect unless another knob uses it
      image_width=0
      image_height=0
      init_image=
      seed=0
      learning_rate_end=0.1
      learning_rate_decay=0.8
      learning_rate_decay_every=50
      lbfgs_history=20
      line_search=strong_wolfe
      first_move=0.1
      scale_ratio=1.4142135623730951
      coarse_share=0.5
      scale_state=carried
      average_decay=0.9
      tolerance_window=10
      jpeg_quality=92
      # neutral: the simplest choice
      init=content
      optimizer=adam
      optimize_in=pixels
      num_iterations=500
      learning_rate=1
      learning_rate_schedule=constant
      keep=last
      output_format=png
      # Kingma and Ba 2015, algorithm 1
      adam_beta1=0.9
      adam_beta2=0.999
      adam_epsilon=1e-8
      """;

  private static final String SOURCE = "# ";

  private final String source;
  private final String differences;
  private final Hyperparameters hyperparameters;

  Preset(String source, String differences) {
    this.source = source;
    this.differences = differences;
    EnumMap<Knob, Object> values = parse(NEUTRAL);
    values.putAll(parse(differences));
    this.hyperparameters = Hyperparameters.of(values);
  }

  /** The name in manifests and flags: {@code keras-as-printed}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where the recipe is published, and how this implementation differs. */
  public String source() {
    return source;
  }

  public Hyperparameters hyperparameters() {
    return hyperparameters;
  }

  public static Optional<Preset> named(String label) {
    return Arrays.stream(values())
        .filter(preset -> preset.label().equalsIgnoreCase(label.strip()))
        .findFirst();
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(Preset::label).toList();
  }

  private static EnumMap<Knob, Object> parse(String recipe) {
    EnumMap<Knob, Object> values = new EnumMap<>(Knob.class);
    recipe
        .lines()
        .filter(line -> !line.startsWith(SOURCE))
        .map(line -> line.split("=", 2))
        .forEach(
            pair -> {
              Knob knob = Knob.named(pair[0]).orElseThrow();
              values.put(knob, knob.domain().parse(pair[1]));
            });
    return values;
  }

  private static EnumMap<Knob, String> sources(String recipe) {
    EnumMap<Knob, String> sources = new EnumMap<>(Knob.class);
    String source = "";
    for (String line : recipe.lines().toList()) {
      if (line.startsWith(SOURCE)) {
        source = line.substring(SOURCE.length());
      } else {
        sources.put(Knob.named(line.split("=", 2)[0]).orElseThrow(), source);
      }
    }
    return sources;
  }

  /** The source of each value. */
  public Map<Knob, String> sources() {
    EnumMap<Knob, String> sources = sources(NEUTRAL);
    sources.putAll(sources(differences));
    return sources;
  }

  /** The values that this preset sets itself; all others come from {@link #NEUTRAL}. */
  public Map<Knob, Object> stated() {
    return parse(differences);
  }
}
