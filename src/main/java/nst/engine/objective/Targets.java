package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.knob.Layer;

/**
 * What the image is drawn towards at one scale. Its tensors belong to the image's manager and live
 * as long as the scale. A reference is what a term is divided by: 1 where nothing is normalised.
 *
 * @param content the photo by layer
 * @param regions what to compare styles with, where
 * @param totalVariationReference of the tv term
 */
record Targets(Map<Layer, Content> content, List<Region> regions, double totalVariationReference) {

  /**
   * The photo at a layer.
   *
   * @param map P, (1, N, height, width)
   * @param reference of this layer's content term
   */
  record Content(NDArray map, double reference) {}

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

    Region with(List<Style> others) {
      return new Region(shares, others);
    }
  }

  /**
   * A style, or a blend of some.
   *
   * @param weight b_s
   * @param grams by layer
   */
  record Style(double weight, Map<Layer, Gram> grams) {

    /** One style whose Gram matrices are the weighted means of all. */
    static Style mean(List<Style> styles) {
      double weight = styles.stream().mapToDouble(Style::weight).sum();
      Map<Layer, Gram> grams = new EnumMap<>(Layer.class);
      for (Style style : styles) {
        double share = style.weight() / weight;
        style
            .grams()
            .forEach(
                (layer, gram) ->
                    grams.merge(
                        layer,
                        new Gram(Scalars.times(share, gram.matrix()), 1),
                        (a, b) -> new Gram(a.matrix().add(b.matrix()), 1)));
      }
      return new Style(weight, grams);
    }
  }

  /**
   * A style at a layer.
   *
   * @param matrix A, (N, N)
   * @param reference of this layer's and style's term
   */
  record Gram(NDArray matrix, double reference) {}
}
