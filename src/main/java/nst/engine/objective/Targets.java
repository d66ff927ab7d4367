package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.knob.Layer;

/**
 * The targets of the terms at one scale. Their tensors belong to the image's manager and exist as
 * long as the scale. A reference is the divisor of a term: 1 without normalisation.
 *
 * @param content the target of each content layer
 * @param regions the regions with their styles
 * @param totalVariationReference the reference of the tv term
 */
record Targets(Map<Layer, Content> content, List<Region> regions, double totalVariationReference) {

  /**
   * The target of a content layer.
   *
   * @param map P, (1, N, height, width)
   * @param reference the reference of this layer's content term
   */
  record Content(NDArray map, double reference) {}

  /**
   * A region of the image with its styles.
   *
   * @param shares for each layer, the share of each position, (M, 1); if empty, all positions count
   *     equally
   * @param styles the styles whose Gram matrices are compared with those of the region
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
   * A style or a blend of styles.
   *
   * @param weight b_s
   * @param grams the target of each style layer
   */
  record Style(double weight, Map<Layer, Gram> grams) {

    /** A style whose Gram matrices are the weighted means of those of all styles. */
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
   * The target of a style layer.
   *
   * @param matrix A, (N, N)
   * @param reference the reference of the term of this layer and style
   */
  record Gram(NDArray matrix, double reference) {}
}
