package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nst.model.Layer;

/**
 * What the image is drawn towards at one scale. Its tensors belong to the image's manager and live
 * as long as the scale.
 *
 * @param content P by layer, (1, N, height, width)
 * @param styles what to compare with, region by region
 * @param references what each term is divided by
 */
record Targets(Map<Layer, NDArray> content, List<Region> styles, References references) {

  /**
   * Where some styles apply.
   *
   * @param shares by layer how much each position counts, (M, 1); empty: everywhere alike
   * @param styles to compare the region's Gram matrices with
   */
  record Region(Optional<Map<Layer, NDArray>> shares, List<Style> styles) {
    Optional<NDArray> sharesAt(Layer layer) {
      return shares.map(byLayer -> byLayer.get(layer));
    }
  }

  /**
   * A style, or a blend of some.
   *
   * @param weight b_s
   * @param grams A by layer, (N, N)
   */
  record Style(double weight, Map<Layer, NDArray> grams) {}

  /** What each layer's term and total variation are divided by; 1 where nothing is normalised. */
  record References(Map<Layer, Double> content, Map<Layer, Double> style, double totalVariation) {
    static final References NONE = new References(Map.of(), Map.of(), 1);

    double content(Layer layer) {
      return content.getOrDefault(layer, 1.0);
    }

    double style(Layer layer) {
      return style.getOrDefault(layer, 1.0);
    }
  }

  Targets with(References other) {
    return new Targets(content, styles, other);
  }

  /** All layers that a term reads. */
  static Set<Layer> layers(Map<Layer, ?> content, Map<Layer, ?> style) {
    Set<Layer> layers = new TreeSet<>(content.keySet());
    layers.addAll(style.keySet());
    return layers;
  }
}
