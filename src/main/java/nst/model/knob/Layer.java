package nst.model.knob;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * A feature map that a loss can use. The constants are in network order.
 *
 * <p>The VGG layers have their usual names: {@code conv4_2} is the map before the ReLU, {@code
 * relu4_2} the map after it, and {@code pool4} the end of the block. {@code features0} to {@code
 * features18} are the blocks of MobileNetV2, numbered as in torchvision.
 */
public enum Layer {
  CONV1_1,
  RELU1_1,
  CONV1_2,
  RELU1_2,
  POOL1,
  CONV2_1,
  RELU2_1,
  CONV2_2,
  RELU2_2,
  POOL2,
  CONV3_1,
  RELU3_1,
  CONV3_2,
  RELU3_2,
  CONV3_3,
  RELU3_3,
  CONV3_4,
  RELU3_4,
  POOL3,
  CONV4_1,
  RELU4_1,
  CONV4_2,
  RELU4_2,
  CONV4_3,
  RELU4_3,
  CONV4_4,
  RELU4_4,
  POOL4,
  CONV5_1,
  RELU5_1,
  CONV5_2,
  RELU5_2,
  CONV5_3,
  RELU5_3,
  CONV5_4,
  RELU5_4,
  POOL5,
  FEATURES0,
  FEATURES1,
  FEATURES2,
  FEATURES3,
  FEATURES4,
  FEATURES5,
  FEATURES6,
  FEATURES7,
  FEATURES8,
  FEATURES9,
  FEATURES10,
  FEATURES11,
  FEATURES12,
  FEATURES13,
  FEATURES14,
  FEATURES15,
  FEATURES16,
  FEATURES17,
  FEATURES18;

  private static final List<String> ONLY_IN_VGG19 = List.of("3_4", "4_4", "5_4");

  /** The name used in papers and in the manifest: {@code relu4_2}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The layer with this name, ignoring case; empty if there is none. */
  public static Optional<Layer> named(String label) {
    String wanted = label.strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(layer -> layer.name().equals(wanted)).findFirst();
  }

  /**
   * The replacement for a VGG19 layer that VGG16 lacks: the last ReLU of the block. Empty if the
   * backbone has the layer or is not VGG16.
   */
  public Optional<Layer> standIn(Backbone backbone) {
    boolean missing =
        backbone == Backbone.VGG16 && ONLY_IN_VGG19.stream().anyMatch(name()::endsWith);
    return missing
        ? Optional.of(
            valueOf("RELU" + name().substring(name().length() - 3, name().length() - 1) + "3"))
        : Optional.empty();
  }

  /** Whether this backbone has the layer. */
  public boolean isIn(Backbone backbone) {
    boolean mobile = name().startsWith("FEATURES");
    return switch (backbone) {
      case AUTO -> throw new IllegalArgumentException("expected a network, was auto");
      case VGG19 -> !mobile;
      case VGG16 -> !mobile && ONLY_IN_VGG19.stream().noneMatch(name()::endsWith);
      case MOBILENET_V2 -> mobile;
    };
  }

  /** The layers of both maps. */
  public static Set<Layer> union(Map<Layer, ?> some, Map<Layer, ?> others) {
    Set<Layer> union = EnumSet.noneOf(Layer.class);
    union.addAll(some.keySet());
    union.addAll(others.keySet());
    return union;
  }
}
