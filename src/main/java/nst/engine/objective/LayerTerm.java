package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;

/** A term of the objective at one layer: a function of the image's feature map F there. */
interface LayerTerm {

  /**
   * Computes the term for a map, and its gradient.
   *
   * @param map F, (1, N, height, width), in the network's precision
   * @param progress from 0 at the first iterate to 1 at the last
   * @param lossScale the factor of the gradient, {@link LossScale}
   */
  AtMap at(NDArray map, double progress, double lossScale);

  /** Combines several terms of one layer. */
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

  /** Adds x to the sum in place and closes x; returns the sum. */
  static NDArray added(NDArray sum, NDArray x) {
    sum.addi(x);
    x.close();
    return sum;
  }

  /**
   * The value of a term at a map F.
   *
   * @param values the scalars whose sum is the term
   * @param gradient a function from F to lossScale * weight * dTerm/dF, a new tensor of F's shape
   *     and precision. F is passed again, because a term does not keep the map: the network can
   *     close each map during the backward pass
   */
  record AtMap(List<TermValue> values, UnaryOperator<NDArray> gradient) {}
}
