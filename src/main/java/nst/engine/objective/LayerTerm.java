package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;

/** A term of the objective at one layer: a function of the image's feature map F there. */
interface LayerTerm {

  /**
   * The term at a map, and its gradient.
   *
   * @param map F, (1, N, height, width), in the network's precision
   * @param progress from 0 at the first iterate to 1 at the last
   * @param lossScale what the gradient is multiplied by, {@link LossScale}
   */
  AtMap at(NDArray map, double progress, double lossScale);

  /** Several terms of one layer as one. */
  static LayerTerm sum(List<LayerTerm> terms) {
    return (map, progress, lossScale) -> {
      List<AtMap> all = terms.stream().map(term -> term.at(map, progress, lossScale)).toList();
      return new AtMap(
          all.stream().flatMap(one -> one.values().stream()).toList(),
          again ->
              all.stream()
                  .map(one -> one.gradient().apply(again))
                  .reduce(LayerTerm::added)
                  .orElseThrow());
    };
  }

  /** sum += x, which is closed; returns the sum. */
  static NDArray added(NDArray sum, NDArray x) {
    sum.addi(x);
    x.close();
    return sum;
  }

  /**
   * A term at a map F.
   *
   * @param values the scalars that the term is the sum of
   * @param gradient from F to lossScale * weight * dTerm/dF, a new tensor of F's shape and
   *     precision. F is handed in again: a term holds no map, so that the network can close each on
   *     its way back
   */
  record AtMap(List<TermValue> values, UnaryOperator<NDArray> gradient) {}
}
