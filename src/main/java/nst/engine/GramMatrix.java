package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Gram;
import nst.model.Hyperparameters.StyleTerm;

/**
 * The Gram matrix of a feature map: which channels are active together, wherever that is (Gatys et
 * al. 2016, eq. 3), and the distance of two of them.
 *
 * <p>F F^T is symmetric, so both of its factors get the same gradient. One is held fixed and the
 * gradient of the other doubled: half the work.
 *
 * @param form which of the field's normalisations
 * @param distance which of the field's distances
 */
record GramMatrix(Gram form, StyleTerm distance) {

  /** A mask that leaves nothing must not divide by nothing. */
  private static final double LEAST_POSITIONS = 1e-3;

  static GramMatrix of(Hyperparameters hyperparameters) {
    return new GramMatrix(hyperparameters.gram(), hyperparameters.styleTerm());
  }

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
    NDArray counted = shares.isPresent() ? fixed.mul(shares.get()) : fixed; // (M, N)
    double positions = positions(map, shares); // M
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

  /**
   * What turns the mean of (G - A)^2 over its N^2 entries into the style term that is asked for.
   *
   * @param map F, (1, N, height, width)
   * @param shares how much each position counts, (M, 1)
   */
  double factor(NDArray map, Optional<NDArray> shares) {
    double channels = map.getShape().get(1); // N
    double positions = positions(map, shares); // M
    return switch (distance) {
      case MEAN_SQUARES -> 1;
      case GATYS -> 1 / (4 * positions * positions); // Gatys et al. 2016, eq. 4
      case MEAN_PER_ELEMENT -> 1 / (channels * positions);
    };
  }

  /** M: how many positions there are, or their shares in all. */
  private static double positions(NDArray map, Optional<NDArray> shares) {
    if (shares.isEmpty()) {
      return map.getShape().get(2) * (double) map.getShape().get(3);
    }
    try (NDArray sum = shares.get().sum()) {
      return Math.max(LEAST_POSITIONS, Scalars.value(sum));
    }
  }

  private static NDArray over(NDArray x, double divisor) {
    return x.mul(Scalars.of(x, 1 / divisor));
  }
}
