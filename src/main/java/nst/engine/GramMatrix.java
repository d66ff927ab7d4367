package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import nst.model.Hyperparameters.Gram;

/**
 * The Gram matrix of a feature map: which channels are active together, wherever that is (Gatys et
 * al. 2016, eq. 3), and the distance of two of them.
 *
 * <p>F F^T is symmetric, so both of its factors get the same gradient. One is held fixed and the
 * gradient of the other doubled: half the work.
 *
 * @param form which of the field's normalisations
 */
record GramMatrix(Gram form) {

  /**
   * G of a map.
   *
   * @param map F, (1, N, height, width)
   * @param shares how much each position counts, (M, 1); empty: all alike
   * @return G, (N, N)
   */
  NDArray of(NDArray map, Optional<NDArray> shares) {
    long channels = map.getShape().get(1); // N
    NDArray rows = map.transpose(0, 2, 3, 1).reshape(-1, channels); // (M, N), a view
    NDArray fixed = rows.stopGradient(); // (M, N)
    double positions = rows.getShape().get(0); // M
    NDArray counted = fixed;
    if (shares.isPresent()) {
      counted = fixed.mul(shares.get()); // (M, N)
      positions = positions(shares.get());
    }
    NDArray products = counted.transpose().matMul(rows); // (N, N)
    NDArray gram =
        switch (form) {
          case RAW -> products;
          case PER_POSITION -> over(products, positions);
          case PER_ELEMENT -> over(products, channels * positions);
          case CENTERED -> {
            NDArray mean = meanOf(rows, shares, positions); // (1, N)
            yield over(products, positions).sub(mean.stopGradient().transpose().matMul(mean));
          }
        };
    return gram.add(gram.sub(gram.stopGradient())); // the value once, the gradient twice
  }

  private static NDArray meanOf(NDArray rows, Optional<NDArray> shares, double positions) {
    return shares.isPresent()
        ? over(shares.get().transpose().matMul(rows), positions)
        : over(rows.sum(new int[] {0}, true), positions);
  }

  /** How many whole positions the shares add up to; a little more than none. */
  static double positions(NDArray shares) {
    try (NDArray sum = shares.sum()) {
      return Math.max(1e-3, sum.getFloat());
    }
  }

  private static NDArray over(NDArray x, double divisor) {
    return x.mul(Scalars.of(x.getManager(), 1 / divisor));
  }
}
