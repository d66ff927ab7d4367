package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.knob.Layer;

/**
 * A scalar of the objective's sum, on the device.
 *
 * @param scalar of shape ()
 */
record TermValue(Term term, NDArray scalar) {

  /**
   * What a scalar is in the sum.
   *
   * @param layer empty if the term is computed from the image itself
   * @param factor the factor from the scalar to the unweighted term
   * @param weight the factor from the unweighted term to the total
   */
  record Term(Kind kind, Optional<Layer> layer, double factor, double weight) {}

  /** The three terms of the objective. */
  enum Kind {
    CONTENT,
    STYLE,
    TOTAL_VARIATION
  }

  /**
   * All scalars, and additional ones, in one tensor (values + more), so that one copy reads them.
   */
  static NDArray stacked(List<TermValue> values, NDArray... more) {
    NDList scalars = new NDList(more.length + values.size());
    values.forEach(value -> scalars.add(value.scalar().stopGradient()));
    scalars.addAll(List.of(more));
    return NDArrays.stack(scalars);
  }

  /** The terms of the values, in their order. */
  static List<Term> terms(List<TermValue> values) {
    return values.stream().map(TermValue::term).toList();
  }

  /**
   * The sums of the scalars by term.
   *
   * @param scalars the numbers read from the device, in the order of the terms
   */
  static LossTerms sums(List<Term> terms, double[] scalars) {
    Map<Kind, Double> byKind = new EnumMap<>(Kind.class);
    Map<Layer, Double> styleByLayer = new EnumMap<>(Layer.class);
    double total = 0;
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      double unweighted = scalars[i] * term.factor();
      byKind.merge(term.kind(), unweighted, Double::sum);
      total += unweighted * term.weight();
      if (term.kind() == Kind.STYLE) {
        styleByLayer.merge(term.layer().orElseThrow(), unweighted, Double::sum);
      }
    }
    return new LossTerms(
        byKind.getOrDefault(Kind.CONTENT, 0.0),
        byKind.getOrDefault(Kind.STYLE, 0.0),
        byKind.getOrDefault(Kind.TOTAL_VARIATION, 0.0),
        total,
        styleByLayer);
  }
}
