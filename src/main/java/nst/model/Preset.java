package nst.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A recipe: a value for every {@link Knob} under one name. Each preset is written as its
 * differences from {@link #NEUTRAL}, which is nobody's recipe: plain Gatys with every extra off.
 */
public enum Preset {
  BALANCED(
      "ours; values chosen by looking at pictures, see docs/design.md",
      """
      pooling=average
      padding=replicate
      gram=centered
      loss_normalization=initial
      content_weight=0.3
      style_weight=1
      tv_weight=0.03
      tv_term=squares
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      init=recolored
      optimizer=lbfgs
      bounds=sigmoid
      line_search=armijo
      lbfgs_history=15
      first_move=0.2
      num_iterations=30
      precision=auto
      """),
  GATYS(
      "Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016; weights of neural-style",
      """
      content_weight=5
      style_weight=100
      tv_weight=0.001
      tv_term=squares
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      optimizer=lbfgs
      line_search=strong_wolfe
      lbfgs_history=20
      num_iterations=1000
      """),
  KERAS(
      "keras.io, Neural style transfer; its Gram divided by the positions, as its weights assume",
      """
      size_rule=exact
      image_width=512
      image_height=512
      input_space=bgr_caffe
      optimize_in=input
      content_layers=relu5_2:1
      gram=per_position
      content_weight=1e4
      style_weight=1e-2
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      optimizer=adam
      learning_rate=5
      adam_beta1=0.99
      adam_epsilon=0.1
      bounds=projected
      num_iterations=1000
      keep=best
      """),
  KERAS_AS_PRINTED(
      "keras.io, Neural style transfer, as printed: raw Gram, no clamp between steps",
      """
      size_rule=exact
      image_width=512
      image_height=512
      input_space=bgr_caffe
      optimize_in=input
      content_layers=relu5_2:1
      gram=raw
      content_weight=1e4
      style_weight=1e-2
      style_layers=relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2
      optimizer=adam
      learning_rate=5
      adam_beta1=0.99
      adam_epsilon=0.1
      num_iterations=1000
      keep=best
      """),
  D2L(
      "Dive into Deep Learning, 14.12; as printed its network is built from copies of itself and cannot run",
      """
      size_rule=exact
      image_width=450
      image_height=300
      optimize_in=input
      content_layers=relu4_4:1
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,conv5_1:1
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
      """),
  PYTORCH(
      "the common PyTorch script: raw Gram, style term divided by N M",
      """
      style_fit=crop
      optimize_in=input
      gram=raw
      style_term=mean_per_element
      content_weight=1e3
      style_weight=1e6
      optimizer=adam
      learning_rate=0.003
      num_iterations=300
      """),
  SCHEDULED(
      "dynamic style weights and a falling learning rate, early stop",
      """
      image_size=256
      size_rule=shortest
      optimize_in=input
      content_weight=5
      style_weight=100
      tv_weight=0.001
      tv_term=squares
      style_layers=relu1_1:0.1,relu2_1:0.15,relu3_1:0.2,relu4_1:0.25,relu5_1:0.3
      style_layers_end=relu1_1:0.3,relu2_1:0.25,relu3_1:0.2,relu4_1:0.15,relu5_1:0.1
      optimizer=adam
      learning_rate=5
      learning_rate_schedule=linear
      learning_rate_end=0.1
      bounds=projected
      num_iterations=2000
      tolerance=0.001
      tolerance_window=100
      """);

  private static final String NEUTRAL =
      """
      backbone=vgg19
      precision=float32
      pooling=max
      padding=zeros
      input_space=rgb_imagenet
      content_weight=1
      style_weight=1
      tv_weight=0
      content_layers=relu4_2:1
      content_term=mean_squares
      style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1
      style_layers_end=
      gram=per_element
      style_term=mean_squares
      style_blend=grams
      tv_term=squares
      loss_normalization=none
      mask_feather=8
      image_size=512
      size_rule=longest
      image_width=0
      image_height=0
      style_scale=1
      style_fit=scale
      init=content
      init_image=
      noise_ratio=0
      seed=0
      optimizer=adam
      optimize_in=pixels
      num_iterations=500
      learning_rate=1
      learning_rate_schedule=constant
      learning_rate_end=0.1
      learning_rate_decay=0.8
      learning_rate_decay_every=50
      adam_beta1=0.9
      adam_beta2=0.999
      adam_epsilon=1e-8
      lbfgs_history=20
      line_search=strong_wolfe
      first_move=0.1
      bounds=none
      smallest_size=0
      scale_ratio=1.4142135623730951
      coarse_share=0.5
      scale_state=carried
      keep=last
      average_decay=0.9
      tolerance=0
      tolerance_window=10
      max_seconds=0
      original_colors=none
      output_format=png
      jpeg_quality=92
      """;

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

  /** Where the recipe is published, and what ours does otherwise. */
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

  private static EnumMap<Knob, Object> parse(String lines) {
    EnumMap<Knob, Object> values = new EnumMap<>(Knob.class);
    lines
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(
            pair -> {
              Knob knob = Knob.named(pair[0]).orElseThrow();
              values.put(knob, knob.domain().parse(pair[1]));
            });
    return values;
  }

  /** The knobs whose values this preset states itself; the others are {@link #NEUTRAL}'s. */
  public Map<Knob, Object> stated() {
    return parse(differences);
  }
}
