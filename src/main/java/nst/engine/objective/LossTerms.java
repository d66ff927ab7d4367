package nst.engine.objective;

import java.util.Map;
import nst.model.knob.Layer;

/**
 * The terms of the objective for one image.
 *
 * @param content unweighted
 * @param style unweighted
 * @param totalVariation unweighted
 * @param total the weighted sum
 * @param styleByLayer each layer's share of the style term, with its layer weight
 */
public record LossTerms(
    double content,
    double style,
    double totalVariation,
    double total,
    Map<Layer, Double> styleByLayer) {

  boolean isFinite() {
    return Double.isFinite(total);
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "content loss %g, style loss %g, tv loss %g, total %g",
        content,
        style,
        totalVariation,
        total);
  }
}
